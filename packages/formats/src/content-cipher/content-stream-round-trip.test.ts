import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CipherMode } from '@sealward/xrml'
import * as fc from 'fast-check'
import { memorySource } from '../byte-source.ts'
import { createChunkCipher } from './chunk-cipher.ts'
import { cipherModes, cipherSize } from './cipher-mode.ts'
import type { ContentCipher } from './content-cipher.ts'
import { createContentDecrypter } from './content-decrypter.ts'
import { createContentEncrypter, encryptContent } from './content-encrypter.ts'
import { decryptRange, encryptRange } from './final-chunk.ts'
import { openContent } from './open-content.ts'

const modes = Object.keys(cipherModes) as CipherMode[]
const key = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex')

function pattern(size: number): Buffer {
  return Buffer.from(Uint8Array.from({ length: size }, (_, index) => (index * 7 + (index >> 8) * 13) & 255))
}

function cut(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = []
  let at = 0
  for (const size of sizes) {
    pieces.push(bytes.subarray(at, at + size))
    at += size
  }
  return [...pieces, bytes.subarray(at)]
}

function encrypted(cipher: ContentCipher, plaintext: Uint8Array): Buffer {
  return Buffer.concat([...encryptContent(cipher, [plaintext])])
}

for (const mode of modes) {
  test(`${mode}: what was encrypted decrypts to the same bytes`, () => {
    const cipher: ContentCipher = { mode, key }
    for (const size of [0, 1, 15, 16, 17, 4095, 4096, 4097, 8192, 1_048_577]) {
      const plaintext = pattern(size)
      const ciphertext = encrypted(cipher, plaintext)
      assert.equal(ciphertext.length, cipherSize(mode, size))
      const decrypter = createContentDecrypter(cipher, { plainSize: size })
      assert.ok(Buffer.concat([decrypter.update(ciphertext), decrypter.final()]).equals(plaintext))
      const content = openContent(cipher, memorySource(ciphertext), { plainSize: size })
      assert.ok(Buffer.from(content.read(0, size)).equals(plaintext))
    }
  })

  test(`${mode}: how a stream is cut does not matter`, () => {
    const cipher: ContentCipher = { mode, key }
    const sizes = fc.array(fc.integer({ min: 0, max: 5000 }), { maxLength: 6 })
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20_000 }), sizes, sizes, (size, plainCuts, cipherCuts) => {
        const plaintext = pattern(size)
        const encrypter = createContentEncrypter(cipher)
        const pieces = cut(plaintext, plainCuts).map((piece) => encrypter.update(piece))
        const ciphertext = Buffer.concat([...pieces, encrypter.final()])
        assert.ok(ciphertext.equals(Buffer.from(encryptRange(createChunkCipher(cipher), plaintext, 0, true))))
        const decrypter = createContentDecrypter(cipher, { plainSize: size })
        const opened = cut(ciphertext, cipherCuts).map((piece) => decrypter.update(piece))
        assert.ok(Buffer.concat([...opened, decrypter.final()]).equals(plaintext))
      }),
      { numRuns: 60 },
    )
  })

  test(`${mode}: any range reads like the whole`, () => {
    const cipher: ContentCipher = { mode, key }
    const plaintext = pattern(20_001)
    const content = openContent(cipher, memorySource(encrypted(cipher, plaintext)), { plainSize: plaintext.length })
    const place = fc.integer({ min: 0, max: 21_000 })
    fc.assert(
      fc.property(place, place, (offset, length) => {
        const expected = plaintext.subarray(offset, offset + length)
        assert.ok(Buffer.from(content.read(offset, length)).equals(expected))
      }),
      { numRuns: 60 },
    )
  })
}

test('a range that starts at a chunk decrypts alone', () => {
  const cipher: ContentCipher = { mode: 'cbc4k', key }
  const plaintext = pattern(10_000)
  const ciphertext = encrypted(cipher, plaintext)
  assert.ok(
    Buffer.from(decryptRange(createChunkCipher(cipher), ciphertext.subarray(4096, 8192), 1, false)).equals(
      plaintext.subarray(4096, 8192),
    ),
  )
  assert.ok(
    Buffer.from(decryptRange(createChunkCipher(cipher), ciphertext.subarray(8192), 2, true)).equals(
      plaintext.subarray(8192),
    ),
  )
})

test('padded content tells its own size', () => {
  const cipher: ContentCipher = { mode: 'cbc4k', key }
  for (const size of [0, 1, 4095, 4096, 4097]) {
    assert.equal(openContent(cipher, memorySource(encrypted(cipher, pattern(size)))).size, size)
  }
})

test('a wrong key is reported by the padding', () => {
  const ciphertext = encrypted({ mode: 'cbc4k', key }, pattern(5000))
  const other: ContentCipher = { mode: 'cbc4k', key: Buffer.alloc(16, 9) }
  assert.throws(() => openContent(other, memorySource(ciphertext)), { code: 'content-key-mismatch' })
  const decrypter = createContentDecrypter(other)
  decrypter.update(ciphertext)
  assert.throws(() => decrypter.final(), { code: 'content-key-mismatch' })
})

test('a size that the content does not have is refused', () => {
  const padded: ContentCipher = { mode: 'cbc4k', key }
  const source = memorySource(encrypted(padded, pattern(100)))
  assert.throws(() => openContent(padded, source, { plainSize: 99 }), { code: 'content-size-mismatch' })
  const unpadded: ContentCipher = { mode: 'ecb', key }
  assert.throws(() => openContent(unpadded, source, { plainSize: 113 }), { code: 'content-size-mismatch' })
  const decrypter = createContentDecrypter(unpadded, { plainSize: 113 })
  decrypter.update(source.read(0, 112))
  assert.throws(() => decrypter.final(), { code: 'content-size-mismatch' })
})

test('ciphertext that is cut off is refused', () => {
  const cipher: ContentCipher = { mode: 'cbc4k', key }
  assert.throws(() => openContent(cipher, memorySource(new Uint8Array(0))), { code: 'content-ciphertext-empty' })
  assert.throws(() => openContent(cipher, memorySource(new Uint8Array(17))), { code: 'content-block-size-invalid' })
  assert.throws(() => createContentDecrypter(cipher).final(), { code: 'content-ciphertext-empty' })
})
