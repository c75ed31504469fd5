import assert from 'node:assert/strict'
import { createPublicKey } from 'node:crypto'
import { suite, test } from 'node:test'
import { publicKeyFromKeyObject } from '@sealward/xrml'
import { newRsaKey } from '../trusted-publishing-domain/invented-cluster.ts'
import {
  keyWithClosePrimes,
  keyWithCompositeFactor,
  keyWithForeignFactors,
  keyWithRocaFingerprint,
  keyWithUnequalPrimes,
  keysWithSharedPrime,
} from './crafted-keys.ts'
import { checkNoSharedPrime, checkRsaPrivateKey, checkRsaPublicKey } from './key-strength.ts'
import { readPrivateKeyPem, writePrivateKeyPem } from './private-key-pem.ts'

const publicPart = (key: Parameters<typeof createPublicKey>[0]) => publicKeyFromKeyObject(createPublicKey(key))

suite('an RSA key', () => {
  test('of an ordinary generator is sound', () => {
    for (const bits of [1024, 1024, 1024, 2048]) checkRsaPrivateKey(newRsaKey(bits))
  })

  const [sharing, partner] = keysWithSharedPrime()
  const flawed = [
    ['with a composite factor', keyWithCompositeFactor(), /not prime/],
    ['with primes close together', keyWithClosePrimes(), /too close/],
    ['of the broken generator', keyWithRocaFingerprint(), /CVE-2017-15361/],
    ['with primes of different size', keyWithUnequalPrimes(), /differ in size/],
    ['with the factors of another key', keyWithForeignFactors(sharing, partner), /do not belong together/],
    ['with a small exponent', newRsaKey(1024, 3), /size or exponent/],
    ['of an unusual size', newRsaKey(1032), /size or exponent/],
  ] as const
  for (const [flaw, key, message] of flawed) {
    test(`${flaw} is refused, also as PEM`, () => {
      assert.throws(() => checkRsaPrivateKey(key), { code: 'rsa-key-refused', message })
      assert.throws(() => readPrivateKeyPem(writePrivateKeyPem(key, 'pkcs8')), { code: 'rsa-key-refused' })
    })
  }

  test('of the broken generator is recognised by its public part', () => {
    const weak = publicPart(keyWithRocaFingerprint())
    assert.throws(() => checkRsaPublicKey(weak), { code: 'rsa-key-refused' })
  })

  test('that shares a prime with another is refused, but not beside itself', () => {
    checkRsaPrivateKey(sharing)
    const [first, second] = [publicPart(sharing), publicPart(partner)]
    assert.throws(() => checkNoSharedPrime(first, [publicPart(newRsaKey(2048)), second]), { code: 'rsa-key-refused' })
    checkNoSharedPrime(first, [first, publicPart(newRsaKey(1024))])
  })
})

suite('a PEM file', () => {
  const key = newRsaKey(1024)

  test('comes back in both forms', () => {
    for (const form of ['pkcs1', 'pkcs8'] as const) assert(readPrivateKeyPem(writePrivateKeyPem(key, form)).equals(key))
  })

  test('that is none, is encrypted, or holds another kind of key is refused', () => {
    const encrypted = key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }).toString()
    const publicPem = createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString()
    const elliptic =
      '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f\n-----END PRIVATE KEY-----\n'
    for (const pem of ['', 'no key', encrypted, publicPem, elliptic, 'x'.repeat(100_000)]) {
      assert.throws(() => readPrivateKeyPem(pem), { code: 'private-key-unreadable' })
    }
  })
})
