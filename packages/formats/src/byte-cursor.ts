/** Little-endian reading of a small structure, front to back. Every read is compared with what remains. */
import { type ErrorCode, RightsError } from '@sealward/xrml'

export interface ByteCursor {
  readonly remaining: number
  u16(): number
  u32(): number
  take(length: number): Buffer
  /** Length-prefixed text, filled with zeros to a multiple of four bytes (MS-OFFCRYPTO 2.1.2, 2.1.3). */
  text(encoding: 'utf16le' | 'utf8'): string
}

/** @throws (on a read beyond the end) RightsError with `code` */
export function createByteCursor(bytes: Uint8Array, code: ErrorCode): ByteCursor {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  let at = 0
  const take = (length: number): Buffer => {
    if (length > buffer.length - at) throw new RightsError(code, { detail: 'a length goes beyond the end' })
    at += length
    return buffer.subarray(at - length, at)
  }
  const u32 = (): number => take(4).readUInt32LE()
  return {
    get remaining() {
      return buffer.length - at
    },
    u16: () => take(2).readUInt16LE(),
    u32,
    take,
    text: (encoding) => {
      const length = u32()
      const text = take(length).toString(encoding)
      take(Math.min(fillOf(length), buffer.length - at))
      return text
    },
  }
}

/** The encoding that `text` of a cursor reads. */
export function encodePrefixedText(text: string | Uint8Array, encoding: 'utf16le' | 'utf8' = 'utf8'): Buffer {
  const bytes = typeof text === 'string' ? Buffer.from(text, encoding) : text
  return Buffer.concat([encodeU32(bytes.length), bytes, Buffer.alloc(fillOf(bytes.length))])
}

export function encodeU32(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4)
  for (const [index, value] of values.entries()) bytes.writeUInt32LE(value, index * 4)
  return bytes
}

function fillOf(length: number): number {
  return -length & 3
}
