/**
 * Values of DER (X.690) inside a token. Only what can be read in one way is read: whoever could spell a token differently
 * could send it twice.
 */
import { RightsError } from '@sealward/xrml'

export interface DerValue {
  readonly tag: number
  readonly content: Uint8Array
}

/** All values that the bytes consist of. @throws RightsError `credentials-refused` */
export function readDer(bytes: Uint8Array): readonly DerValue[] {
  const values: DerValue[] = []
  for (let offset = 0; offset < bytes.length; ) {
    const tag = byteAt(bytes, offset)
    // Tags of several bytes do not occur.
    if ((tag & 0x1f) === 0x1f) throw notDer()
    const { length, start } = readLength(bytes, offset + 1)
    if (length > bytes.length - start) throw notDer()
    values.push({ tag, content: bytes.subarray(start, start + length) })
    offset = start + length
  }
  return values
}

/** The one value that the bytes are. @throws RightsError `credentials-refused` */
export function readOnly(bytes: Uint8Array, tag: number): Uint8Array {
  const [value, more] = readDer(bytes)
  if (value === undefined || more !== undefined || value.tag !== tag) throw notDer()
  return value.content
}

/** The content of the one value with that tag, if there is one. @throws RightsError `credentials-refused` */
export function member(values: readonly DerValue[], tag: number): Uint8Array | undefined {
  const [value, more] = values.filter((candidate) => candidate.tag === tag)
  if (more !== undefined) throw notDer()
  return value?.content
}

function readLength(bytes: Uint8Array, offset: number): { readonly length: number; readonly start: number } {
  const first = byteAt(bytes, offset)
  if (first < 0x80) return { length: first, start: offset + 1 }
  const count = first & 0x7f
  if (count === 0 || count > 3) throw notDer()
  let length = 0
  for (let index = 1; index <= count; index++) length = length * 256 + byteAt(bytes, offset + index)
  // The shortest form is the only one.
  if (length < 0x80 || length < 256 ** (count - 1)) throw notDer()
  return { length, start: offset + 1 + count }
}

function byteAt(bytes: Uint8Array, offset: number): number {
  const byte = bytes[offset]
  if (byte === undefined) throw notDer()
  return byte
}

function notDer(): RightsError {
  return new RightsError('credentials-refused', { detail: 'the token is not DER' })
}
