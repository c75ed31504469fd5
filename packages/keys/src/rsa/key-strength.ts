/**
 * What an RSA key must be before it is used or stored (threat C10): whole, with real primes that are far enough apart
 * (FIPS 186-5 appendix A.1), and not of a generator that is known to be broken.
 */
import { checkPrimeSync, createPublicKey, type KeyObject } from 'node:crypto'
import {
  RightsError,
  publicKeyFromKeyObject,
  readPrivateKeyBlob,
  writePrivateKeyBlob,
  type PublicKey,
} from '@sealward/xrml'
import { hasRocaFingerprint } from './roca-fingerprint.ts'

/** Rounds of Miller-Rabin with random bases; a chosen composite survives with probability below 2^-128. */
const primalityRounds = 64

/** |p - q| must be greater than 2^(bits/2 - 100). */
const distanceMargin = 100

/** @throws RightsError `rsa-key-refused` */
export function checkRsaPrivateKey(privateKey: KeyObject): void {
  const publicKey = publicKeyOf(privateKey)
  checkRsaPublicKey(publicKey)
  const { p: first, q: second } = privateKey.export({ format: 'jwk' })
  const p = integer(Buffer.from(first ?? '', 'base64url'))
  const q = integer(Buffer.from(second ?? '', 'base64url'))
  const half = BigInt(publicKey.bits / 2)
  if (p >> (half - 1n) !== 1n || q >> (half - 1n) !== 1n) throw refused('its primes differ in size')
  checkNumbers(privateKey)
  const distance = p > q ? p - q : q - p
  if (distance <= 1n << (half - BigInt(distanceMargin))) throw refused('its primes are too close together')
  for (const prime of [p, q]) {
    if (!checkPrimeSync(prime, { checks: primalityRounds })) throw refused('a prime factor is not prime')
  }
}

/** What can be said of a key that stays in its hardware. @throws RightsError `rsa-key-refused` */
export function checkRsaPublicKey(publicKey: PublicKey): void {
  if (hasRocaFingerprint(integer(publicKey.modulus))) throw refused('it comes from a broken generator (CVE-2017-15361)')
}

/** Keys that share a prime reveal each other. @throws RightsError `rsa-key-refused` */
export function checkNoSharedPrime(publicKey: PublicKey, others: readonly PublicKey[]): void {
  const modulus = integer(publicKey.modulus)
  for (const other of others) {
    const divisor = greatestCommonDivisor(modulus, integer(other.modulus))
    if (divisor !== 1n && divisor !== modulus) throw refused(`it shares a prime with the key ${other.fingerprint}`)
  }
}

function publicKeyOf(privateKey: KeyObject): PublicKey {
  try {
    return publicKeyFromKeyObject(createPublicKey(privateKey))
  } catch (cause) {
    throw new RightsError('rsa-key-refused', { detail: 'its size or exponent is not usable', cause })
  }
}

/** Reading the key as a blob proves that its eight numbers belong together. */
function checkNumbers(privateKey: KeyObject): void {
  const blob = writePrivateKeyBlob(privateKey)
  try {
    readPrivateKeyBlob(blob)
  } catch (cause) {
    throw new RightsError('rsa-key-refused', { detail: 'its numbers do not belong together', cause })
  } finally {
    blob.fill(0)
  }
}

function refused(detail: string): RightsError {
  return new RightsError('rsa-key-refused', { detail })
}

function integer(bigEndian: Uint8Array): bigint {
  return BigInt(`0x0${Buffer.from(bigEndian).toString('hex')}`)
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [greater, less] = [a, b]
  while (less !== 0n) [greater, less] = [less, greater % less]
  return greater
}
