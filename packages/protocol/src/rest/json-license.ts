/**
 * Licences in JSON, which clients make offline with a client licensor certificate of this protocol. What they say about
 * people and rights is encrypted with a session key, which is encrypted with the certificate's own key.
 */
import { RightsError, type CipherMode, type PublicKey } from '@sealward/xrml'
import { asObject, invalidMember, member, readJson, requiredBytes, requiredString } from './members.ts'
import { stringMap, type JsonObject } from './members.ts'
import { parseJsonKey, parseSignedJson, payloadOf, type SignedJson } from './signed-json.ts'
import { policyLimit } from './policy.ts'
import { requiredTime } from './time.ts'

export interface JsonLicense {
  readonly signed: SignedJson
  /** Of the content; `cid` holds an address. */
  readonly id: string
  /** The public half of the certificate, as the service signed it. */
  readonly certificate: SignedJson
  /** Of the certificate. */
  readonly issuedTo: { readonly address: string; readonly publicKey: PublicKey }
  /** The licensing address of the service that issued the certificate. */
  readonly licensingUrl: string
  /** Of the certificate, as the client repeats it. */
  readonly validity: { readonly from: Date; readonly until: Date }
  readonly signedApplicationData: ReadonlyMap<string, string>
  readonly sessionKey: EncryptedKey
  readonly contentKey: EncryptedKey
  /** Encrypted with the session key. */
  readonly policy: Uint8Array
}

export interface EncryptedKey {
  readonly mode: Extract<CipherMode, 'cbc4k' | 'ecb'>
  readonly encrypted: Uint8Array
}

/** Whether a text is meant to be one. */
export function isJsonLicense(text: string): boolean {
  return /^\ufeff?\s*\{/.test(text)
}

/** @throws RightsError `json-license-invalid` */
export function parseJsonLicense(text: string): JsonLicense {
  try {
    return read(parseSignedJson(readJson(text), 'the licence'))
  } catch (cause) {
    throw new RightsError('json-license-invalid', { cause })
  }
}

function read(signed: SignedJson): JsonLicense {
  const license = asObject(member(payloadOf(signed, 'the licence'), 'lic'), 'lic')
  const certificate = parseSignedJson(member(license, 'cre'), 'cre')
  const names = payloadOf(certificate, 'cre')
  const issuedTo = asObject(member(names, 'issto'), 'issto')
  const session = asObject(member(license, 'sk'), 'sk')
  const content = asObject(readJson(textOf(requiredBytes(session, 'eck'))), 'eck')
  return {
    signed,
    id: requiredGuid(license, 'id'),
    certificate,
    issuedTo: { address: requiredString(issuedTo, 'em'), publicKey: parseJsonKey(member(issuedTo, 'pubk')) },
    licensingUrl: requiredString(asObject(member(names, 'iss'), 'iss'), 'iurl'),
    validity: { from: requiredTime(license, 'lcd'), until: requiredTime(license, 'exp') },
    signedApplicationData: stringMap(license, 'sad', policyLimit),
    sessionKey: encryptedKey(session, 'sk'),
    contentKey: encryptedKey(content, 'k'),
    policy: requiredBytes(license, 'enp'),
  }
}

/** Other names than in the messages of the protocol. */
const modes = new Map<string, EncryptedKey['mode']>([
  ['CBC4K', 'cbc4k'],
  ['ECB', 'ecb'],
])

function encryptedKey(object: JsonObject, name: string): EncryptedKey {
  if (requiredString(object, 'alg').toUpperCase() !== 'AES') throw invalidMember('alg', 'AES')
  const mode = modes.get(requiredString(object, 'cm').toUpperCase())
  if (mode === undefined) throw invalidMember('cm', 'CBC4k or ECB')
  return { mode, encrypted: requiredBytes(object, name) }
}

function requiredGuid(object: JsonObject, name: string): string {
  const text = requiredString(object, name)
  if (!/^\{?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?$/i.test(text)) throw invalidMember(name, 'a GUID')
  return text
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
}
