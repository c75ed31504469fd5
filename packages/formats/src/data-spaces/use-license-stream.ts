/**
 * A cached use licence inside a document: whose it is, and the licence with its certificate chain
 * (MS-OFFCRYPTO 2.2.8, 2.2.9).
 */
import { children, readXml, RightsError, utf16le } from '@sealward/xrml'
import { createByteCursor, encodePrefixedText, encodeU32 } from '../byte-cursor.ts'

export interface CachedUseLicense {
  readonly user: { readonly account: 'Windows' | 'Passport'; readonly name: string }
  /** XrML texts: the use licence, then the chain behind it. */
  readonly certificates: readonly string[]
}

/** What Windows accepts. */
const maxUserName = 1_000

/** @throws RightsError `data-spaces-damaged`, `xml-not-well-formed`, `xml-limit-exceeded` */
export function readUseLicenseStream(bytes: Uint8Array): CachedUseLicense {
  const cursor = createByteCursor(bytes, 'data-spaces-damaged')
  const headerLength = cursor.u32()
  const before = cursor.remaining
  const user = decodeUtf16Base64(cursor.text('utf8'), 'user')
  if (before - cursor.remaining !== headerLength - 4) throw damaged('header length')
  const match = /^(windows|passport):(.*)$/is.exec(user)
  const name = match?.[2]
  if (name === undefined || name.length > maxUserName) throw damaged('user')
  const chain = readXml(cursor.text('utf8'))
  if (chain.local !== 'certificatechain') throw damaged('licence chain')
  return {
    user: { account: match?.[1]?.toLowerCase() === 'passport' ? 'Passport' : 'Windows', name },
    certificates: children(chain, 'certificate').map(({ text }) => decodeUtf16Base64(text, 'certificate')),
  }
}

export function encodeUseLicenseStream({ user, certificates }: CachedUseLicense): Uint8Array {
  const owner = encodePrefixedText(encodeUtf16Base64(`${user.account}:${user.name}`))
  const elements = certificates.map((text) => `<certificate>${encodeUtf16Base64(text)}</certificate>`).join('')
  const chain = `<?xml version="1.0"?><certificatechain>${elements}</certificatechain>`
  return Buffer.concat([encodeU32(4 + owner.length), owner, encodePrefixedText(chain)])
}

function decodeUtf16Base64(text: string, what: string): string {
  const compact = text.replaceAll(/\s+/g, '')
  const bytes = Buffer.from(compact, 'base64')
  if (bytes.toString('base64') !== compact || bytes.length % 2 !== 0) throw damaged(`${what} is not base64 of UTF-16`)
  return bytes.toString('utf16le')
}

function encodeUtf16Base64(text: string): string {
  return Buffer.from(utf16le(text)).toString('base64')
}

function damaged(detail: string): RightsError {
  return new RightsError('data-spaces-damaged', { detail: `cached use licence: ${detail}` })
}
