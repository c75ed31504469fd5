/** Which cluster of the plan an address belongs to, and whether clients that compare letter by letter will find it. */
import { isRightsError } from '@sealward/xrml'
import { readServiceUrl, type ServiceUrl } from '../client-scripts/cluster-url.ts'
import { partnerUrls, redirectedUrls, type UrlVariant } from '../client-scripts/url-variants.ts'
import type { MigrationPlan, PlannedPartner } from '../project/plan.ts'

export type SeenUrl =
  /** The plan holds it, or it is made from what the plan holds. */
  | 'covered'
  /** A cluster of the plan in a spelling that no redirection will have. */
  | 'other-spelling'
  | 'unknown-host'
  | 'tenant'
  /** A partner of the plan in a spelling that the redirections have, or its tenant. */
  | 'partner'
  /** A host of a partner's domain that the plan does not list. */
  | 'partner-not-listed'

export function urlInventory(plan: MigrationPlan): {
  readonly classify: (url: string) => SeenUrl
} {
  const listed = plan.clusters.flatMap(({ licensingUrls }) => licensingUrls.flatMap(readable))
  const spellings = namesOf(redirectedUrls({ clusters: listed.map(typed) }))
  const hosts = new Set([
    ...listed.map(({ host }) => host),
    ...plan.clusters.flatMap(({ shortNames = [] }) => shortNames.map((name) => name.toLowerCase())),
  ])
  const { partners = [] } = plan
  const ofPartners = new Set(partners.flatMap((partner) => [...partnerSpellings(partner)]))
  const partnerTenants = partners.flatMap(({ tenantUrl }) => (tenantUrl === undefined ? [] : [authorityOf(tenantUrl)]))
  const partnerDomains = partners.flatMap(({ domains }) => domains.map((domain) => domain.toLowerCase()))
  const tenantHost = hostOf(plan.tenant.url)
  return {
    classify(url) {
      if (spellings.has(url.toLowerCase())) return 'covered'
      if (ofPartners.has(url.toLowerCase()) || partnerTenants.includes(authorityOf(url))) return 'partner'
      const host = hostOf(url)
      if (host === tenantHost) return 'tenant'
      if (hosts.has(host) || hosts.has(host.split('.')[0] ?? '')) return 'other-spelling'
      const ofDomain = partnerDomains.some((domain) => host === domain || host.endsWith(`.${domain}`))
      return ofDomain ? 'partner-not-listed' : 'unknown-host'
    },
  }
}

/** Every spelling of a partner's addresses that is redirected, in lower case. */
export function partnerSpellings({ licensingUrls = [] }: Pick<PlannedPartner, 'licensingUrls'>): ReadonlySet<string> {
  return namesOf(partnerUrls({ clusters: licensingUrls.flatMap(readable).map(typed) }))
}

function typed(url: ServiceUrl) {
  return { ...url, source: 'typed' as const }
}

/** Names of registry values know no case. */
function namesOf(variants: readonly UrlVariant[]): ReadonlySet<string> {
  return new Set(variants.map(({ url }) => url.toLowerCase()))
}

/** Host with the port as it is written. */
function authorityOf(url: string): string {
  const [, authority = ''] = /^\s*[a-z]+:\/\/([^/?#\s]*)/i.exec(url) ?? []
  return authority.toLowerCase()
}

/** Even of an address that nobody should have written. */
export function hostOf(url: string): string {
  const [, host = ''] = /^\s*[a-z]+:\/\/([^/:?#\s]*)/i.exec(url) ?? []
  return host.toLowerCase()
}

function readable(url: string): readonly ServiceUrl[] {
  try {
    return [readServiceUrl(url, 'seen')]
  } catch (error) {
    if (isRightsError(error)) return []
    throw error
  }
}
