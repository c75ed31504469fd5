import assert from 'node:assert/strict'
import { createCipheriv, createDecipheriv } from 'node:crypto'
import { test } from 'node:test'
import type { CipherMode } from '@sealward/xrml'
import { createChunkCipher } from './chunk-cipher.ts'
import { createChunkVectors } from './chunk-vectors.ts'
import { cipherModeFromRestName, cipherModes, cipherSize } from './cipher-mode.ts'
import type { ContentCipher } from './content-cipher.ts'
import { encryptRange } from './final-chunk.ts'

const chained: readonly CipherMode[] = ['cbc4k', 'cbc4k-nopad', 'cbc512-nopad']

/** The definition of the modes, one cipher object per chunk: what the fast form must equal. */
function chunkByChunk(
  direction: 'encrypt' | 'decrypt',
  cipher: ContentCipher,
  bytes: Uint8Array,
  first: number,
): Buffer {
  const { chunkSize } = cipherModes[cipher.mode]
  const create = direction === 'encrypt' ? createCipheriv : createDecipheriv
  const chunks: Buffer[] = []
  for (let at = 0; at < bytes.length; at += chunkSize) {
    const vector = createChunkVectors(cipher)(first + at / chunkSize, 1)
    const one = create(`aes-${cipher.key.length * 8}-cbc`, cipher.key, vector).setAutoPadding(false)
    chunks.push(one.update(bytes.subarray(at, at + chunkSize)))
  }
  return Buffer.concat(chunks)
}

function pattern(size: number): Buffer {
  return Buffer.from(Uint8Array.from({ length: size }, (_, index) => (index * 31 + (index >> 9)) & 255))
}

for (const mode of chained) {
  for (const keySize of [16, 24, 32]) {
    test(`the fast form of ${mode} equals the chunk-by-chunk form with ${keySize}-byte keys`, () => {
      const cipher: ContentCipher = { mode, key: pattern(keySize) }
      // One object for all calls: what it did before must not show.
      const fast = createChunkCipher(cipher)
      for (const size of [0, 16, 496, 512, 528, 4096, 4112, 8192, 65_536 + 32]) {
        for (const first of [0, 1, 70_000]) {
          const plaintext = pattern(size)
          const ciphertext = fast.encrypt(plaintext, first)
          assert.deepEqual(Buffer.from(ciphertext), chunkByChunk('encrypt', cipher, plaintext, first))
          assert.deepEqual(Buffer.from(fast.decrypt(ciphertext, first)), plaintext)
          assert.deepEqual(chunkByChunk('decrypt', cipher, ciphertext, first), plaintext)
        }
      }
    })
  }
}

test('the input of encryption is not changed', () => {
  const plaintext = pattern(16_384)
  createChunkCipher({ mode: 'cbc4k', key: pattern(16) }).encrypt(plaintext, 0)
  assert.deepEqual(plaintext, pattern(16_384))
})

test('no two cipher blocks are equal for a zero-filled mebibyte in the chained modes', () => {
  for (const mode of chained) {
    const ciphertext = Buffer.from(
      encryptRange(createChunkCipher({ mode, key: pattern(32) }), new Uint8Array(1_048_576), 0, true),
    )
    const blocks = new Set<string>()
    for (let at = 0; at < ciphertext.length; at += 16) blocks.add(ciphertext.toString('latin1', at, at + 16))
    assert.equal(blocks.size, ciphertext.length / 16)
  }
})

test('the last chunk number of a 4096-byte mode is 2^32 - 1', () => {
  const cipher = createChunkCipher({ mode: 'cbc4k', key: pattern(16) })
  assert.equal(cipher.encrypt(pattern(16), 0xffff_ffff).length, 16)
  assert.throws(() => cipher.encrypt(pattern(16), 0x1_0000_0000), { code: 'content-too-large' })
})

test('512-byte chunks count byte offsets beyond 32 bits', () => {
  const cipher = createChunkCipher({ mode: 'cbc512-nopad', key: pattern(16) })
  const far = cipher.encrypt(pattern(16), 0x1_0000_0000)
  assert.notDeepEqual(far, cipher.encrypt(pattern(16), 0))
})

test('refuses keys and sizes that AES does not have', () => {
  assert.throws(() => createChunkCipher({ mode: 'ecb', key: pattern(8) }), { code: 'content-key-size-invalid' })
  const cipher = createChunkCipher({ mode: 'ecb', key: pattern(16) })
  assert.throws(() => cipher.decrypt(pattern(15), 0), { code: 'content-block-size-invalid' })
  assert.throws(() => cipher.encrypt(pattern(15), 0), { code: 'content-block-size-invalid' })
})

test('mode names of the REST protocol are compared without case, unknown ones are refused', () => {
  assert.equal(cipherModeFromRestName('microsoft.cbc4k'), 'cbc4k')
  assert.equal(cipherModeFromRestName('MICROSOFT.ECB'), 'ecb')
  assert.throws(() => cipherModeFromRestName('MICROSOFT.CTR'), { code: 'cipher-mode-unknown' })
})

test('ciphertext sizes', () => {
  assert.deepEqual(
    [0, 15, 16, 4096].map((size) => cipherSize('cbc4k', size)),
    [16, 16, 32, 4112],
  )
  assert.deepEqual(
    [0, 1, 16, 13_010].map((size) => cipherSize('ecb', size)),
    [0, 16, 16, 13_024],
  )
  assert.deepEqual(
    [0, 1, 4096, 145_920].map((size) => cipherSize('cbc4k-nopad', size)),
    [0, 4096, 4096, 147_456],
  )
})
