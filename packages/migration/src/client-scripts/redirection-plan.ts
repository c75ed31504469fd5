/**
 * What all scripts, policies, zone fragments and client files are made from: where licences are answered now, every
 * address under which they were answered before, and which batch of computers gets this.
 */
import { certificationUrlOf, isLoopbackHost, licensingUrlOf, serviceUrlOf } from '@sealward/protocol'
import { RightsError } from '@sealward/xrml'
import { isHost, readLicenceUrl, readServiceUrl, type ServiceUrl } from './cluster-url.ts'

/** Where an address comes from: a licence carries it, a server's own certificate or export names it, somebody typed it. */
export type UrlSource = 'licence' | 'server' | 'typed'

export interface ClusterUrl {
  readonly url: string
  readonly source: UrlSource
}

/** An organisation that moves too: its old addresses lead to its own tenant, never to ours. */
export interface PartnerRedirection {
  readonly tenantUrl: string
  /** Every address of every cluster of it that licences carry. */
  readonly clusterUrls: readonly ClusterUrl[]
}

export interface RedirectionPlan {
  /** The service that answers from now on, for example `https://rights.lakeside.example`, with its base path where that is not `/_wmcs`. */
  readonly tenantUrl: string
  /** Every address of every cluster that is replaced. */
  readonly clusterUrls: readonly ClusterUrl[]
  /** Name of the batch; stamped on each computer. */
  readonly batch: string
  /** YYYYMMDD; scripts run again only when it is raised. */
  readonly version: string
  /** Which cluster address answers tenant content for those who stay; default: the first that was typed, else the first. */
  readonly stayingUrl?: string
  /** Mail domains whose mobile discovery records are removed. */
  readonly mailDomains?: readonly string[]
  /** Fingerprints of root keys for our own client. */
  readonly anchors?: readonly string[]
  readonly partners?: readonly PartnerRedirection[]
}

export interface Tenant {
  /** Host, with the port if it is not 443. */
  readonly authority: string
  readonly host: string
  readonly basePath: string
  readonly port: number
  /** Without the usual base path. */
  readonly url: string
  readonly licensing: string
  readonly certification: string
}

export type ReadClusterUrl = ServiceUrl & { readonly source: UrlSource }

export interface CheckedPartner {
  readonly tenant: Tenant
  readonly clusters: readonly ReadClusterUrl[]
}

/** A plan of which every part was checked. Emitters take nothing else. */
export interface CheckedPlan {
  readonly tenant: Tenant
  readonly clusters: readonly ReadClusterUrl[]
  readonly partners: readonly CheckedPartner[]
  readonly batch: string
  readonly version: string
  /** Licensing URL of the cluster for those who stay. */
  readonly staying: string
  readonly mailDomains: readonly string[]
  readonly anchors: readonly string[]
}

/**
 * @throws RightsError `redirection-plan-invalid`, `script-version-invalid`, `batch-name-invalid`, `redirection-loop`,
 * and the codes of `readServiceUrl`
 */
export function checkPlan(plan: RedirectionPlan): CheckedPlan {
  const { version, batch, clusterUrls, mailDomains = [], anchors = [] } = plan
  if (!isVersion(version)) throw new RightsError('script-version-invalid', { detail: JSON.stringify(version) })
  if (!/^[a-z0-9]([a-z0-9 ._-]{0,62}[a-z0-9])?$/i.test(batch)) {
    throw new RightsError('batch-name-invalid', { detail: JSON.stringify(batch) })
  }
  const tenant = readTenant(plan.tenantUrl)
  if (clusterUrls.length === 0) throw new RightsError('redirection-plan-invalid', { detail: 'no address of a cluster' })
  const clusters = clusterUrls.map(readClusterUrl)
  const partners = (plan.partners ?? []).map((partner) => ({
    tenant: readTenant(partner.tenantUrl),
    clusters: partner.clusterUrls.map(readClusterUrl),
  }))
  // A service may have moved to another base path of its host.
  const tenants = [tenant, ...partners.map((partner) => partner.tenant)].map(placeOf)
  const looping = [...clusters, ...partners.flatMap((partner) => partner.clusters)].find((cluster) =>
    tenants.includes(placeOf(cluster)),
  )
  if (looping !== undefined) throw new RightsError('redirection-loop', { detail: looping.spelling })
  for (const domain of mailDomains) {
    if (!isHost(domain) || !domain.includes('.')) throw invalid(`mail domain ${JSON.stringify(domain)}`)
  }
  for (const anchor of anchors) {
    if (!/^[0-9a-f]{64}$/i.test(anchor)) throw invalid(`anchor ${JSON.stringify(anchor)}`)
  }
  return {
    tenant,
    clusters,
    partners,
    batch,
    version,
    staying: stayingLicensing(plan.stayingUrl, clusters),
    mailDomains: [...new Set(mailDomains.map((domain) => domain.toLowerCase()))].sort(),
    anchors: [...new Set(anchors.map((anchor) => anchor.toLowerCase()))].sort(),
  }
}

function readClusterUrl({ url, source }: ClusterUrl): ReadClusterUrl {
  return {
    ...(source === 'licence' ? readLicenceUrl(url) : readServiceUrl(url, source === 'server' ? 'seen' : 'typed')),
    source,
  }
}

function readTenant(spelling: string): Tenant {
  const read = readServiceUrl(spelling, 'service')
  const { scheme, host } = read
  // Licences and passwords travel there: never in the clear, except on this machine.
  if (scheme !== 'https' && !isLoopbackHost(host)) throw new RightsError('redirection-url-scheme', { detail: spelling })
  const usual = scheme === 'https' ? 443 : 80
  const { port = usual } = read
  const authority = port === usual ? host : `${host}:${port}`
  const cluster = `${scheme}://${authority}${read.basePath}`
  return {
    authority,
    host,
    basePath: read.basePath,
    port,
    url: serviceUrlOf(cluster),
    licensing: licensingUrlOf(cluster),
    certification: certificationUrlOf(cluster),
  }
}

/** Host and base path, whatever scheme and port. */
export function placeOf({ host, basePath }: Pick<ServiceUrl, 'host' | 'basePath'>): string {
  return `${host}${basePath}`
}

function stayingLicensing(spelling: string | undefined, clusters: CheckedPlan['clusters']): string {
  const usual = clusters.find(({ source }) => source === 'typed') ?? clusters[0]
  const staying = spelling === undefined ? usual : readServiceUrl(spelling)
  if (staying === undefined || !clusters.some(({ host }) => host === staying.host)) {
    throw invalid(`the address for those who stay is none of the clusters': ${spelling ?? ''}`)
  }
  const { scheme, host, port, basePath } = staying
  return `${scheme}://${host}${port === undefined ? '' : `:${port}`}${basePath}/licensing`
}

/** A day of the calendar. */
function isVersion(version: string): boolean {
  const [, year, month, day] = /^(20\d\d)(\d\d)(\d\d)$/.exec(version) ?? []
  if (year === undefined) return false
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.getUTCDate() === Number(day)
}

function invalid(detail: string): RightsError {
  return new RightsError('redirection-plan-invalid', { detail })
}
