/** Which cluster of the plan an address belongs to, and whether clients that compare letter by letter will find it. */
import { isRightsError } from '@sealward/xrml'
import { readServiceUrl, type ServiceUrl } from '../client-scripts/cluster-url.ts'
import { redirectedUrls } from '../client-scripts/url-variants.ts'
import type { MigrationPlan } from '../project/plan.ts'

export type SeenUrl =
  /** The plan holds it, or it is made from what the plan holds. */
  | 'covered'
  /** A cluster of the plan in a spelling that no redirection will have. */
  | 'other-spelling'
  | 'unknown-host'
  | 'tenant'
  | 'partner'

export function urlInventory(plan: MigrationPlan): {
  readonly classify: (url: string) => SeenUrl
} {
  const listed = plan.clusters.flatMap(({ licensingUrls }) => licensingUrls.flatMap(readable))
  const clusters = listed.map((url) => ({ ...url, source: 'typed' as const }))
  // Names of registry values know no case.
  const spellings = new Set(redirectedUrls({ clusters }).map(({ url }) => url.toLowerCase()))
  const hosts = new Set([
    ...listed.map(({ host }) => host),
    ...plan.clusters.flatMap(({ shortNames = [] }) => shortNames.map((name) => name.toLowerCase())),
  ])
  const partners = (plan.partners ?? []).flatMap(({ domains }) => domains.map((domain) => domain.toLowerCase()))
  const tenantHost = hostOf(plan.tenant.url)
  return {
    classify(url) {
      if (spellings.has(url.toLowerCase())) return 'covered'
      const host = hostOf(url)
      if (host === tenantHost) return 'tenant'
      if (hosts.has(host) || hosts.has(host.split('.')[0] ?? '')) return 'other-spelling'
      return partners.some((domain) => host === domain || host.endsWith(`.${domain}`)) ? 'partner' : 'unknown-host'
    },
  }
}

/** Even of an address that nobody should have written. */
export function hostOf(url: string): string {
  const [, host = ''] = /^\s*[a-z]+:\/\/([^/:?#\s]*)/i.exec(url) ?? []
  return host.toLowerCase()
}

function readable(url: string): readonly ServiceUrl[] {
  try {
    return [readServiceUrl(url)]
  } catch (error) {
    if (isRightsError(error)) return []
    throw error
  }
}
