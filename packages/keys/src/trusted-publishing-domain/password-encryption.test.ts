import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { decryptTpdField, deriveTpdKey, encryptTpdField, tpdDerivations } from './password-encryption.ts'

const knownKeys = [
  ['x', '14f825b2bbc32dd8d196367fa8776873', '2bdf48777677d72a2b55f1941a43448e'],
  ['Pa$$w0rd1', '89623db86bcd4bcf2eb2ef8caaafcc53', 'a32f6d1c55ee7f5a70c872b493e5cf00'],
  ['P@ssw\u00f6rd-\u20ac1', '10c6f0c7533caf9a20f2470a0852ac7a', '382bac8cd4293ac96b777487359c092a'],
] as const

test('both derivations give the known keys', () => {
  for (const [password, a, b] of knownKeys) {
    assert.equal(Buffer.from(deriveTpdKey(password, 'A')).toString('hex'), a)
    assert.equal(Buffer.from(deriveTpdKey(password, 'B')).toString('hex'), b)
  }
})

test('the known text has the known ciphertext', () => {
  const ciphertext = encryptTpdField(Buffer.from('TPD test'), 'x', 'A')
  assert.equal(Buffer.from(ciphertext).toString('base64'), 'EvSwyOd6uyURVefDmdkZpA==')
  assert.equal(Buffer.from(decryptTpdField(ciphertext, 'x', 'A') ?? []).toString(), 'TPD test')
})

test('every content comes back under every password', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 200 }),
      fc.string({ unit: 'binary' }),
      fc.constantFrom(...tpdDerivations),
      (plain, password, derivation) => {
        const opened = decryptTpdField(encryptTpdField(plain, password, derivation), password, derivation)
        assert.deepEqual(Buffer.from(opened ?? []), Buffer.from(plain))
      },
    ),
    { numRuns: 200 },
  )
})

test('gives nothing for data that is not whole blocks', () => {
  for (const length of [0, 1, 15, 17]) assert.equal(decryptTpdField(new Uint8Array(length), 'x', 'A'), undefined)
})
