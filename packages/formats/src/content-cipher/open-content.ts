/** Decrypted content as a source: any range can be read, and only the chunks that hold it are decrypted. */
import { RightsError } from '@sealward/xrml'
import { type ByteSource, readExactly } from '../byte-source.ts'
import { type ChunkCipher, createChunkCipher } from './chunk-cipher.ts'
import { cipherBlockSize, cipherModes } from './cipher-mode.ts'
import type { ContentCipher } from './content-cipher.ts'
import { decryptRange } from './final-chunk.ts'

/**
 * @param options.plainSize size from the container; without it the unpadded modes show their fill as content.
 * @throws RightsError `content-key-mismatch` (padding), `content-size-mismatch`, `content-block-size-invalid`,
 * `content-ciphertext-empty`, `content-key-size-invalid`
 */
export function openContent(
  cipher: ContentCipher,
  ciphertext: ByteSource,
  options: { readonly plainSize?: number | undefined } = {},
): ByteSource {
  const chunks = createChunkCipher(cipher)
  if (ciphertext.size % cipherBlockSize !== 0) throw new RightsError('content-block-size-invalid')
  const { chunkSize } = cipherModes[cipher.mode]
  const size = contentSize(chunks, ciphertext, options.plainSize)
  return {
    size,
    read: (offset, length) => {
      const from = Math.max(0, Math.min(offset, size))
      const to = Math.max(from, Math.min(offset + length, size))
      if (from === to) return new Uint8Array(0)
      const chunk = Math.floor(from / chunkSize)
      const start = chunk * chunkSize
      const end = Math.min(Math.ceil(to / chunkSize) * chunkSize, ciphertext.size)
      const plaintext = chunks.decrypt(readExactly(ciphertext, start, end - start), chunk)
      return plaintext.subarray(from - start, to - start)
    },
  }
}

function contentSize(chunks: ChunkCipher, ciphertext: ByteSource, plainSize: number | undefined): number {
  const { chunkSize, padding } = cipherModes[chunks.mode]
  if (padding === 'none') {
    if (plainSize !== undefined && plainSize > ciphertext.size) throw new RightsError('content-size-mismatch')
    return plainSize ?? ciphertext.size
  }
  if (ciphertext.size === 0) throw new RightsError('content-ciphertext-empty')
  const lastChunk = Math.ceil(ciphertext.size / chunkSize) - 1
  const start = lastChunk * chunkSize
  const last = decryptRange(chunks, readExactly(ciphertext, start, ciphertext.size - start), lastChunk, true)
  const size = start + last.length
  if (plainSize !== undefined && plainSize !== size) throw new RightsError('content-size-mismatch')
  return size
}
