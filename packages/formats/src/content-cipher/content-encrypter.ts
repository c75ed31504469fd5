/** Streaming encryption with constant memory. */
import { createChunkAligner } from './chunk-aligner.ts'
import { createChunkCipher } from './chunk-cipher.ts'
import { cipherModes } from './cipher-mode.ts'
import type { ContentCipher } from './content-cipher.ts'
import { encryptRange } from './final-chunk.ts'

export interface ContentEncrypter {
  /** Ciphertext that is ready; may be empty. */
  update(plaintext: Uint8Array): Uint8Array
  /** The end: padding or zero fill included. */
  final(): Uint8Array
}

/** @throws RightsError `content-key-size-invalid` */
export function createContentEncrypter(cipher: ContentCipher): ContentEncrypter {
  const chunks = createChunkCipher(cipher)
  const { chunkSize } = cipherModes[cipher.mode]
  const aligner = createChunkAligner(chunkSize, false)
  let chunk = 0
  return {
    update: (plaintext) => {
      const ready = aligner.push(plaintext)
      const ciphertext = encryptRange(chunks, ready, chunk, false)
      chunk += ready.length / chunkSize
      return ciphertext
    },
    final: () => encryptRange(chunks, aligner.rest(), chunk, true),
  }
}

/** The ciphertext of a whole content, piece by piece. */
export function* encryptContent(cipher: ContentCipher, pieces: Iterable<Uint8Array>): Generator<Uint8Array> {
  const encrypter = createContentEncrypter(cipher)
  for (const piece of pieces) {
    const ciphertext = encrypter.update(piece)
    if (ciphertext.length > 0) yield ciphertext
  }
  const end = encrypter.final()
  if (end.length > 0) yield end
}
