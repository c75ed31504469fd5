/**
 * Encryption and decryption of whole chunks, without padding. One CBC object runs over all chunks of all calls as if
 * they were one stream: its chaining across a chunk border is undone (decrypt) or pre-compensated (encrypt) on the first
 * block of each chunk. That gives the bytes of one cipher object per chunk, several times faster.
 */
import { createCipheriv, createDecipheriv } from 'node:crypto'
import { type CipherMode, RightsError } from '@sealward/xrml'
import { createChunkVectors } from './chunk-vectors.ts'
import { cipherBlockSize, cipherModes } from './cipher-mode.ts'
import { type ContentCipher, checkContentKey } from './content-cipher.ts'

/** Chunks may come in any order; input starts at a chunk border and its size is a multiple of 16. */
export interface ChunkCipher {
  readonly mode: CipherMode
  /** @throws RightsError `content-block-size-invalid`, `content-too-large` */
  encrypt(plaintext: Uint8Array, firstChunk: number): Uint8Array
  /** @throws RightsError `content-block-size-invalid`, `content-too-large` */
  decrypt(ciphertext: Uint8Array, firstChunk: number): Uint8Array
}

type ChunkTransform = (bytes: Uint8Array, firstChunk: number) => Uint8Array

/** @throws RightsError `content-key-size-invalid` */
export function createChunkCipher(cipher: ContentCipher): ChunkCipher {
  checkContentKey(cipher.key)
  const isChained = cipher.mode !== 'ecb'
  let encrypt: ChunkTransform | undefined
  let decrypt: ChunkTransform | undefined
  return {
    mode: cipher.mode,
    encrypt: (plaintext, firstChunk) => {
      checkBlocks(plaintext)
      encrypt ??= isChained ? chainedEncryption(cipher) : plainEncryption(cipher)
      return encrypt(plaintext, firstChunk)
    },
    decrypt: (ciphertext, firstChunk) => {
      checkBlocks(ciphertext)
      decrypt ??= isChained ? chainedDecryption(cipher) : plainDecryption(cipher)
      return decrypt(ciphertext, firstChunk)
    },
  }
}

function chainedEncryption(cipher: ContentCipher): ChunkTransform {
  const { chunkSize } = cipherModes[cipher.mode]
  const vectorsOf = createChunkVectors(cipher)
  const previous = new Uint8Array(cipherBlockSize)
  const cbc = createCipheriv(algorithm(cipher, 'cbc'), cipher.key, previous).setAutoPadding(false)
  return (plaintext, firstChunk) => {
    const vectors = vectorsOf(firstChunk, Math.ceil(plaintext.length / chunkSize))
    const ciphertext = Buffer.from(plaintext)
    for (let at = 0; at < ciphertext.length; at += chunkSize) {
      const chunk = ciphertext.subarray(at, at + chunkSize)
      mixIntoFirstBlock(chunk, previous, vectors, at / chunkSize)
      const encrypted = cbc.update(chunk)
      encrypted.copy(chunk)
      previous.set(encrypted.subarray(-cipherBlockSize))
    }
    return ciphertext
  }
}

function chainedDecryption(cipher: ContentCipher): ChunkTransform {
  const { chunkSize } = cipherModes[cipher.mode]
  const vectorsOf = createChunkVectors(cipher)
  const previous = new Uint8Array(cipherBlockSize)
  const cbc = createDecipheriv(algorithm(cipher, 'cbc'), cipher.key, previous).setAutoPadding(false)
  return (ciphertext, firstChunk) => {
    const vectors = vectorsOf(firstChunk, Math.ceil(ciphertext.length / chunkSize))
    const plaintext = cbc.update(ciphertext)
    for (let at = 0; at < plaintext.length; at += chunkSize) {
      mixIntoFirstBlock(plaintext.subarray(at), previous, vectors, at / chunkSize)
      const end = Math.min(at + chunkSize, ciphertext.length)
      previous.set(ciphertext.subarray(end - cipherBlockSize, end))
    }
    return plaintext
  }
}

/** The first block, xor the ciphertext block that the CBC object saw last, xor the chunk's own vector. */
function mixIntoFirstBlock(chunk: Uint8Array, previous: Uint8Array, vectors: Uint8Array, index: number): void {
  const vector = index * cipherBlockSize
  for (let at = 0; at < cipherBlockSize; at++) {
    chunk[at] = (chunk[at] ?? 0) ^ (previous[at] ?? 0) ^ (vectors[vector + at] ?? 0)
  }
}

function plainEncryption(cipher: ContentCipher): ChunkTransform {
  const ecb = createCipheriv(algorithm(cipher, 'ecb'), cipher.key, null).setAutoPadding(false)
  return (plaintext) => ecb.update(plaintext)
}

function plainDecryption(cipher: ContentCipher): ChunkTransform {
  const ecb = createDecipheriv(algorithm(cipher, 'ecb'), cipher.key, null).setAutoPadding(false)
  return (ciphertext) => ecb.update(ciphertext)
}

function checkBlocks(bytes: Uint8Array): void {
  if (bytes.length % cipherBlockSize !== 0) throw new RightsError('content-block-size-invalid')
}

function algorithm(cipher: ContentCipher, chaining: 'cbc' | 'ecb'): string {
  return `aes-${cipher.key.length * 8}-${chaining}`
}
