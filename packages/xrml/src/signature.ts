/**
 * SIGNATURE (MS-RMPR 2.2.9.1.12): the digest of the signed characters as UTF-16LE, and RSASSA-PKCS1-v1_5 over it. The
 * element has exactly two spellings, that of servers and that of the Windows client; any other is refused, so no character
 * of a document can change unnoticed.
 */
import { createHash, timingSafeEqual, verify } from 'node:crypto'
import { onlyChild, onlyDescendant } from './elements/only-child.ts'
import { parsePublicKey } from './elements/public-key.ts'
import { RightsError } from './errors/rights-error.ts'
import type { XrmlDocument } from './document.ts'
import type { KeyHandle } from './crypto/key-handle.ts'
import type { HashName } from './crypto/modes.ts'
import type { PublicKey } from './crypto/public-key.ts'
import { decodeBase64, encodeBase64 } from './text/base64.ts'
import { utf16le } from './text/encoding.ts'
import { rawElement } from './text/element.ts'

export type SignatureOrder = 'server' | 'client'

export interface ParsedSignature {
  readonly hash: HashName
  readonly digest: Uint8Array
  readonly value: Uint8Array
  readonly keyBits: number
}

const hashesByName: ReadonlyMap<string, HashName> = new Map([
  ['SHA1', 'sha1'],
  ['SHA256', 'sha256'],
])
const namesByHash: Readonly<Record<HashName, string>> = { sha1: 'SHA1', sha256: 'SHA256' }

function writeSignature(signature: ParsedSignature, order: SignatureOrder): string {
  const algorithm = '<ALGORITHM>RSA PKCS#1-V1.5</ALGORITHM>'
  const digest =
    `<DIGEST><ALGORITHM>${namesByHash[signature.hash]}</ALGORITHM><PARAMETER name="codingtype">` +
    '<VALUE encoding="string">surface-coding</VALUE></PARAMETER>' +
    `<VALUE encoding="base64" size="${signature.digest.length * 8}">${encodeBase64(signature.digest)}</VALUE></DIGEST>`
  const value = `<VALUE encoding="base64" size="${signature.keyBits}">${encodeBase64(signature.value)}</VALUE>`
  return `<SIGNATURE>${order === 'server' ? digest + algorithm : algorithm + digest}${value}</SIGNATURE>`
}

/** @throws RightsError `xrml-not-signed`, `xrml-malformed` for any spelling that no signer writes */
export function parseSignature(document: XrmlDocument): ParsedSignature {
  const element = document.signature
  if (element === undefined) throw new RightsError('xrml-not-signed')
  const digestElement = onlyChild(element, 'DIGEST')
  const hash = hashesByName.get(onlyChild(digestElement, 'ALGORITHM')?.text ?? '')
  const digestText = onlyChild(digestElement, 'VALUE')?.text
  const valueElement = onlyChild(element, 'VALUE')
  if (hash === undefined || digestText === undefined || valueElement === undefined) {
    throw new RightsError('xrml-malformed', { detail: 'SIGNATURE is incomplete' })
  }
  const signature: ParsedSignature = {
    hash,
    digest: decodeBase64(digestText, 'the digest'),
    value: decodeBase64(valueElement.text, 'the signature'),
    keyBits: Number(valueElement.attributes.get('size')),
  }
  const raw = rawElement(element)
  if (raw !== writeSignature(signature, 'server') && raw !== writeSignature(signature, 'client')) {
    throw new RightsError('xrml-malformed', { detail: 'SIGNATURE is spelled as no signer spells it' })
  }
  return signature
}

/** Whether the digest is that of the signed characters. @throws as parseSignature */
export function digestMatches(document: XrmlDocument, signature: ParsedSignature = parseSignature(document)): boolean {
  const actual = createHash(signature.hash).update(utf16le(document.bodyText)).digest()
  return actual.length === signature.digest.length && timingSafeEqual(actual, signature.digest)
}

/** The key that the document names as its issuer's. @throws RightsError `xrml-malformed`, `public-key-invalid` */
export function issuerKeyOf(document: XrmlDocument): PublicKey {
  const element = onlyDescendant(document.body, 'ISSUER', 'PUBLICKEY')
  if (element === undefined) throw new RightsError('xrml-malformed', { detail: 'ISSUER has no PUBLICKEY' })
  return parsePublicKey(element)
}

/**
 * Verifies digest and signature with the key in ISSUER. Says nothing about whether that key is trusted: see chain.ts.
 * @throws RightsError `xrml-not-signed`, `xrml-digest-mismatch`, `xrml-signature-invalid`, `xrml-malformed`
 */
export function verifySignature(document: XrmlDocument): void {
  const signature = parseSignature(document)
  if (!digestMatches(document, signature)) throw new RightsError('xrml-digest-mismatch')
  if (!signatureFits(document, signature)) throw new RightsError('xrml-signature-invalid')
}

/** Whether the signature value is that of the issuer's key. @throws RightsError `xrml-malformed`, `public-key-invalid` */
export function signatureFits(document: XrmlDocument, signature: ParsedSignature): boolean {
  const key = issuerKeyOf(document)
  const sizesFit = signature.keyBits === key.bits && signature.value.length * 8 === key.bits
  return sizesFit && verify(signature.hash, utf16le(document.bodyText), key.keyObject, signature.value)
}

export interface SignInput {
  readonly body: string
  readonly key: KeyHandle
  readonly hash: HashName
  /** In which order the children of SIGNATURE stand. */
  readonly order: SignatureOrder
  /** In which order the attributes of XrML stand, where not as in `order`. */
  readonly attributeOrder?: SignatureOrder
  readonly purpose?: 'Content-License'
}

/** Signs a BODY and gives the whole document. */
export async function signXrml(input: SignInput): Promise<string> {
  const data = utf16le(input.body)
  const signature = writeSignature(
    {
      hash: input.hash,
      digest: createHash(input.hash).update(data).digest(),
      value: await input.key.sign(input.hash, data),
      keyBits: input.key.publicKey.bits,
    },
    input.order,
  )
  const attributes =
    (input.attributeOrder ?? input.order) === 'server' ? 'xmlns="" version="1.2"' : 'version="1.2" xmlns=""'
  const purpose = input.purpose === undefined ? '' : ` purpose="${input.purpose}"`
  return `<XrML ${attributes}${purpose}>${input.body}${signature}</XrML>`
}
