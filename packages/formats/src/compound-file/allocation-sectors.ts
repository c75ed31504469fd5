/** The FAT, mini FAT and DIFAT sectors of a new compound file (MS-CFB 2.3-2.5), produced sector by sector. */
import { headerDifatEntries, miniSectorSize, sectorNumber } from './header.ts'
import type { CompoundFileLayout, Region } from './layout.ts'

/** FAT sector numbers in order. The header holds the first 109 of them. */
export function* fatSectorNumbers(layout: CompoundFileLayout): Generator<number> {
  yield* sectorsOf(layout, layout.fat)
}

export function* difatSectors(layout: CompoundFileLayout): Generator<Uint8Array> {
  const perSector = layout.sectorSize / 4 - 1
  let sector = layout.difat.first
  let remaining = layout.difat.count
  const numbers = fatSectorNumbers(layout)
  for (let skipped = 0; skipped < headerDifatEntries; skipped++) numbers.next()
  for (; remaining > 0; remaining--) {
    const page = Buffer.alloc(layout.sectorSize, 0xff)
    for (let index = 0; index < perSector; index++) {
      const next = numbers.next()
      page.writeUInt32LE(next.done ? sectorNumber.free : next.value, index * 4)
    }
    sector = layout.next(sector)
    page.writeUInt32LE(remaining === 1 ? sectorNumber.endOfChain : sector, perSector * 4)
    yield page
  }
}

export function* fatSectors(layout: CompoundFileLayout): Generator<Uint8Array> {
  yield* packEntries(fatEntries(layout), layout.fat.count, layout.sectorSize)
}

/** @param streamSizes the streams of the mini stream, in order */
export function* miniFatSectors(layout: CompoundFileLayout, streamSizes: readonly number[]): Generator<Uint8Array> {
  yield* packEntries(miniFatEntries(streamSizes), layout.miniFat.count, layout.sectorSize)
}

function* fatEntries(layout: CompoundFileLayout): Generator<number> {
  const { difat, fat, directory, miniFat, miniStream, streams } = layout
  let at = 0
  const regions: [Region, number?][] = [
    [difat, sectorNumber.difat],
    [fat, sectorNumber.fat],
    [directory],
    [miniFat],
    [miniStream],
  ]
  for (const stream of streams) regions.push([stream])
  for (const [region, marker] of regions) {
    let index = 0
    for (const sector of sectorsOf(layout, region)) {
      // The range lock sector lies between two sectors of a region and is a chain of its own.
      for (; at < sector; at++) yield sectorNumber.endOfChain
      at++
      yield marker ?? (++index === region.count ? sectorNumber.endOfChain : layout.next(sector))
    }
  }
}

function* miniFatEntries(streamSizes: readonly number[]): Generator<number> {
  let at = 0
  for (const size of streamSizes) {
    const count = Math.ceil(size / miniSectorSize)
    for (let index = 1; index < count; index++) yield ++at
    if (count > 0) {
      yield sectorNumber.endOfChain
      at++
    }
  }
}

function* packEntries(entries: Generator<number>, sectors: number, sectorSize: number): Generator<Uint8Array> {
  for (let sector = 0; sector < sectors; sector++) {
    const page = Buffer.alloc(sectorSize, 0xff)
    for (let at = 0; at < sectorSize; at += 4) {
      const next = entries.next()
      if (next.done) break
      page.writeUInt32LE(next.value, at)
    }
    yield page
  }
}

function* sectorsOf(layout: CompoundFileLayout, region: Region): Generator<number> {
  let sector = region.first
  for (let count = 0; count < region.count; count++) {
    yield sector
    sector = layout.next(sector)
  }
}
