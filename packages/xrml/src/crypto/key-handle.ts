/**
 * A private key that can be used but not seen: software vault, PKCS#11 token and the client's own account key all look
 * like this to the language layer.
 */
import { constants, createPublicKey, privateDecrypt, randomFillSync, sign, type KeyObject } from 'node:crypto'
import type { HashName } from './modes.ts'
import { publicKeyFromKeyObject, type PublicKey } from './public-key.ts'
import { oaepHash } from './unconfirmed.ts'

export type Awaitable<T> = T | Promise<T>

export interface KeyHandle {
  readonly publicKey: PublicKey
  /** RSASSA-PKCS1-v1_5 over the data, big-endian. */
  sign(hash: HashName, data: Uint8Array): Awaitable<Uint8Array>
  /**
   * Decrypts one RSA block. Never throws for bad padding: a damaged block gives bytes that fail every later check, so that
   * a caller learns nothing about where it failed (threats C1, C3).
   */
  decrypt(padding: 'pkcs1' | 'oaep', ciphertext: Uint8Array): Awaitable<Uint8Array>
}

/** A handle over a private key in this process's memory. */
export function softwareKeyHandle(privateKey: KeyObject): KeyHandle {
  const publicKey = publicKeyFromKeyObject(createPublicKey(privateKey))
  return {
    publicKey,
    sign: (hash, data) => sign(hash, data, privateKey),
    decrypt: (padding, ciphertext) => decryptBlock(privateKey, padding, ciphertext),
  }
}

function decryptBlock(key: KeyObject, padding: 'pkcs1' | 'oaep', ciphertext: Uint8Array): Uint8Array {
  try {
    return padding === 'pkcs1'
      ? privateDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, ciphertext)
      : privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, ciphertext)
  } catch {
    // PKCS#1 v1.5 has implicit rejection in the runtime; OAEP reports, and the report must not get out.
    return randomFillSync(new Uint8Array(44))
  }
}
