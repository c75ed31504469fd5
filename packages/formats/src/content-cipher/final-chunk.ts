/**
 * The end of content: PKCS#7 in the padded mode (always present, at most one block), zero fill in the others.
 * Padding is part of the plaintext before it is cut into chunks: content whose size is a multiple of the chunk ends in
 * one more chunk that holds a padding block alone.
 */
import { RightsError } from '@sealward/xrml'
import type { ChunkCipher } from './chunk-cipher.ts'
import { cipherBlockSize, cipherModes, cipherSize } from './cipher-mode.ts'

/** Encrypts a range that starts at chunk `chunkIndex`; the last range of a content is padded or filled. */
export function encryptRange(
  cipher: ChunkCipher,
  plaintext: Uint8Array,
  chunkIndex: number,
  isLast: boolean,
): Uint8Array {
  if (!isLast) return cipher.encrypt(plaintext, chunkIndex)
  const size = cipherSize(cipher.mode, plaintext.length)
  const padded = Buffer.alloc(size, cipherModes[cipher.mode].padding === 'pkcs7' ? size - plaintext.length : 0)
  padded.set(plaintext)
  return cipher.encrypt(padded, chunkIndex)
}

/**
 * Decrypts a range that starts at chunk `chunkIndex`; padding of the last range is removed. Fill of the unpadded modes
 * stays: only the container knows the size.
 * @throws RightsError `content-key-mismatch` when the padding is not valid
 */
export function decryptRange(
  cipher: ChunkCipher,
  ciphertext: Uint8Array,
  chunkIndex: number,
  isLast: boolean,
): Uint8Array {
  const plaintext = cipher.decrypt(ciphertext, chunkIndex)
  return isLast && cipherModes[cipher.mode].padding === 'pkcs7' ? removePadding(plaintext) : plaintext
}

function removePadding(plaintext: Uint8Array): Uint8Array {
  if (plaintext.length === 0) throw new RightsError('content-ciphertext-empty')
  const count = plaintext.at(-1) ?? 0
  const end = plaintext.length - count
  if (count < 1 || count > cipherBlockSize || !plaintext.subarray(end).every((byte) => byte === count)) {
    throw new RightsError('content-key-mismatch', { detail: 'the padding at the end is not valid' })
  }
  return plaintext.subarray(0, end)
}
