/** The watch as the steps of a migration ask for it. */
import type { Leftover, WatchInput, WatchPort, WatchResult } from '../steps/watch-port.ts'
import { eventOfRow } from './request-rows.ts'
import { dayMilliseconds } from './subject-activity.ts'
import type { SubjectVerdict, Verdicts } from './verdict.ts'
import { createWatch } from './verdicts.ts'

/**
 * ```ts
 * const ports = { tenant, clusters, watch: logWatch }
 * ```
 */
export const logWatch: WatchPort = {
  async verdicts({ cluster, tenant, principals, since, now }: WatchInput): Promise<WatchResult> {
    const quietDays = (now.getTime() - since.getTime()) / dayMilliseconds
    const watch = createWatch({ now, quietDays, principals })
    for (const [rows, system] of [[cluster, 'cluster'] as const, [tenant, 'tenant'] as const]) {
      for await (const row of rows) {
        const event = eventOfRow(row, system)
        if (event !== undefined) watch.add(event)
      }
    }
    const found = watch.finish()
    return { principals: [...found.users, ...found.hosts].map(principalOf), leftovers: leftoversOf(found) }
  },
}

function principalOf({ name, kind, verdict, cluster, tenant }: SubjectVerdict): WatchResult['principals'][number] {
  return {
    principal: name,
    kind,
    verdict,
    ...(cluster === undefined ? {} : { lastOnCluster: cluster.last.toISOString() }),
    ...(tenant === undefined ? {} : { lastOnTenant: tenant.last.toISOString() }),
  }
}

function leftoversOf({ leftovers }: Verdicts): readonly Leftover[] {
  const byCause = new Map<string, { cure: string; requests: number; principals: Set<string> }>()
  for (const { cause, cure, requests, principal, host } of leftovers) {
    const known = byCause.get(cause) ?? { cure, requests: 0, principals: new Set() }
    known.requests += requests
    known.principals.add(principal === '' ? host : principal)
    byCause.set(cause, known)
  }
  return [...byCause].map(([cause, { cure, requests, principals }]) => ({
    cause,
    cure,
    requests,
    principals: [...principals].sort(),
  }))
}
