/** The header of a compound file and the special sector numbers (MS-CFB 2.1, 2.2). */
import { RightsError } from '@sealward/xrml'
import { type ByteSource, readExactly } from '../byte-source.ts'

export const compoundFileSignature = Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1)

/** Special values of a FAT entry or a chain's start (MS-CFB 2.1). */
export const sectorNumber = {
  maxRegular: 0xffff_fffa,
  difat: 0xffff_fffc,
  fat: 0xffff_fffd,
  endOfChain: 0xffff_fffe,
  free: 0xffff_ffff,
} as const

export const headerDifatEntries = 109
export const miniSectorSize = 64
/** Streams below this size live in the mini stream (MS-CFB 2.2). */
export const miniStreamCutoff = 4096

const headerFieldsSize = 512

export type CompoundFileVersion = 3 | 4

export interface CompoundFileHeader {
  readonly version: CompoundFileVersion
  readonly directorySectors: number
  readonly fatSectors: number
  readonly firstDirectorySector: number
  readonly firstMiniFatSector: number
  readonly miniFatSectors: number
  readonly firstDifatSector: number
  readonly difatSectors: number
  /** The first 109 FAT sector numbers; unused ones are free. */
  readonly difat: readonly number[]
}

export function sectorSizeOf(version: CompoundFileVersion): number {
  return version === 3 ? 512 : 4096
}

/** @throws RightsError `compound-file-damaged` */
export function readHeader(source: ByteSource): CompoundFileHeader {
  if (source.size < headerFieldsSize) throw damaged('shorter than a header')
  const bytes = Buffer.from(readExactly(source, 0, headerFieldsSize))
  if (!bytes.subarray(0, 8).equals(compoundFileSignature)) throw damaged('no compound file signature')
  const version = bytes.readUInt16LE(0x1a)
  if (version !== 3 && version !== 4) throw damaged(`version ${version}`)
  const isRegular =
    bytes.readUInt16LE(0x1c) === 0xfffe &&
    1 << (bytes.readUInt16LE(0x1e) & 31) === sectorSizeOf(version) &&
    bytes.readUInt16LE(0x20) === 6 &&
    bytes.readUInt32LE(0x38) === miniStreamCutoff
  if (!isRegular) throw damaged('byte order, sector sizes or mini stream cutoff')
  return {
    version,
    directorySectors: bytes.readUInt32LE(0x28),
    fatSectors: bytes.readUInt32LE(0x2c),
    firstDirectorySector: bytes.readUInt32LE(0x30),
    firstMiniFatSector: bytes.readUInt32LE(0x3c),
    miniFatSectors: bytes.readUInt32LE(0x40),
    firstDifatSector: bytes.readUInt32LE(0x44),
    difatSectors: bytes.readUInt32LE(0x48),
    difat: Array.from({ length: headerDifatEntries }, (_, index) => bytes.readUInt32LE(0x4c + index * 4)),
  }
}

/** The first sector of the file; version 4 fills it up to 4096 bytes with zeros. */
export function encodeHeader(header: CompoundFileHeader): Uint8Array {
  const bytes = Buffer.alloc(sectorSizeOf(header.version))
  bytes.set(compoundFileSignature)
  bytes.writeUInt16LE(0x3e, 0x18)
  bytes.writeUInt16LE(header.version, 0x1a)
  bytes.writeUInt16LE(0xfffe, 0x1c)
  bytes.writeUInt16LE(header.version === 3 ? 9 : 12, 0x1e)
  bytes.writeUInt16LE(6, 0x20)
  // Version 3 files leave this count zero (MS-CFB 2.2).
  bytes.writeUInt32LE(header.version === 3 ? 0 : header.directorySectors, 0x28)
  bytes.writeUInt32LE(header.fatSectors, 0x2c)
  bytes.writeUInt32LE(header.firstDirectorySector, 0x30)
  bytes.writeUInt32LE(miniStreamCutoff, 0x38)
  bytes.writeUInt32LE(header.firstMiniFatSector, 0x3c)
  bytes.writeUInt32LE(header.miniFatSectors, 0x40)
  bytes.writeUInt32LE(header.firstDifatSector, 0x44)
  bytes.writeUInt32LE(header.difatSectors, 0x48)
  for (let index = 0; index < headerDifatEntries; index++) {
    bytes.writeUInt32LE(header.difat[index] ?? sectorNumber.free, 0x4c + index * 4)
  }
  return bytes
}

function damaged(detail: string): RightsError {
  return new RightsError('compound-file-damaged', { detail })
}
