/**
 * The header of a PFILE: clear-text notice, original extension, publishing licence and metadata in front of the
 * encrypted content. Integers are little-endian, offsets count from the start of the file. Which fields exist follows
 * from the header size, not from the version.
 */
import { RightsError } from '@sealward/xrml'
import { type ByteSource, readExactly, sourceRange } from '../byte-source.ts'
import { cipherBlockSize } from '../content-cipher/cipher-mode.ts'
import { readLicenseBytes } from '../license-bytes.ts'

export const pfileMagic = Buffer.from('.pfile', 'ascii')
/** Original size field of a writer that does not know or tell. */
export const unknownSize = 0xffff_ffff_ffff_ffffn

const preambleSize = 18
const smallestHeader = 24
/** Genuine ones have about 400 bytes. */
const maxNotice = 65_536
const maxExtension = 1024

export interface PfileHeader {
  readonly majorVersion: number
  readonly minorVersion: number
  /** The text that tells readers without a viewer where to get one. */
  readonly notice: Uint8Array
  /** 24, 40, 48 in known files; larger ones are read by skipping. */
  readonly headerSize: number
  /** As stored, untrusted. */
  readonly extension: Uint8Array
  /** As stored, with BOM and NULs. */
  readonly license: Uint8Array
  /** As stored; absent in headers below 32 bytes. */
  readonly originalSize: bigint | undefined
  readonly metadata: ByteSource
  /** Header bytes behind the known fields. */
  readonly unknownFields: Uint8Array
  readonly contentOffset: number
}

interface Area {
  readonly offset: number
  readonly length: number
}

/** @throws RightsError `pfile-damaged`, `pfile-version-unsupported`, `license-text-refused` */
export function readPfileHeader(source: ByteSource): PfileHeader {
  if (source.size < preambleSize) throw damaged('shorter than a header')
  const preamble = Buffer.from(readExactly(source, 0, preambleSize))
  if (!preamble.subarray(0, pfileMagic.length).equals(pfileMagic)) throw damaged('no PFILE magic')
  const majorVersion = preamble.readUInt32LE(6)
  const minorVersion = preamble.readUInt32LE(10)
  // Larger numbers are text that happens to start with the magic.
  if (majorVersion >= 256 || minorVersion >= 256) throw damaged('no version number')
  if (majorVersion < 2 || majorVersion > 3) {
    throw new RightsError('pfile-version-unsupported', { detail: `${majorVersion}.${minorVersion}` })
  }
  const noticeSize = preamble.readUInt32LE(14)
  if (noticeSize > maxNotice || preambleSize + noticeSize + smallestHeader > source.size) throw damaged('notice length')
  const headerStart = preambleSize + noticeSize
  const headerSize = Buffer.from(readExactly(source, headerStart, 4)).readUInt32LE()
  const headerEnd = headerStart + headerSize
  if (headerSize < smallestHeader || headerEnd > source.size) throw damaged('header size')

  const known = Math.min(headerSize, 40)
  const fields = Buffer.from(readExactly(source, headerStart, known))
  const area = (at: number): Area => ({ offset: fields.readUInt32LE(at), length: fields.readUInt32LE(at + 4) })
  const extension = area(4)
  const license = area(12)
  const contentOffset = fields.readUInt32LE(20)
  const metadata = known >= 40 ? area(32) : { offset: contentOffset, length: 0 }
  checkAreas([extension, license, metadata], headerEnd, contentOffset, source.size)
  if (extension.length > maxExtension) throw damaged('extension length')
  if ((source.size - contentOffset) % cipherBlockSize !== 0) throw damaged('content is not a multiple of 16 bytes')
  return {
    majorVersion,
    minorVersion,
    notice: readExactly(source, preambleSize, noticeSize),
    headerSize,
    extension: readExactly(source, extension.offset, extension.length),
    license: readLicenseBytes(source, license.offset, license.length),
    originalSize: known >= 32 ? fields.readBigUInt64LE(24) : undefined,
    metadata: sourceRange(source, metadata.offset, metadata.length),
    unknownFields: readExactly(source, headerStart + known, Math.min(headerSize - known, maxNotice)),
    contentOffset,
  }
}

/** The bytes in front of the content, in the order of all known writers: no gaps, areas one after the other. */
export function encodePfileHeader(header: {
  readonly majorVersion: number
  readonly minorVersion: number
  readonly notice: Uint8Array
  readonly headerSize: number
  readonly extension: Uint8Array
  readonly license: Uint8Array
  readonly originalSize: bigint | undefined
  readonly metadata: Uint8Array
  readonly unknownFields: Uint8Array
}): Uint8Array {
  const { notice, headerSize, extension, license, metadata } = header
  const preamble = Buffer.alloc(preambleSize)
  preamble.set(pfileMagic)
  preamble.writeUInt32LE(header.majorVersion, 6)
  preamble.writeUInt32LE(header.minorVersion, 10)
  preamble.writeUInt32LE(notice.length, 14)

  const extensionOffset = preambleSize + notice.length + headerSize
  const licenseOffset = extensionOffset + extension.length
  const metadataOffset = licenseOffset + license.length
  const fields = Buffer.alloc(headerSize)
  fields.writeUInt32LE(headerSize, 0)
  fields.writeUInt32LE(extensionOffset, 4)
  fields.writeUInt32LE(extension.length, 8)
  fields.writeUInt32LE(licenseOffset, 12)
  fields.writeUInt32LE(license.length, 16)
  fields.writeUInt32LE(metadataOffset + metadata.length, 20)
  if (headerSize >= 32) fields.writeBigUInt64LE(header.originalSize ?? unknownSize, 24)
  if (headerSize >= 40) {
    fields.writeUInt32LE(metadataOffset, 32)
    fields.writeUInt32LE(metadata.length, 36)
  }
  fields.set(header.unknownFields, Math.min(headerSize, 40))
  return Buffer.concat([preamble, notice, fields, extension, license, metadata])
}

/** Sums stay far below 2^53, so 32-bit offsets near the end cannot wrap. */
function checkAreas(areas: readonly Area[], headerEnd: number, contentOffset: number, size: number): void {
  if (contentOffset > size) throw damaged('content offset')
  let end = headerEnd
  for (const { offset, length } of areas.toSorted((a, b) => a.offset - b.offset || a.length - b.length)) {
    // An empty area may stand anywhere in the file: writers put it where the content starts.
    if (length === 0 && offset <= size) continue
    if (offset < end) throw damaged('areas overlap')
    end = offset + length
  }
  if (end > contentOffset) throw damaged('an area reaches into the content')
}

function damaged(detail: string): RightsError {
  return new RightsError('pfile-damaged', { detail })
}
