/**
 * Addresses as people type them and licences carry them. A client compares the address in a licence letter by letter with
 * the redirections it was given, and one that a blank or a typing error crept into never matches: nothing fails, the
 * client just keeps talking to the old cluster. So nothing is repaired here; what is doubtful is refused.
 */
import { isBasePath, usualBasePath } from '@sealward/protocol'
import { type ErrorCode, RightsError } from '@sealward/xrml'

export interface ServiceUrl {
  /** As it was given. */
  readonly spelling: string
  readonly scheme: 'http' | 'https'
  /** Lower case, without port. */
  readonly host: string
  /** Only if it is not the default of the scheme. */
  readonly port?: number
  /** Where on the web site the cluster is, in lower case; the usual one for a host alone. */
  readonly basePath: string
  /** Folder of a service below it, in lower case; empty if none is named. */
  readonly folder: string
}

/**
 * Where an address comes from. People mistype paths, and the cluster's own folder is always called `_wmcs`, whatever stands before
 * it; what licences and servers name was reached there; a service of this product may be
 * anywhere, and is named without folder there.
 */
export type AddressKind = 'typed' | 'seen' | 'service'

const longestUrl = 2_048
const longestHost = 253

/** Base path, folder of the licensing or certification service (MS-RMPR 1.9), and file. */
const servicePath = /^(.*?)(?:\/(licensing|licensingexternal|certification|certificationexternal)(?:\/[a-z]+\.asmx)?)?$/

/**
 * @throws RightsError `redirection-url-blank`, `redirection-url-quote`, `redirection-url-not-ascii`,
 * `redirection-url-scheme`, `redirection-url-host`, `redirection-url-trailing-dot`, `redirection-url-path`,
 * `redirection-url-malformed`
 */
export function readServiceUrl(spelling: string, kind: AddressKind = 'typed'): ServiceUrl {
  const refuse = (code: ErrorCode): RightsError => new RightsError(code, { detail: shown(spelling) })
  if (spelling === '' || spelling.length > longestUrl) throw refuse('redirection-url-malformed')
  if (/[\s\p{Z}\p{Cc}\p{Cf}]/u.test(spelling)) throw refuse('redirection-url-blank')
  if (/["'`\u2018-\u201f\u00ab\u00bb\u2039\u203a]/.test(spelling)) throw refuse('redirection-url-quote')
  if (/[^\u0021-\u007e]/.test(spelling)) throw refuse('redirection-url-not-ascii')
  const [, scheme = '', rest = ''] = /^(https?):\/\/(.*)$/i.exec(spelling) ?? []
  if (scheme === '') throw refuse('redirection-url-scheme')
  if (/[?#@]/.test(rest)) throw refuse('redirection-url-malformed')
  const [, host = '', port, path = ''] = /^([^:/]*)(?::(\d{1,5}))?((?:\/.*)?)$/.exec(rest) ?? []
  if (host.endsWith('.')) throw refuse('redirection-url-trailing-dot')
  if (!isHost(host) || (port !== undefined && !isPort(port))) throw refuse('redirection-url-host')
  const below = pathOf(path.replace(/\/$/, '').toLowerCase(), kind)
  if (below === undefined) throw refuse('redirection-url-path')
  const lowerScheme = scheme.toLowerCase() as 'http' | 'https'
  const usual = lowerScheme === 'http' ? 80 : 443
  return {
    spelling,
    scheme: lowerScheme,
    host: host.toLowerCase(),
    ...(port === undefined || Number(port) === usual ? {} : { port: Number(port) }),
    ...below,
  }
}

function pathOf(path: string, kind: AddressKind): Pick<ServiceUrl, 'basePath' | 'folder'> | undefined {
  if (path === '') return { basePath: usualBasePath, folder: '' }
  const [, basePath = '', folder = ''] = servicePath.exec(path) ?? []
  if (!isBasePath(basePath)) return undefined
  const mistyped = basePath.includes(`${usualBasePath}/`)
  const known =
    basePath.endsWith(usualBasePath) ||
    (!mistyped && (kind === 'service' ? folder === '' : kind === 'seen' && folder !== ''))
  return known ? { basePath, folder } : undefined
}

/**
 * An address as a licence carries it. Some were published with a blank at an end, and keep it for ever; it is part of the
 * spelling then, and no part of the address.
 * @throws RightsError as `readServiceUrl`
 */
export function readLicenceUrl(spelling: string): ServiceUrl {
  return { ...readServiceUrl(spelling.replaceAll(/^ +| +$/g, ''), 'seen'), spelling }
}

/** A name of the domain name system, an IPv4 address, or the short name of a Windows machine. */
export function isHost(host: string): boolean {
  const labels = host.split('.')
  if (host.length > longestHost) return false
  if (!labels.every((label) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/i.test(label))) return false
  if (/^\d+$/.test(labels.at(-1) ?? '')) return isIpv4(host)
  return true
}

export function isIpv4(host: string): boolean {
  return /^(0|[1-9]\d{0,2})(\.(0|[1-9]\d{0,2})){3}$/.test(host) && host.split('.').every((part) => Number(part) <= 255)
}

function isPort(digits: string): boolean {
  return Number(digits) >= 1 && Number(digits) <= 65_535
}

/** With its doubtful characters visible. */
function shown(spelling: string): string {
  const start = spelling.length > 200 ? `${spelling.slice(0, 200)}…` : spelling
  return JSON.stringify(start).replaceAll(
    /[^\u0020-\u007e…]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
