/** RSA keys for tests, made once per test file and name: generating them is what costs time. */
import { generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import { softwareKeyHandle, type KeyHandle } from './crypto/key-handle.ts'
import type { PublicKey } from './crypto/public-key.ts'

export interface TestKey {
  readonly privateKey: KeyObject
  readonly handle: KeyHandle
  readonly publicKey: PublicKey
}

const generate = promisify(generateKeyPair)
const made = new Map<string, Promise<TestKey>>()

/** The key of that name and size; the same one for the same name. */
export function testKey(name: string, bits: number): Promise<TestKey> {
  const id = `${name} ${bits}`
  const known = made.get(id)
  if (known !== undefined) return known
  const key = makeKey(bits)
  made.set(id, key)
  return key
}

async function makeKey(bits: number): Promise<TestKey> {
  const { privateKey } = await generate('rsa', { modulusLength: bits, publicExponent: 65537 })
  const handle = softwareKeyHandle(privateKey)
  return { privateKey, handle, publicKey: handle.publicKey }
}
