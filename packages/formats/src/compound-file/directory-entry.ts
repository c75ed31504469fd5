/** One directory entry of 128 bytes (MS-CFB 2.6.1). */
import { RightsError } from '@sealward/xrml'
import type { CompoundFileVersion } from './header.ts'

export const directoryEntrySize = 128
/** Sibling or child id that stands for none. */
export const noEntry = 0xffff_ffff

export const objectType = { unallocated: 0, storage: 1, stream: 2, root: 5 } as const
export const nodeColor = { red: 0, black: 1 } as const

export interface DirectoryEntry {
  readonly name: string
  readonly type: number
  readonly color: number
  readonly left: number
  readonly right: number
  readonly child: number
  /** 16 bytes in stored order. */
  readonly classId: Uint8Array
  readonly stateBits: number
  readonly createdAt: Date | undefined
  readonly modifiedAt: Date | undefined
  readonly start: number
  readonly size: number
}

/** @throws RightsError `compound-file-damaged` */
export function decodeDirectoryEntry(bytes: Uint8Array, version: CompoundFileVersion): DirectoryEntry {
  const entry = Buffer.from(bytes.buffer, bytes.byteOffset, directoryEntrySize)
  const type = entry.readUInt8(0x42)
  return {
    name: type === objectType.unallocated ? '' : decodeName(entry),
    type,
    color: entry.readUInt8(0x43),
    left: entry.readUInt32LE(0x44),
    right: entry.readUInt32LE(0x48),
    child: entry.readUInt32LE(0x4c),
    classId: Uint8Array.from(entry.subarray(0x50, 0x60)),
    stateBits: entry.readUInt32LE(0x60),
    createdAt: fromFileTime(entry.readBigUInt64LE(0x64)),
    modifiedAt: fromFileTime(entry.readBigUInt64LE(0x6c)),
    start: entry.readUInt32LE(0x74),
    // Version 3 writers leave garbage in the upper half (MS-CFB 2.6.1).
    size: version === 3 ? entry.readUInt32LE(0x78) : Number(entry.readBigUInt64LE(0x78)),
  }
}

export function encodeDirectoryEntry(entry: DirectoryEntry): Uint8Array {
  const bytes = Buffer.alloc(directoryEntrySize)
  bytes.write(entry.name, 0, 'utf16le')
  bytes.writeUInt16LE((entry.name.length + 1) * 2, 0x40)
  bytes.writeUInt8(entry.type, 0x42)
  bytes.writeUInt8(entry.color, 0x43)
  bytes.writeUInt32LE(entry.left, 0x44)
  bytes.writeUInt32LE(entry.right, 0x48)
  bytes.writeUInt32LE(entry.child, 0x4c)
  bytes.set(entry.classId.subarray(0, 16), 0x50)
  bytes.writeUInt32LE(entry.stateBits, 0x60)
  bytes.writeBigUInt64LE(toFileTime(entry.createdAt), 0x64)
  bytes.writeBigUInt64LE(toFileTime(entry.modifiedAt), 0x6c)
  bytes.writeUInt32LE(entry.start, 0x74)
  bytes.writeBigUInt64LE(BigInt(entry.size), 0x78)
  return bytes
}

/** A slot of the last directory sector that no entry uses. */
export function encodeUnusedEntry(): Uint8Array {
  const bytes = Buffer.alloc(directoryEntrySize)
  bytes.fill(0xff, 0x44, 0x50)
  return bytes
}

function decodeName(entry: Buffer): string {
  const length = entry.readUInt16LE(0x40)
  if (length < 2 || length > 64 || length % 2 !== 0 || entry.readUInt16LE(length - 2) !== 0) {
    throw new RightsError('compound-file-damaged', { detail: 'an entry name has no proper end' })
  }
  return entry.toString('utf16le', 0, length - 2)
}

/** FILETIME counts 100-nanosecond intervals since 1601. */
const fileTimeEpoch = 116_444_736_000_000_000n
const latestTime = 8_640_000_000_000_000n

function fromFileTime(value: bigint): Date | undefined {
  const milliseconds = (value - fileTimeEpoch) / 10_000n
  return value === 0n || milliseconds > latestTime ? undefined : new Date(Number(milliseconds))
}

function toFileTime(time: Date | undefined): bigint {
  return time === undefined ? 0n : BigInt(time.getTime()) * 10_000n + fileTimeEpoch
}
