import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keyWithClosePrimes } from '../rsa/crafted-keys.ts'
import { writePrivateKeyPem } from '../rsa/private-key-pem.ts'
import { defaultTpdLimits, readEnvelope } from './envelope.ts'
import { inventCluster } from './invented-cluster.ts'
import { readTpd } from './read-tpd.ts'
import { joinTpd, splitTpd } from './split-tpd.ts'
import { writeTpd } from './write-tpd.ts'

const password = 'correct horse battery staple'
const { content, privateKey } = await inventCluster({ mode: 2 })

test('splitting gives a keyless file with the description as it was encrypted, and the key as PEM', () => {
  for (const derivation of ['A', 'B'] as const) {
    const file = writeTpd(content, { password, derivation })
    const { keyless, pem } = splitTpd(file, password)
    assert.match(pem, /^-----BEGIN RSA PRIVATE KEY-----\n/)
    assert.match(splitTpd(file, password, 'pkcs8').pem, /^-----BEGIN PRIVATE KEY-----\n/)
    const { info, keyData } = readEnvelope(keyless, defaultTpdLimits)
    assert.deepEqual(info, readEnvelope(file, defaultTpdLimits).info)
    assert.equal(keyData, undefined)
    assert.equal(readTpd({ file: keyless, password }).privateKey, undefined)
  }
})

test('joining gives back the file that was split', () => {
  for (const derivation of ['A', 'B'] as const) {
    for (const form of ['pkcs1', 'pkcs8'] as const) {
      const file = writeTpd(content, { password, derivation })
      const { keyless, pem } = splitTpd(file, password, form)
      const joined = joinTpd(keyless, pem, password)
      assert.deepEqual(Buffer.from(joined), Buffer.from(file))
      assert(readTpd({ file: joined, password }).privateKey?.equals(privateKey))
    }
  }
})

test('what cannot be split or joined is refused', () => {
  const file = writeTpd(content, { password, derivation: 'A' })
  const { keyless, pem } = splitTpd(file, password)
  assert.throws(() => splitTpd(keyless, password), { code: 'tpd-key-missing' })
  assert.throws(() => splitTpd(file, 'wrong'), { code: 'tpd-not-opened' })
  assert.throws(() => joinTpd(file, pem, password), { code: 'tpd-key-present' })
  assert.throws(() => joinTpd(keyless, pem, 'wrong'), { code: 'tpd-not-opened' })
  assert.throws(() => joinTpd(keyless, 'no key', password), { code: 'private-key-unreadable' })
  const weak = writePrivateKeyPem(keyWithClosePrimes(), 'pkcs1')
  assert.throws(() => joinTpd(keyless, weak, password), { code: 'rsa-key-refused' })
})
