/**
 * Revocation list (MS-RMPR 2.2.9.11): what no client may use any more, named by the identifiers, hashes and keys that
 * certificates and licences carry. Signed by the authority whose key the licences name beside the address of the list.
 */
import { parseIssuedTime } from '../certificates/issuing-certificate.ts'
import type { KeyHandle } from '../crypto/key-handle.ts'
import { modeOfKey } from '../crypto/modes.ts'
import type { PublicKey } from '../crypto/public-key.ts'
import { licenseLengthMost, type XrmlDocument } from '../document.ts'
import { parseDescriptor, writeDescriptor } from '../elements/descriptor.ts'
import { canonicalGuid, parseObject, writeObject, type ObjectFields, type XrmlObject } from '../elements/object.ts'
import { onlyChild } from '../elements/only-child.ts'
import { parsePublicKey, writePublicKey } from '../elements/public-key.ts'
import { writeTime } from '../elements/times.ts'
import { RightsError } from '../errors/rights-error.ts'
import { issuerKeyOf, parseSignature, signXrml, verifySignature } from '../signature.ts'
import { parseSignedXrml } from '../surface-coding.ts'
import { decodeBase64, encodeBase64 } from '../text/base64.ts'
import type { XmlElement } from '../text/element.ts'
import { element, textElement } from '../text/writer.ts'
import type { UseLicense } from './use-license.ts'

/** Types whose entry names an OBJECT, with the category that they belong to. */
const objectTypes = {
  'license-id': 'license',
  'issuer-id': 'license',
  'content-id': 'content',
  'principal-id': 'principal',
} as const
const keyTypes = { 'issuer-key': 'license', 'principal-key': 'principal' } as const

type ObjectType = keyof typeof objectTypes
type KeyType = keyof typeof keyTypes

export type RevocationEntry =
  | { readonly type: ObjectType; readonly object: ObjectFields }
  | { readonly type: KeyType; readonly publicKey: PublicKey }
  | { readonly type: 'license-hash'; readonly digest: Uint8Array }

export interface RevocationList {
  readonly document: XrmlDocument
  /** Canonical GUID; the same for all lists of one authority. */
  readonly id: string
  readonly issuedAt: Date
  readonly issuerKey: PublicKey
  readonly entries: readonly RevocationEntry[]
}

/** Characters of a list; some 20 000 keys or 60 000 documents. */
export const revocationListLengthMost = licenseLengthMost

/**
 * Reads a list and verifies its signature. Whether its key is that of the authority is for the caller to check.
 * @throws RightsError `revocation-list-invalid`
 */
export function parseRevocationList(text: string): RevocationList {
  try {
    if (text.length > revocationListLengthMost) throw malformed('too long')
    const document = parseSignedXrml(text)
    verifySignature(document)
    return readList(document)
  } catch (cause) {
    throw new RightsError('revocation-list-invalid', { cause })
  }
}

function readList(document: XrmlDocument): RevocationList {
  const { body } = document
  const list = onlyChild(body, 'REVOCATIONLIST')
  if (document.type !== 'revocation-list' || list === undefined) throw malformed(document.type)
  return {
    document,
    id: canonicalGuid(parseDescriptor(body)?.id ?? ''),
    issuedAt: parseIssuedTime(body),
    issuerKey: issuerKeyOf(document),
    entries: list.children.map(parseEntry),
  }
}

function parseEntry(source: XmlElement): RevocationEntry {
  if (source.local !== 'REVOKE') throw malformed(source.local)
  const type = source.attributes.get('type') ?? ''
  const category = source.attributes.get('category')
  if (isObjectType(type) && category === objectTypes[type]) {
    const { idType, id } = parseObject(onlyChild(source, 'OBJECT'), 'REVOKE')
    return { type, object: { idType, id } }
  }
  const key = onlyChild(source, 'PUBLICKEY')
  if (isKeyType(type) && category === keyTypes[type] && key !== undefined) {
    return { type, publicKey: parsePublicKey(key) }
  }
  const digest = onlyChild(onlyChild(source, 'DIGEST'), 'VALUE')
  if (type === 'license-hash' && category === 'license' && digest !== undefined) {
    return { type, digest: decodeBase64(digest.text, 'the digest') }
  }
  // An entry that is not understood may be the one that matters.
  throw malformed(`REVOKE ${type}`)
}

function isObjectType(type: string): type is ObjectType {
  return Object.hasOwn(objectTypes, type)
}

function isKeyType(type: string): type is KeyType {
  return Object.hasOwn(keyTypes, type)
}

function malformed(detail: string): RightsError {
  return new RightsError('xrml-malformed', { detail: detail.slice(0, 60) })
}

/** Issues a list under a key that the licences name. @param input.id canonical GUID */
export async function issueRevocationList(input: {
  readonly id: string
  readonly issuedAt: Date
  readonly entries: readonly RevocationEntry[]
  readonly key: KeyHandle
}): Promise<string> {
  const { publicKey } = input.key
  const authority = writeObject({ type: 'Revocation-List', idType: 'MS-GUID', id: `{${input.id}}` })
  const body = element(
    'BODY',
    { type: 'LICENSE', version: '3.0' },
    textElement('ISSUEDTIME', {}, writeTime(input.issuedAt)),
    writeDescriptor('Revocation-List', `{${input.id}}`),
    element('ISSUER', {}, authority, writePublicKey(publicKey)),
    element('REVOCATIONLIST', {}, ...input.entries.map(writeEntry)),
  )
  return signXrml({ body, key: input.key, hash: modeOfKey(publicKey).hash, order: 'server' })
}

function writeEntry(entry: RevocationEntry): string {
  if ('object' in entry) {
    return element('REVOKE', { category: objectTypes[entry.type], type: entry.type }, writeObject(entry.object))
  }
  if ('publicKey' in entry) {
    return element('REVOKE', { category: keyTypes[entry.type], type: entry.type }, writePublicKey(entry.publicKey))
  }
  const size = entry.digest.length * 8
  const value = element('VALUE', { encoding: 'base64', size: String(size) }, encodeBase64(entry.digest))
  const algorithm = textElement('ALGORITHM', {}, size === 160 ? 'SHA1' : 'SHA256')
  return element('REVOKE', { category: 'license', type: entry.type }, element('DIGEST', {}, algorithm, value))
}

/**
 * The entry that a use licence falls under, if there is one: by its own identity, that of its issuer, of the person whom
 * it is for, or of the content (MS-RMPR 2.2.9.11, criteria for use licences).
 */
export function revokedBy(list: Pick<RevocationList, 'entries'>, license: UseLicense): RevocationEntry | undefined {
  const objects: Readonly<Record<ObjectType, Pick<XrmlObject, 'id'> | undefined>> = {
    'license-id': parseDescriptor(license.document.body),
    'issuer-id': license.issuer.object,
    'content-id': license.work.object,
    'principal-id': license.licensee.object,
  }
  const keys = { 'issuer-key': license.issuer.publicKey, 'principal-key': license.licensee.publicKey }
  const digest = Buffer.from(parseSignature(license.document).digest)
  return list.entries.find((entry) => {
    if ('publicKey' in entry) return entry.publicKey.fingerprint === keys[entry.type].fingerprint
    if ('digest' in entry) return digest.equals(entry.digest)
    const named = objects[entry.type]
    return named !== undefined && canonicalGuid(named.id) === canonicalGuid(entry.object.id)
  })
}
