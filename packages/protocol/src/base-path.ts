/**
 * Where on a web site a cluster is: below a virtual directory of the web server, which is `/_wmcs` unless an administrator
 * chose another web site or a proxy put a path in front of it. Licences carry the whole address for ever, so every part of it
 * may differ from cluster to cluster: `https://rms.lakeside.example:8443/rights/_wmcs/licensing`.
 */
import { RightsError } from '@sealward/xrml'
import { normalizeLicensingUrl } from './licensing-url.ts'

/** Of every cluster that nobody has put elsewhere, and of this service unless it is configured otherwise. */
export const usualBasePath = '/_wmcs'

/** Folders of the services below a base path (MS-RMPR 2.1, MS-RMPRS 2.1, MS-RMSI 2.1). */
const serviceFolders: readonly string[] = [
  'certification',
  'certificationexternal',
  'decommission',
  'groupexpansion',
  'licensing',
  'licensingexternal',
]

const longestBasePath = 200

/** No character that clients, proxies or the registry of Windows would write in two ways, no dot at the end, and no file. */
const segment = '(?![^/]*\\.(?:asmx)?(?:/|$))[A-Za-z0-9._~-]+'
const basePathForm = new RegExp(`^(?:/${segment})+$`, 'i')

/** Whether a path can be the base path of a cluster: at least one segment, no slash at the end, not a folder of a service. */
export function isBasePath(path: string): boolean {
  if (path.length > longestBasePath || !basePathForm.test(path)) return false
  return !serviceFolders.includes(path.slice(path.lastIndexOf('/') + 1).toLowerCase())
}

/**
 * The address of a cluster, in normal form: scheme, host, port and base path, without a slash at the end.
 *
 * ```ts
 * clusterUrl('HTTPS://RMS:443/Rights/_wmcs/licensing/license.asmx') // https://rms/rights/_wmcs
 * clusterUrl('https://rms') // https://rms/_wmcs
 * ```
 * @param url of the cluster, of one of its services or of a file of one; a host alone has the usual base path
 * @throws RightsError `licensing-url-invalid` also for a path that is no base path
 */
export function clusterUrl(url: string): string {
  const { origin, pathname } = new URL(normalizeLicensingUrl(url))
  if (pathname === '/') return `${origin}${usualBasePath}`
  const segments = pathname.split('/')
  if (segments.length > 2 && serviceFolders.includes(segments.at(-1) ?? '')) segments.pop()
  const path = segments.join('/')
  if (!isBasePath(path)) throw new RightsError('licensing-url-invalid', { detail: 'no path of a cluster' })
  return `${origin}${path}`
}

/**
 * The shortest address of a cluster, as people and configurations write it: without the usual base path.
 * @param url as for `clusterUrl`
 * @throws RightsError `licensing-url-invalid`
 */
export function serviceUrlOf(url: string): string {
  const cluster = clusterUrl(url)
  const { origin } = new URL(cluster)
  return clusterUrl(origin) === cluster ? origin : cluster
}

/** @param url as for `clusterUrl` @throws RightsError `licensing-url-invalid` */
export function licensingUrlOf(url: string): string {
  return `${clusterUrl(url)}/licensing`
}

/** @param url as for `clusterUrl` @throws RightsError `licensing-url-invalid` */
export function certificationUrlOf(url: string): string {
  return `${clusterUrl(url)}/certification`
}
