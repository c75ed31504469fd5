/** Identifiers from the random bytes that a caller hands in. */

export type RandomBytes = (bytes: number) => Uint8Array

/** A random GUID (RFC 9562, version 4) in braces, lower case. */
export function randomGuid(random: RandomBytes): string {
  const bytes = Buffer.from(random(16))
  bytes.writeUInt8(((bytes[6] ?? 0) & 0x0f) | 0x40, 6)
  bytes.writeUInt8(((bytes[8] ?? 0) & 0x3f) | 0x80, 8)
  const hex = bytes.toString('hex')
  return `{${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}}`
}
