/**
 * Initialisation vectors of the CBC modes. Each chunk's vector is the AES-ECB encryption of a counter block: the
 * little-endian 32-bit chunk number for 4096-byte chunks, the little-endian 64-bit byte offset for 512-byte chunks.
 * That the unpadded 4096-byte form shares the rule of the padded one is an inference; it is decided here alone.
 */
import { createCipheriv } from 'node:crypto'
import { RightsError } from '@sealward/xrml'
import { cipherBlockSize, cipherModes } from './cipher-mode.ts'
import type { ContentCipher } from './content-cipher.ts'

/** Vectors of `count` chunks from `firstChunk` on, 16 bytes each. */
export type ChunkVectors = (firstChunk: number, count: number) => Uint8Array

/** @throws (on a chunk beyond the counter) RightsError `content-too-large` */
export function createChunkVectors(cipher: ContentCipher): ChunkVectors {
  const { chunkSize } = cipherModes[cipher.mode]
  // One object for all calls: creating it costs as much as decrypting many kilobytes.
  const ecb = createCipheriv(`aes-${cipher.key.length * 8}-ecb`, cipher.key, null).setAutoPadding(false)
  return (firstChunk, count) => {
    const counters = Buffer.alloc(count * cipherBlockSize)
    for (let index = 0; index < count; index++) {
      const at = index * cipherBlockSize
      const chunk = firstChunk + index
      if (chunkSize === 512) {
        counters.writeBigUInt64LE(BigInt(chunk) * 512n, at)
      } else {
        if (chunk > 0xffff_ffff) throw new RightsError('content-too-large')
        counters.writeUInt32LE(chunk, at)
      }
    }
    return ecb.update(counters)
  }
}
