/** What is not wrong in a plan but should be looked at before its scripts are rolled out. */
import type { CheckedPlan } from './redirection-plan.ts'
import { clusterOf } from './url-variants.ts'

export type PlanWarningCode =
  | 'short-name-only'
  | 'typed-not-seen'
  | 'key-not-exported'
  | 'blank-in-licence'
  | 'host-not-resolvable'

export interface PlanWarning {
  readonly code: PlanWarningCode
  /** The address or host it is about. */
  readonly subject: string
}

export const warningSentences: Readonly<Record<PlanWarningCode, string>> = {
  'short-name-only': 'only the short name of this host is known; add the address with its full name',
  'typed-not-seen': 'no licence and no server names this typed address; check its spelling',
  'key-not-exported': 'licences name this address, but no export holds their key; it is not redirected',
  'blank-in-licence': 'licences carry this address with a blank at an end; it is redirected in this spelling too',
  'host-not-resolvable': 'this name does not resolve from here; check its spelling',
}

/** Warnings that follow from the plan alone. */
export function planWarnings({ clusters }: CheckedPlan): readonly PlanWarning[] {
  const hosts = [...new Set(clusters.map(({ host }) => host))].sort()
  const short = hosts.filter((host) => !host.includes('.') && !hosts.some((other) => other.startsWith(`${host}.`)))
  const seen = clusters.filter(({ source }) => source !== 'typed')
  const seenClusters = new Set(seen.map(clusterOf))
  const seenHosts = new Set(seen.map(({ host }) => host))
  // Without anything to compare with, every address would be warned about.
  const strange =
    seen.length === 0
      ? []
      : clusters.filter(
          (cluster) =>
            cluster.source === 'typed' && !seenClusters.has(clusterOf(cluster)) && !seenHosts.has(cluster.host),
        )
  return [
    ...short.map((subject): PlanWarning => ({ code: 'short-name-only', subject })),
    ...strange.map(({ spelling }): PlanWarning => ({ code: 'typed-not-seen', subject: spelling })),
    ...clusters
      .filter(({ spelling }) => spelling.includes(' '))
      .map(({ spelling }): PlanWarning => ({ code: 'blank-in-licence', subject: spelling })),
  ]
}

/** Hosts of the plan, for a look at whether they resolve. */
export function hostsOf({ tenant, clusters, partners }: CheckedPlan): readonly string[] {
  const ofPartners = partners.flatMap((partner) => [partner.tenant, ...partner.clusters])
  return [...new Set([tenant, ...clusters, ...ofPartners].map(({ host }) => host))].sort()
}
