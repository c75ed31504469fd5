/**
 * RSA public keys as certificates carry them (MS-RMPR 2.2.9.1.9): the modulus is little-endian in XrML and big-endian
 * everywhere else. Keys repeat in every chain, so the costly KeyObject is made once per modulus.
 */
import { createHash, createPublicKey, type KeyObject } from 'node:crypto'
import { RightsError } from '../errors/rights-error.ts'

export interface PublicKey {
  /** Big-endian, without leading zero bytes. */
  readonly modulus: Uint8Array
  readonly exponent: number
  readonly bits: number
  /** Lower-case hex SHA-256 of the big-endian modulus: the name of a key wherever people read it. */
  readonly fingerprint: string
  readonly keyObject: KeyObject
}

/** The only exponent that the field uses; another one is a forgery aid (threat X7). */
const publicExponent = 65537

const remembered = new Map<string, PublicKey>()
const rememberedMost = 4096

/**
 * @param modulus big-endian, 1024 to 4096 bits
 * @throws RightsError `public-key-invalid`
 */
export function publicKeyFromModulus(modulus: Uint8Array): PublicKey {
  const bytes = Buffer.from(modulus)
  const name = bytes.toString('base64url')
  const known = remembered.get(name)
  if (known !== undefined) return known
  const bits = bytes.length * 8
  const top = bytes[0] ?? 0
  const bottom = bytes[bytes.length - 1] ?? 0
  if (bits < 1024 || bits > 4096 || bits % 256 !== 0 || top < 0x80 || bottom % 2 === 0) {
    throw new RightsError('public-key-invalid', { detail: `modulus of ${bytes.length} bytes` })
  }
  const key: PublicKey = {
    modulus: bytes,
    exponent: publicExponent,
    bits,
    fingerprint: createHash('sha256').update(bytes).digest('hex'),
    keyObject: createPublicKey({ key: { kty: 'RSA', n: name, e: 'AQAB' }, format: 'jwk' }),
  }
  if (remembered.size >= rememberedMost) {
    const [oldest] = remembered.keys()
    if (oldest !== undefined) remembered.delete(oldest)
  }
  remembered.set(name, key)
  return key
}

/** @throws RightsError `public-key-invalid` unless the key object is RSA with exponent 65537 and a usable size. */
export function publicKeyFromKeyObject(keyObject: KeyObject): PublicKey {
  const jwk = keyObject.export({ format: 'jwk' })
  if (jwk.kty !== 'RSA' || typeof jwk.n !== 'string' || jwk.e !== 'AQAB') {
    throw new RightsError('public-key-invalid', { detail: 'not RSA with exponent 65537' })
  }
  return publicKeyFromModulus(Buffer.from(jwk.n, 'base64url'))
}

export function samePublicKey(a: PublicKey, b: PublicKey): boolean {
  return a.bits === b.bits && a.exponent === b.exponent && Buffer.compare(a.modulus, b.modulus) === 0
}

/** Copies with the byte order turned around: XrML and CryptoAPI are little-endian, everything else big-endian. */
export function reversed(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from(bytes).reverse()
}
