/**
 * Every spelling of a cluster's licensing URL that a client may compare: those that licences, servers and people wrote,
 * letter by letter, and those derived from them (short and full name, http and https, with and without the default port).
 */
import { licensingUrlSpellings, normalizeLicensingUrl } from '@sealward/protocol'
import { isIpv4, type ServiceUrl } from './cluster-url.ts'
import type { CheckedPartner, CheckedPlan, UrlSource } from './redirection-plan.ts'

export interface UrlVariant {
  readonly url: string
  /** The strongest ground for it; `derived` spellings were seen nowhere. */
  readonly origin: UrlSource | 'derived'
  /** Licensing URL that it leads to, for an address of a partner; all others lead to the own tenant. */
  readonly to?: string
}

const strength: readonly UrlVariant['origin'][] = ['licence', 'server', 'typed', 'derived']

/**
 * Sorted by address. Names of registry values know no case, so of two spellings that differ only in it one is kept: the
 * one with the stronger ground.
 */
export function redirectedUrls({ clusters }: Pick<CheckedPlan, 'clusters'>): readonly UrlVariant[] {
  return variantsOf(clusters, licensingSpellings)
}

/**
 * Those of a partner. In our network a short name is one of our own machines, so none is derived from the partner's names.
 */
export function partnerUrls({ clusters }: Pick<CheckedPlan, 'clusters'>): readonly UrlVariant[] {
  return variantsOf(clusters, (url) => licensingUrlSpellings(licensingUrl(url)))
}

function variantsOf(
  clusters: CheckedPlan['clusters'],
  spellings: (url: ServiceUrl) => readonly string[],
): readonly UrlVariant[] {
  const candidates = clusters
    .flatMap((cluster): UrlVariant[] => [
      { url: namesLicensing(cluster) ? cluster.spelling : licensingUrl(cluster), origin: cluster.source },
      ...spellings(cluster).map((url) => ({ url, origin: 'derived' as const })),
    ])
    .sort((a, b) => strength.indexOf(a.origin) - strength.indexOf(b.origin))
  const variants = new Map<string, UrlVariant>()
  for (const candidate of candidates) {
    const name = candidate.url.toLowerCase()
    if (!variants.has(name)) variants.set(name, candidate)
  }
  return [...variants].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, variant]) => variant)
}

/** Those of the own clusters, and after them those of partners, each leading to the partner's own tenant. */
export function allRedirectedUrls(plan: Pick<CheckedPlan, 'clusters' | 'partners'>): readonly UrlVariant[] {
  return [...redirectedUrls(plan), ...plan.partners.flatMap(ledToTheirTenant)]
}

function ledToTheirTenant(partner: CheckedPartner): readonly UrlVariant[] {
  return partnerUrls(partner).map((variant) => ({ ...variant, to: partner.tenant.licensing }))
}

/** Derived ones: for its own host and the host's short name. */
export function licensingSpellings(url: ServiceUrl): readonly string[] {
  return licensingUrlSpellings(licensingUrl(url), shortName(url.host))
}

/** The licensing URL in the form in which two spellings of one cluster are equal. */
export function clusterOf(url: ServiceUrl): string {
  return normalizeLicensingUrl(licensingUrl(url))
}

function licensingUrl(url: ServiceUrl): string {
  const port = url.port === undefined ? '' : `:${url.port}`
  // Federation has folders of its own beside the usual ones (MS-RMPR 3.1.4.2).
  const folder = url.folder.endsWith('external') ? 'licensingexternal' : 'licensing'
  return `${url.scheme}://${url.host}${port}${url.basePath}/${folder}`
}

function namesLicensing({ folder }: ServiceUrl): boolean {
  return folder.startsWith('licensing')
}

function shortName(host: string): readonly string[] {
  const [first = '', ...domain] = host.split('.')
  return domain.length === 0 || isIpv4(host) || /^\d+$/.test(first) ? [] : [first]
}
