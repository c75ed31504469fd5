/**
 * The two cryptographic modes of the field (MS-RMPR 3.1.4.7). The mode is a property of the keys and hashes of a chain,
 * never a field of a document.
 */
import { RightsError } from '../errors/rights-error.ts'

export type HashName = 'sha1' | 'sha256'

export type SealedKeyType = 'sealed-key' | 'sealed-key-v2'

export interface CryptographicMode {
  readonly number: 1 | 2
  /** RSA key size of server, account and client licensor keys. */
  readonly keyBits: number
  readonly hash: HashName
  readonly hashBytes: number
  readonly sealedKeyType: SealedKeyType
  /** `dwVersion` of the enabling bits header. */
  readonly sealedVersion: 1 | 2
  readonly padding: 'pkcs1' | 'oaep'
}

export const mode1: CryptographicMode = {
  number: 1,
  keyBits: 1024,
  hash: 'sha1',
  hashBytes: 20,
  sealedKeyType: 'sealed-key',
  sealedVersion: 1,
  padding: 'pkcs1',
}

export const mode2: CryptographicMode = {
  number: 2,
  keyBits: 2048,
  hash: 'sha256',
  hashBytes: 32,
  sealedKeyType: 'sealed-key-v2',
  sealedVersion: 2,
  padding: 'oaep',
}

/** The mode of a server, account or client licensor key. @throws RightsError `cryptographic-mode-mismatch` */
export function modeOfKey(publicKey: { readonly bits: number }): CryptographicMode {
  if (publicKey.bits === mode1.keyBits) return mode1
  if (publicKey.bits === mode2.keyBits) return mode2
  throw new RightsError('cryptographic-mode-mismatch', { detail: `RSA ${publicKey.bits} belongs to no mode` })
}

export function modeOfSealedKey(type: string): CryptographicMode {
  if (type === mode1.sealedKeyType) return mode1
  if (type === mode2.sealedKeyType) return mode2
  throw new RightsError('xrml-malformed', { detail: `unknown enabling bits type ${type.slice(0, 40)}` })
}
