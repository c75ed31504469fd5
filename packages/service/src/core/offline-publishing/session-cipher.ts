/**
 * What a client has encrypted with the session key of a JSON licence: AES in CBC over chunks of 4096 bytes, the vector of
 * a chunk being its encrypted number, or ECB. Padding is not looked at: the client cuts its buffer somewhere behind the
 * text, and in long texts leaves rubbish behind every chunk.
 */
import { createCipheriv, createDecipheriv } from 'node:crypto'
import type { EncryptedKey } from '@sealward/protocol'

const chunkBytes = 4096
const blockBytes = 16

/** What lies between the starts of two chunks: the chunk alone, or with what one client leaves behind each. */
const strides = [chunkBytes, chunkBytes + 316]

const keySizes = [16, 32]

export function isSessionKey(key: Uint8Array): boolean {
  return keySizes.includes(key.length)
}

/**
 * The texts that the bytes may stand for; only one of them means something.
 * @param key of a size that `isSessionKey` accepts
 */
export function* possibleTexts(
  key: Uint8Array,
  { mode, encrypted }: EncryptedKey,
): Generator<Uint8Array, void, undefined> {
  if (mode === 'ecb') {
    yield decryptBlocks(key, encrypted, undefined)
    return
  }
  for (const stride of encrypted.length > chunkBytes ? strides : [chunkBytes]) {
    const chunks: Uint8Array[] = []
    for (let at = 0; at < encrypted.length; at += stride) {
      const chunk = encrypted.subarray(at, at + chunkBytes)
      chunks.push(decryptBlocks(key, chunk, vectorOf(key, chunks.length)))
    }
    yield Buffer.concat(chunks)
  }
}

function vectorOf(key: Uint8Array, chunk: number): Uint8Array {
  const number = Buffer.alloc(blockBytes)
  number.writeUInt32LE(chunk)
  return createCipheriv(algorithm(key, 'ecb'), key, null).setAutoPadding(false).update(number)
}

/** Whole blocks; what is left of one at the end is no part of the text. */
function decryptBlocks(key: Uint8Array, bytes: Uint8Array, vector: Uint8Array | undefined): Uint8Array {
  const whole = bytes.subarray(0, bytes.length - (bytes.length % blockBytes))
  const mode = vector === undefined ? 'ecb' : 'cbc'
  return createDecipheriv(algorithm(key, mode), key, vector ?? null)
    .setAutoPadding(false)
    .update(whole)
}

function algorithm(key: Uint8Array, mode: 'cbc' | 'ecb'): string {
  return `aes-${key.length * 8}-${mode}`
}
