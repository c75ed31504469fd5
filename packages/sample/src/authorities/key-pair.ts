/** RSA key pairs of the sample: every one is made for it and known only to it. */
import { generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import { type KeyHandle, softwareKeyHandle } from '@sealward/xrml'

export interface KeyPair {
  readonly privateKey: KeyObject
  readonly handle: KeyHandle
}

const generate = promisify(generateKeyPair)

/** @param bits 1024 or 2048 */
export async function newKeyPair(bits: number): Promise<KeyPair> {
  const { privateKey } = await generate('rsa', { modulusLength: bits })
  return { privateKey, handle: softwareKeyHandle(privateKey) }
}
