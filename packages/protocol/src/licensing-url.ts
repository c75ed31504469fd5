/**
 * The addresses of clusters as licences carry them. They are written down once, at publishing, and then compared for
 * years: with a short name or a full one, http or https, with the default port spelt out, a trailing blank, a
 * capitalised scheme. Two addresses are the same if their normal forms are.
 */
import { RightsError } from '@sealward/xrml'
import { soapOperations, type SoapOperationName } from './soap/operations.ts'

const longestUrl = 2_048

/**
 * The normal form: scheme, host and path in lower case, no default port, no trailing slash, no trailing `x.asmx`.
 * @throws RightsError `licensing-url-invalid`
 */
export function normalizeLicensingUrl(url: string): string {
  const { protocol, host, pathname } = readUrl(url)
  const segments = pathname.toLowerCase().split('/')
  while (segments.at(-1) === '') segments.pop()
  if (segments.at(-1)?.endsWith('.asmx') === true) segments.pop()
  while (segments.at(-1) === '') segments.pop()
  return `${protocol}//${[host, ...segments.slice(1)].join('/')}`
}

function readUrl(spelling: string): URL {
  const text = spelling.trim()
  if (text.length > longestUrl || /[\s\\\p{Cc}]/u.test(text) || !/^https?:\/\/[^/]/i.test(text)) {
    throw invalidUrl()
  }
  let url: URL
  try {
    url = new URL(text)
  } catch (cause) {
    throw invalidUrl(cause)
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') throw invalidUrl()
  return url
}

function invalidUrl(cause?: unknown): RightsError {
  return new RightsError('licensing-url-invalid', { cause })
}

/**
 * Every spelling under which clients may compare the address: http and https, with and without the default port, for
 * its host and for each further name of the same cluster (short name, extranet name). An address with a port of its own
 * keeps scheme and port. All spellings have the path of the normal form.
 * @throws RightsError `licensing-url-invalid`
 */
export function licensingUrlSpellings(url: string, otherHosts: readonly string[] = []): readonly string[] {
  const { protocol, hostname, port, pathname } = new URL(normalizeLicensingUrl(url))
  const path = pathname === '/' ? '' : pathname
  const hosts = [...new Set([hostname, ...otherHosts.map((host) => readUrl(`http://${host}`).hostname)])]
  if (port !== '') return hosts.map((host) => `${protocol}//${host}:${port}${path}`)
  return hosts.flatMap((host) => [
    `https://${host}${path}`,
    `https://${host}:443${path}`,
    `http://${host}${path}`,
    `http://${host}:80${path}`,
  ])
}

/**
 * Where the cluster of a licensing URL hands over content keys once it is decommissioned (MS-RMSI 2.1). It can be asked
 * for nothing by then, so the address follows from that of its licences.
 * @throws RightsError `licensing-url-invalid`
 */
export function decommissionUrl(licensingUrl: string): string {
  const normal = normalizeLicensingUrl(licensingUrl)
  if (!normal.endsWith('/licensing')) throw invalidUrl()
  return normal.replace(/licensing$/, 'decommission')
}

/**
 * The URL to which a client sends a call.
 * @param directory a licensing, certification or decommission URL in any spelling, with or without `x.asmx`
 */
export function operationUrl(directory: string, operation: SoapOperationName): string {
  return `${normalizeLicensingUrl(directory)}/${soapOperations[operation].file}`
}
