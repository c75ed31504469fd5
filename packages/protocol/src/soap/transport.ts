/**
 * The HTTP headers around a SOAP message. What they say must agree with the message: a proxy or filter that judges by
 * the headers must see the call that is then carried out.
 */
import { RightsError } from '@sealward/xrml'
import type { SoapVersion } from './envelope.ts'

export interface SoapHeaders {
  /** The Content-Type header. */
  readonly contentType?: string | undefined
  /** The SOAPAction header of SOAP 1.1. */
  readonly soapAction?: string | undefined
}

interface ContentType {
  readonly media: string
  readonly charset: string | undefined
  readonly action: string | undefined
}

const mediaTypes: Readonly<Record<SoapVersion, string>> = { '1.1': 'text/xml', '1.2': 'application/soap+xml' }
const charsets = new Set(['utf-8', 'us-ascii', 'utf-16', 'utf-16le', 'utf-16be'])

/** In which version to answer a request whose body cannot be read. */
export function soapVersionOfContentType(contentType: string | undefined): SoapVersion {
  return readContentType(contentType)?.media === mediaTypes['1.2'] ? '1.2' : '1.1'
}

/** The headers to send with a request; an answer carries the content type alone. */
export function writeSoapHeaders(soapVersion: SoapVersion, action?: string): SoapHeaders & { contentType: string } {
  const contentType = `${mediaTypes[soapVersion]}; charset=utf-8`
  if (action === undefined) return { contentType }
  if (soapVersion === '1.2') return { contentType: `${contentType}; action="${action}"` }
  return { contentType, soapAction: `"${action}"` }
}

/** @throws RightsError `soap-transport-mismatch` when the character set is foreign, or not that of the bytes. */
export function requireCharset(headers: SoapHeaders, body: Uint8Array): void {
  const charset = readContentType(headers.contentType)?.charset
  if (charset === undefined) return
  const [first, second] = body
  const wide = first === 0 || second === 0 || (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
  if (!charsets.has(charset) || charset.startsWith('utf-16') !== wide) throw mismatch(`character set ${charset}`)
}

/** @throws RightsError `soap-transport-mismatch` when a header that is present names another version or action. */
export function requireAgreement(headers: SoapHeaders, soapVersion: SoapVersion, action: string): void {
  const contentType = readContentType(headers.contentType)
  if (contentType !== undefined && contentType.media !== mediaTypes[soapVersion]) {
    throw mismatch(`Content-Type ${contentType.media} with SOAP ${soapVersion}`)
  }
  for (const stated of [contentType?.action, headers.soapAction?.trim()]) {
    const bare = stated === undefined ? '' : unquote(stated)
    // An empty action states nothing (SOAP 1.1, 6.1.1).
    if (bare !== '' && bare !== action) throw mismatch('the action is not that of the call')
  }
}

function readContentType(header: string | undefined): ContentType | undefined {
  if (header === undefined) return undefined
  const [media = '', ...parameters] = header.split(';')
  let charset: string | undefined
  let action: string | undefined
  for (const parameter of parameters) {
    const equals = parameter.indexOf('=')
    const name = parameter.slice(0, Math.max(equals, 0)).trim().toLowerCase()
    const value = unquote(parameter.slice(equals + 1).trim())
    if (name === 'charset') charset = value.toLowerCase()
    if (name === 'action') action = value
  }
  return { media: media.trim().toLowerCase(), charset, action }
}

function unquote(text: string): string {
  return text.length >= 2 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text
}

function mismatch(detail: string): RightsError {
  return new RightsError('soap-transport-mismatch', { detail: detail.slice(0, 100) })
}
