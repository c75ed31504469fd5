/**
 * Where everything of a new compound file goes. All sizes are known before writing starts, so each chain is one
 * contiguous region and the file can be written front to back: header, DIFAT, FAT, directory, mini FAT, mini stream,
 * large streams.
 */
import { RightsError } from '@sealward/xrml'
import { directoryEntrySize } from './directory-entry.ts'
import { type CompoundFileVersion, headerDifatEntries, miniSectorSize, sectorSizeOf } from './header.ts'

export interface Region {
  /** Number of the first sector; meaningless when the region is empty. */
  readonly first: number
  readonly count: number
}

export interface CompoundFileLayout {
  readonly version: CompoundFileVersion
  readonly sectorSize: number
  readonly difat: Region
  readonly fat: Region
  readonly directory: Region
  readonly miniFat: Region
  readonly miniStream: Region
  readonly streams: readonly Region[]
  readonly sectorCount: number
  /** The sector that holds the range lock bytes and nothing else (MS-CFB 2.8), in version 4 files that reach it. */
  readonly rangeLockSector: number | undefined
  /** The sector after this one in a contiguous region. */
  next(sector: number): number
}

/** Largest file of version 3: readers of that age use signed 32-bit offsets (MS-CFB 2.6.1). */
const version3MaxSize = 0x7fff_ffff
/** Sector numbers stay below the special ones. */
const maxSectors = 0xffff_fff0
const rangeLockOffset = 0x7fff_ff00

/** Version 3 unless the content asks for more than version 3 can hold. */
export function chooseVersion(contentSize: number): CompoundFileVersion {
  // FAT and DIFAT take below 1 % on top of the content.
  return contentSize * 1.01 + 16 * 1024 * 1024 < version3MaxSize ? 3 : 4
}

/** @throws RightsError `content-too-large` */
export function planLayout(input: {
  readonly version: CompoundFileVersion
  readonly entries: number
  readonly miniStreamSize: number
  readonly streamSizes: readonly number[]
}): CompoundFileLayout {
  const { version } = input
  const sectorSize = sectorSizeOf(version)
  const sectors = (size: number): number => Math.ceil(size / sectorSize)
  const directoryCount = sectors(input.entries * directoryEntrySize)
  const miniFatCount = sectors((input.miniStreamSize / miniSectorSize) * 4)
  const miniStreamCount = sectors(input.miniStreamSize)
  const streamCounts = input.streamSizes.map(sectors)
  const content = streamCounts.reduce((sum, count) => sum + count, directoryCount + miniFatCount + miniStreamCount)
  const { fatCount, difatCount } = tableSectors(content, sectorSize)
  const used = content + fatCount + difatCount

  const lock = version === 4 ? rangeLockSectorNumber(sectorSize) : Number.POSITIVE_INFINITY
  const skipLock = (sector: number): number => (sector < lock ? sector : sector + 1)
  let at = 0
  const region = (count: number): Region => {
    const first = skipLock(at)
    at += count
    return { first, count }
  }
  const sectorCount = used > lock ? used + 1 : used
  if (sectorCount > maxSectors || (version === 3 && (sectorCount + 1) * sectorSize > version3MaxSize)) {
    throw new RightsError('content-too-large')
  }
  return {
    version,
    sectorSize,
    difat: region(difatCount),
    fat: region(fatCount),
    directory: region(directoryCount),
    miniFat: region(miniFatCount),
    miniStream: region(miniStreamCount),
    streams: streamCounts.map(region),
    sectorCount,
    rangeLockSector: sectorCount > lock ? lock : undefined,
    next: (sector) => (sector + 1 === lock ? sector + 2 : sector + 1),
  }
}

/** Tables describe their own sectors too: grow them until they cover everything. */
function tableSectors(content: number, sectorSize: number): { fatCount: number; difatCount: number } {
  const perSector = sectorSize / 4
  let fatCount = 0
  let difatCount = 0
  for (;;) {
    // One more for the range lock sector, which is in the FAT although nothing is stored there.
    const needed = Math.ceil((content + fatCount + difatCount + 1) / perSector)
    if (needed === fatCount) return { fatCount, difatCount }
    fatCount = needed
    difatCount = Math.ceil(Math.max(0, fatCount - headerDifatEntries) / (perSector - 1))
  }
}

function rangeLockSectorNumber(sectorSize: number): number {
  return Math.floor(rangeLockOffset / sectorSize) - 1
}
