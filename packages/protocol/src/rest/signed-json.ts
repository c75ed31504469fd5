/**
 * Signed JSON of offline publishing: the signed text is a string inside the outer object, so that no two readers can
 * disagree about the bytes. Signatures are RSASSA-PKCS1-v1_5 with SHA-1 over its UTF-8 bytes, big-endian.
 */
import { verify } from 'node:crypto'
import { publicKeyFromModulus, reversed, RightsError, encodeBase64, type PublicKey } from '@sealward/xrml'
import { asObject, invalidMember, member, readJson, requiredBytes, requiredString } from './members.ts'
import type { Json, JsonObject } from './members.ts'

export interface SignedJson {
  /** Exactly as signed. */
  readonly payload: string
  readonly signature: Uint8Array
}

/** The one algorithm that there is a name for. */
const algorithm = 'SHA1'

/** @throws RightsError `rest-message-invalid` */
export function parseSignedJson(value: Json | undefined, what: string): SignedJson {
  const object = asObject(value, what)
  const signature = asObject(member(object, 'sig'), 'sig')
  if (requiredString(signature, 'alg').toUpperCase() !== algorithm) throw invalidMember('alg', algorithm)
  return { payload: requiredString(object, 'pld'), signature: requiredBytes(signature, 'dig') }
}

/** The payload as an object. @throws RightsError `rest-message-invalid` */
export function payloadOf({ payload }: SignedJson, what: string): JsonObject {
  return asObject(readJson(payload), what)
}

/** Compact, as clients need it: they take the text apart by searching. */
export function signedJsonObject({ payload, signature }: SignedJson): JsonObject {
  return { pld: payload, sig: { alg: algorithm, dig: encodeBase64(signature) } }
}

export function verifySignedJson({ payload, signature }: SignedJson, key: PublicKey): boolean {
  return verify('sha1', Buffer.from(payload, 'utf8'), key.keyObject, signature)
}

/** Base64 of the little-endian modulus, and the exponent as decimal text. @throws RightsError `rest-message-invalid`, `public-key-invalid` */
export function parseJsonKey(value: Json | undefined): PublicKey {
  const object = asObject(value, 'pubk')
  if (requiredString(object, 'kty') !== 'RSA' || requiredString(object, 'e') !== '65537') {
    throw new RightsError('public-key-invalid', { detail: 'not RSA with exponent 65537' })
  }
  return publicKeyFromModulus(reversed(requiredBytes(object, 'n')))
}

export function jsonKey({ modulus, exponent }: PublicKey): JsonObject {
  return { kty: 'RSA', e: String(exponent), n: encodeBase64(reversed(modulus)) }
}
