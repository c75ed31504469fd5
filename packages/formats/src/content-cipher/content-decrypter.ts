/** Streaming decryption with constant memory, for ciphertext that arrives in order (a pipe, a download). */
import { RightsError } from '@sealward/xrml'
import { createChunkAligner } from './chunk-aligner.ts'
import { createChunkCipher } from './chunk-cipher.ts'
import { cipherModes } from './cipher-mode.ts'
import type { ContentCipher } from './content-cipher.ts'
import { decryptRange } from './final-chunk.ts'

export interface ContentDecrypter {
  /** Plaintext that is ready; may be empty. */
  update(ciphertext: Uint8Array): Uint8Array
  /**
   * The rest of the plaintext.
   * @throws RightsError `content-key-mismatch`, `content-size-mismatch`, `content-block-size-invalid`, `content-ciphertext-empty`
   */
  final(): Uint8Array
}

/**
 * @param options.plainSize size from the container. The unpadded modes cut there; the padded mode compares.
 * @throws RightsError `content-key-size-invalid`
 */
export function createContentDecrypter(
  cipher: ContentCipher,
  options: { readonly plainSize?: number | undefined } = {},
): ContentDecrypter {
  const chunks = createChunkCipher(cipher)
  const { chunkSize, padding } = cipherModes[cipher.mode]
  const aligner = createChunkAligner(chunkSize, padding === 'pkcs7')
  const { plainSize } = options
  let chunk = 0
  let produced = 0

  const cut = (plaintext: Uint8Array): Uint8Array => {
    const wanted = plainSize === undefined || padding === 'pkcs7' ? plaintext.length : plainSize - produced
    const kept = plaintext.subarray(0, wanted)
    produced += kept.length
    return kept
  }
  return {
    update: (ciphertext) => {
      const ready = aligner.push(ciphertext)
      const plaintext = decryptRange(chunks, ready, chunk, false)
      chunk += ready.length / chunkSize
      return cut(plaintext)
    },
    final: () => {
      const plaintext = cut(decryptRange(chunks, aligner.rest(), chunk, true))
      if (plainSize !== undefined && produced !== plainSize) throw new RightsError('content-size-mismatch')
      return plaintext
    },
  }
}
