/**
 * Sector chains (MS-CFB 2.3, 2.4). A chain becomes runs of neighbouring sectors, so that a stream can be read by range.
 * Every sector belongs to one chain at most: a second claim, in the same chain or another, refuses the file. That one
 * rule stops cycles and overlaps, and bounds the work by the size of the file.
 */
import { RightsError } from '@sealward/xrml'
import { type ByteSource, readExactly } from '../byte-source.ts'
import { sectorNumber } from './header.ts'

/** Neighbouring sectors: `first`, `first + 1`, ... */
export interface SectorRun {
  readonly first: number
  readonly count: number
}

/** Marks a sector as taken. */
export type SectorClaims = (sector: number) => void

/** @throws (on a claim) RightsError `compound-file-damaged` beyond the end or when the sector is taken already */
export function createSectorClaims(sectorCount: number): SectorClaims {
  const taken = new Uint8Array(Math.ceil(sectorCount / 8))
  return (sector) => {
    if (sector >= sectorCount) throw damaged('a chain leaves the file')
    const mask = 1 << (sector & 7)
    const before = taken[sector >> 3] ?? 0
    if ((before & mask) !== 0) throw damaged('a sector belongs to two places')
    taken[sector >> 3] = before | mask
  }
}

/** The entries of a FAT or mini FAT, read page by page from its sectors. */
export type AllocationTable = (sector: number) => number

const pageSize = 4096

export function createAllocationTable(source: ByteSource): AllocationTable {
  let page = Buffer.alloc(0)
  let pageNumber = -1
  return (sector) => {
    const offset = sector * 4
    if (offset + 4 > source.size) throw damaged('a chain leaves the allocation table')
    const wanted = Math.floor(offset / pageSize)
    if (wanted !== pageNumber) {
      page = Buffer.from(source.read(wanted * pageSize, pageSize))
      pageNumber = wanted
    }
    return page.readUInt32LE(offset % pageSize)
  }
}

/**
 * Follows a chain from `start`.
 * @param needed sectors that the stream's size asks for; the chain may be longer, never shorter. Without it, the whole
 * chain, and at most `limit` sectors.
 * @throws RightsError `compound-file-damaged`, `compound-file-limit-exceeded`
 */
export function followChain(input: {
  readonly table: AllocationTable
  readonly claim: SectorClaims
  readonly start: number
  readonly needed?: number
  readonly limit?: number
}): readonly SectorRun[] {
  const { table, claim, needed, limit = Number.POSITIVE_INFINITY } = input
  const sectors = (function* () {
    let count = 0
    for (let sector = input.start; sector !== sectorNumber.endOfChain && count !== needed; sector = table(sector)) {
      if (sector > sectorNumber.maxRegular) throw damaged('a chain runs into a special sector')
      if (++count > limit) throw new RightsError('compound-file-limit-exceeded')
      claim(sector)
      yield sector
    }
    if (needed !== undefined && count < needed) throw damaged('a stream is longer than its chain')
  })()
  return joinRuns(sectors)
}

/** Joins neighbouring sectors to runs. */
export function joinRuns(sectors: Iterable<number>): readonly SectorRun[] {
  const runs: { first: number; count: number }[] = []
  for (const sector of sectors) {
    const last = runs.at(-1)
    if (last !== undefined && sector === last.first + last.count) last.count++
    else runs.push({ first: sector, count: 1 })
  }
  return runs
}

/**
 * The bytes of the runs as one source.
 * @param base offset of sector 0 in `source`
 */
export function runsSource(
  source: ByteSource,
  runs: readonly SectorRun[],
  layout: { readonly base: number; readonly sectorSize: number; readonly size?: number },
): ByteSource {
  const { base, sectorSize } = layout
  const ends: number[] = []
  let total = 0
  for (const run of runs) ends.push((total += run.count * sectorSize))
  const size = Math.min(layout.size ?? total, total)
  return {
    size,
    read: (offset, length) => {
      const to = Math.min(offset + length, size)
      const pieces: Uint8Array[] = []
      let at = Math.max(0, offset)
      for (let index = firstRunAfter(ends, at); at < to; index++) {
        const run = runs[index]
        const end = ends[index]
        if (run === undefined || end === undefined) break
        const start = end - run.count * sectorSize
        const take = Math.min(to, end) - at
        pieces.push(readExactly(source, base + run.first * sectorSize + (at - start), take))
        at += take
      }
      return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces)
    },
  }
}

/** Index of the run that holds the byte at `offset`. */
function firstRunAfter(ends: readonly number[], offset: number): number {
  let low = 0
  let high = ends.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ends[middle] ?? 0) > offset) high = middle
    else low = middle + 1
  }
  return low
}

function damaged(detail: string): RightsError {
  return new RightsError('compound-file-damaged', { detail })
}
