/**
 * What of former services this one answers for, because licences carry their addresses for years. An entry is a host name, for
 * a cluster at the usual base path and for mobile clients, or the address of a web site, `http://rms.corp.example:8080/rights/_wmcs`:
 * then SOAP is answered below this path and nothing else of the name is.
 */
import { clusterUrl, usualBasePath } from '@sealward/protocol'
import { isRightsError, RightsError } from '@sealward/xrml'
import { answersFor, bareHostName, canonicalHostName } from './host-names.ts'
import { rootFolders } from './root-folders.ts'

const isSite = (entry: string): boolean => entry.includes('://')

/**
 * The canonical form of an entry: that of a host name, or scheme, canonical host and base path in lower case. The address of a
 * service or a file of it stands for its web site.
 * @throws RightsError `host-name-refused`
 */
export function canonicalFormerSite(text: string): string {
  if (!isSite(text)) return canonicalHostName(text)
  // Whoever gives no path means the name.
  const { protocol, host, pathname } = new URL((isNameAlone(text) ? undefined : clusterOf(text)) ?? 'none:')
  // Nobody would ever be answered at a path of the service itself.
  if (host === '' || text.trim() !== text || rootFolders.includes(pathname.split('/')[1] ?? '')) {
    throw new RightsError('host-name-refused', { detail: text.slice(0, 260) })
  }
  return `${protocol}//${canonicalHostName(host)}${pathname}`
}

function isNameAlone(url: string): boolean {
  return /^[^:]*:\/\/[^/]*\/?$/.test(url)
}

/** Hosts of the entries, with ports where they count. @param entries canonical ones */
export function formerHosts(entries: readonly string[]): readonly string[] {
  return entries.map((entry) => (isSite(entry) ? new URL(entry).host : entry))
}

/** Names of the entries, without ports. @param entries canonical ones */
export function formerNames(entries: readonly string[]): readonly string[] {
  return formerHosts(entries).flatMap((host) => bareHostName(host) ?? [])
}

export interface AskedSite {
  /** The Host header of a request. */
  readonly host: string
  /** In lower case; undefined for what is below none, such as the paths of mobile clients. */
  readonly basePath: string | undefined
  /** Whether the client's connection was encrypted. */
  readonly secure: boolean
}

/** Whether a request is for one of the entries. A web site with https is not answered in the clear. @param entries canonical ones */
export function answersAt(entries: readonly string[], { host, basePath, secure }: AskedSite): boolean {
  return entries.some((entry) => {
    if (!answersFor(formerHosts([entry]), host)) return false
    if (!isSite(entry)) return basePath === undefined || basePath === usualBasePath
    const { protocol, pathname } = new URL(entry)
    return basePath === pathname && (secure || protocol === 'http:')
  })
}

/**
 * Whether a URL, as licences write it, is that of one of the entries. A host name stands for all that its cluster has published,
 * whatever the path; the scheme does not matter, since clusters published both.
 * @param entries canonical ones
 */
export function answersForUrl(entries: readonly string[], url: string): boolean {
  if (!URL.canParse(url)) return false
  const { host } = new URL(url)
  const cluster = clusterOf(url)
  const basePath = cluster === undefined ? undefined : new URL(cluster).pathname
  return entries.some(
    (entry) => answersFor(formerHosts([entry]), host) && (!isSite(entry) || new URL(entry).pathname === basePath),
  )
}

/**
 * The entries by which licences with these addresses would be answered: the name of a cluster at the usual base path, the web site
 * of another one. What is answered already, or is no address of a cluster, is left out.
 * @param answered canonical entries, and addresses of the service itself
 */
export function suggestedFormerSites(
  urls: readonly string[],
  answered: { readonly entries: readonly string[]; readonly own: readonly string[] },
): readonly string[] {
  const own = answered.own.map(clusterOf)
  const suggested = urls.flatMap((url) => {
    const cluster = clusterOf(url)
    if (cluster === undefined || own.includes(cluster) || answersForUrl(answered.entries, url)) return []
    const { host, pathname } = new URL(cluster)
    return canonicalOrNothing(pathname === usualBasePath ? host : cluster)
  })
  return [...new Set(suggested)].sort()
}

/** Exports may carry addresses that nobody can answer for. */
function canonicalOrNothing(text: string): readonly string[] {
  try {
    return [canonicalFormerSite(text)]
  } catch (error) {
    if (isRightsError(error, 'host-name-refused')) return []
    throw error
  }
}

function clusterOf(url: string): string | undefined {
  try {
    return clusterUrl(url)
  } catch (error) {
    if (isRightsError(error, 'licensing-url-invalid')) return undefined
    throw error
  }
}
