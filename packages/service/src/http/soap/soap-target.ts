/**
 * The part of a request's target that names a SOAP service, apart from the base path in front of it, which differs from web site
 * to web site. Only one reading is possible: what is spelled in disguise, with dot segments, encoded slashes or an authority
 * of its own, is below no base path. Whether the base path is one of the host that was asked is for `web-sites.ts` to say.
 */
import type { IncomingMessage } from 'node:http'
import { isBasePath, usualBasePath } from '@sealward/protocol'
import { rootFolders } from '../../core/root-folders.ts'
import { webDirectories, webEndpoints } from './web-endpoints.ts'

export interface SoapTarget {
  /** In lower case, without a slash at the end. */
  readonly basePath: string
  /** Folder and file of an endpoint, or a folder, as the routes have it; empty for the base path itself. */
  readonly below: string
}

const endpoints = new Map(webEndpoints.map(({ path }) => [path.toLowerCase(), path]))

/** @param host the Host header, which an absolute target has to agree with (RFC 9112, 3.2.2) */
export function readSoapTarget(target: string, host: string | undefined): SoapTarget | undefined {
  const [, authority, path = ''] = /^(?:https?:\/\/([^/?]*))?(\/[^?]*)/i.exec(target) ?? []
  if (authority !== undefined && authority.toLowerCase() !== host?.toLowerCase()) return undefined
  const decoded = decodedPath(path)?.toLowerCase()
  if (decoded === undefined || rootFolders.includes(decoded.split('/')[1] ?? '')) return undefined
  return endpointIn(decoded) ?? folderIn(decoded.replace(/\/$/, ''))
}

function endpointIn(path: string): SoapTarget | undefined {
  const [, basePath = '', file = ''] = /^(.*)\/([^/]+\/[^/]+)$/.exec(path) ?? []
  const below = endpoints.get(file)
  return below === undefined || !isBasePath(basePath) ? undefined : { basePath, below }
}

function folderIn(path: string): SoapTarget | undefined {
  const [, basePath = '', folder = ''] = /^(.*)\/([^/]+)$/.exec(path) ?? []
  const below = webDirectories.find((each) => each === folder)
  if (below !== undefined && below !== '') return isBasePath(basePath) ? { basePath, below } : undefined
  return isBasePath(path) ? { basePath: path, below: '' } : undefined
}

/** Decoded once, as the routes are. What would then read otherwise is nothing that a client writes. */
function decodedPath(path: string): string | undefined {
  try {
    const decoded = path.split('/').map(decodeURIComponent)
    return decoded.some((segment) => /[^A-Za-z0-9._~-]/.test(segment)) ? undefined : decoded.join('/')
  } catch {
    return undefined
  }
}

const targets = new WeakMap<IncomingMessage, SoapTarget>()

/** Where the routes have what a request asks for: they know the usual base path alone. To be called once for each request. */
export function routedTarget(request: IncomingMessage): string {
  const { url = '/', headers } = request
  const target = readSoapTarget(url, headers.host)
  if (target === undefined) return url
  targets.set(request, target)
  const query = url.indexOf('?')
  return routeOf(target.below) + (query < 0 ? '' : url.slice(query))
}

/** The route of what is below a base path. */
export function routeOf(below: string): string {
  return below === '' ? usualBasePath : `${usualBasePath}/${below}`
}

/** What `routedTarget` has read. */
export function soapTargetOf(request: IncomingMessage): SoapTarget | undefined {
  return targets.get(request)
}
