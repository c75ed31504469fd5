/**
 * Identifiers of directory entries: security identifiers as bytes (MS-DTYP 2.4.2.2), GUIDs as bytes (MS-DTYP 2.3.4), and
 * identifiers for the people of servers that know no security identifiers.
 */

const sidForm = /^S-1-(\d{1,15})((?:-\d{1,10}){1,15})$/
const uuidForm = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const revision = 1
const headerBytes = 8
const authorityMost = 2 ** 48 - 1
const partMost = 2 ** 32 - 1

/** @returns undefined for what is no security identifier */
export function sidFromBytes(bytes: Uint8Array): string | undefined {
  const buffer = Buffer.from(bytes)
  const count = buffer.at(1) ?? 0
  if (buffer.at(0) !== revision || count < 1 || count > 15 || buffer.length !== headerBytes + 4 * count)
    return undefined
  const parts = Array.from({ length: count }, (_, index) => buffer.readUInt32LE(headerBytes + 4 * index))
  return `S-1-${[buffer.readUIntBE(2, 6), ...parts].join('-')}`
}

/** @returns undefined for what is no security identifier */
export function sidToBytes(sid: string): Buffer | undefined {
  const [, authority = '', rest = ''] = sidForm.exec(sid) ?? []
  if (rest === '' || Number(authority) > authorityMost) return undefined
  const parts = rest.slice(1).split('-').map(Number)
  if (parts.some((part) => part > partMost)) return undefined
  const bytes = Buffer.alloc(headerBytes + 4 * parts.length)
  bytes.writeUInt8(revision, 0)
  bytes.writeUInt8(parts.length, 1)
  bytes.writeUIntBE(Number(authority), 2, 6)
  for (const [index, part] of parts.entries()) bytes.writeUInt32LE(part, headerBytes + 4 * index)
  return bytes
}

/** The identifier of another entry of the same domain: what differs is the last part. */
export function sidOfSameDomain(sid: string, last: string): string {
  return `${sid.slice(0, sid.lastIndexOf('-'))}-${last}`
}

/** `objectGUID`: the first three fields are little-endian. @returns undefined for what is not 16 bytes long */
export function guidFromBytes(bytes: Uint8Array): string | undefined {
  if (bytes.length !== 16) return undefined
  return dashed(swapped(Buffer.from(bytes)).toString('hex'))
}

/** @returns undefined for what is no GUID */
export function guidToBytes(guid: string): Buffer | undefined {
  return uuidForm.test(guid) ? swapped(Buffer.from(guid.replaceAll('-', ''), 'hex')) : undefined
}

function swapped(bytes: Buffer): Buffer {
  bytes.subarray(0, 4).reverse()
  bytes.subarray(4, 6).reverse()
  bytes.subarray(6, 8).reverse()
  return bytes
}

function dashed(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5').toLowerCase()
}

/** The 128 bits of a UUID and one part more: accounts of Windows domains have four parts there. */
const syntheticForm = /^S-1-5-21((?:-\d{1,10}){4})-1000$/

/**
 * An identifier for somebody whom the directory gives none, from `entryUUID` (RFC 4530): always the same, never given
 * again, and never that of an account of a Windows domain.
 */
export function syntheticSid(uuid: string): string | undefined {
  if (!uuidForm.test(uuid)) return undefined
  const bytes = Buffer.from(uuid.replaceAll('-', ''), 'hex')
  return `S-1-5-21-${[0, 4, 8, 12].map((at) => bytes.readUInt32BE(at)).join('-')}-1000`
}

/** @returns undefined for a security identifier that was not made by `syntheticSid` */
export function uuidOfSyntheticSid(sid: string): string | undefined {
  const [, rest = ''] = syntheticForm.exec(sid) ?? []
  const parts = rest.slice(1).split('-').map(Number)
  if (rest === '' || parts.some((part) => part > partMost)) return undefined
  const bytes = Buffer.alloc(16)
  for (const [index, part] of parts.entries()) bytes.writeUInt32BE(part, 4 * index)
  return dashed(bytes.toString('hex'))
}
