/**
 * Keys for certificates of offline publishing. Clients get modulus and private exponent only and search for the primes in
 * a way that fails where a high power of two divides p-1 or q-1; with both primes 3 modulo 4 it always succeeds.
 */
import { createPublicKey, type KeyObject } from 'node:crypto'
import { publicKeyFromKeyObject } from '@sealward/xrml'
import type { Random } from '../ports.ts'
import type { OfflineKey } from '../store.ts'

const keyBits = 2048

/** A new key with its fingerprint. One key in four fits, so this takes four times as long as making a key. */
export async function newPublishingKey(
  random: Pick<Random, 'keyPair'>,
): Promise<Pick<OfflineKey, 'id' | 'privateKey'>> {
  for (;;) {
    const privateKey = await random.keyPair(keyBits)
    const { p, q } = privateKey.export({ format: 'jwk' })
    if (isThreeModuloFour(p) && isThreeModuloFour(q)) {
      return { id: publicKeyFromKeyObject(createPublicKey(privateKey)).fingerprint, privateKey }
    }
  }
}

function isThreeModuloFour(prime: string | undefined): boolean {
  return ((Buffer.from(prime ?? '', 'base64url').at(-1) ?? 0) & 3) === 3
}

/** Big-endian. */
export function privateExponentOf(key: KeyObject): Uint8Array {
  return Buffer.from(key.export({ format: 'jwk' }).d ?? '', 'base64url')
}
