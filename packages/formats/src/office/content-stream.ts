/** The protected stream: the plaintext size as 64-bit prefix, then the ciphertext (MS-OFFCRYPTO 2.2.10). */
import { RightsError } from '@sealward/xrml'
import { type ByteSource, readExactly, readPieces, type StreamContent, sourceRange } from '../byte-source.ts'
import { cipherBlockSize, cipherSize } from '../content-cipher/cipher-mode.ts'
import type { ContentCipher } from '../content-cipher/content-cipher.ts'
import { encryptContent } from '../content-cipher/content-encrypter.ts'

export interface ContentStream {
  /** Plaintext bytes. */
  readonly contentSize: number
  readonly ciphertext: ByteSource
}

const prefixSize = 8
/** Writers fill up to the next 4096 at most. */
const maxFill = 4096

/** @throws RightsError `content-stream-damaged` */
export function readContentStream(stream: ByteSource): ContentStream {
  if (stream.size < prefixSize) throw damaged('no size prefix')
  const declared = Buffer.from(readExactly(stream, 0, prefixSize)).readBigUInt64LE()
  const ciphertext = sourceRange(stream, prefixSize, stream.size - prefixSize)
  if (declared > BigInt(ciphertext.size)) throw damaged('the size prefix is larger than the stream')
  const contentSize = Number(declared)
  if (ciphertext.size % cipherBlockSize !== 0) throw damaged('not a multiple of 16 bytes')
  if (ciphertext.size - contentSize > maxFill) throw damaged('the size prefix is far below the stream size')
  return { contentSize, ciphertext }
}

export function newContentStream(cipher: ContentCipher, content: ByteSource): StreamContent {
  return {
    size: prefixSize + cipherSize(cipher.mode, content.size),
    chunks: function* () {
      const prefix = Buffer.alloc(prefixSize)
      prefix.writeBigUInt64LE(BigInt(content.size))
      yield prefix
      yield* encryptContent(cipher, readPieces(content))
    },
  }
}

function damaged(detail: string): RightsError {
  return new RightsError('content-stream-damaged', { detail })
}
