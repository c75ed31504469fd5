/**
 * Writes a compound file (MS-CFB) front to back into a sink, with constant memory: stream contents are pulled piece by
 * piece when their turn comes. Every sector is complete, the last one included: some readers refuse a short one.
 */
import { RightsError } from '@sealward/xrml'
import type { ByteSink, StreamContent } from '../byte-source.ts'
import { difatSectors, fatSectorNumbers, fatSectors, miniFatSectors } from './allocation-sectors.ts'
import { encodeDirectoryEntry, encodeUnusedEntry, objectType } from './directory-entry.ts'
import { type DirectoryPlan, type NewStorage, planDirectory } from './directory-plan.ts'
import { type CompoundFileVersion, encodeHeader, headerDifatEntries, miniSectorSize, sectorNumber } from './header.ts'
import { type CompoundFileLayout, chooseVersion, planLayout } from './layout.ts'

/**
 * @param options.version 3 by default, 4 when version 3 cannot hold the content
 * @throws RightsError `compound-file-entry-refused`, `compound-file-limit-exceeded`, `content-too-large`,
 * `content-size-mismatch` when a stream does not produce its announced size
 */
export function writeCompoundFile(
  root: NewStorage,
  sink: ByteSink,
  options: { readonly version?: CompoundFileVersion } = {},
): void {
  const plan = planDirectory(root)
  const miniSizes = plan.miniStreams.map(({ content }) => content.size)
  const streamSizes = plan.largeStreams.map(({ content }) => content.size)
  const layout = planLayout({
    version: options.version ?? chooseVersion(streamSizes.reduce((sum, size) => sum + size, 0)),
    entries: plan.entries.length,
    miniStreamSize: miniSizes.reduce((sum, size) => sum + roundUp(size, miniSectorSize), 0),
    streamSizes,
  })
  const output = createSectorOutput(sink, layout)
  output.write(headerOf(layout))
  for (const sector of difatSectors(layout)) output.write(sector)
  for (const sector of fatSectors(layout)) output.write(sector)
  for (const entry of directoryEntries(plan, layout)) output.write(entry)
  output.fillTo(layout.sectorSize, encodeUnusedEntry())
  for (const sector of miniFatSectors(layout, miniSizes)) output.write(sector)
  for (const { content } of plan.miniStreams) {
    writeContent(output, content)
    output.fillTo(miniSectorSize, zero)
  }
  output.fillTo(layout.sectorSize, zero)
  for (const { content } of plan.largeStreams) {
    writeContent(output, content)
    output.fillTo(layout.sectorSize, zero)
  }
}

const zero = new Uint8Array(1)

function headerOf(layout: CompoundFileLayout): Uint8Array {
  return encodeHeader({
    version: layout.version,
    directorySectors: layout.directory.count,
    fatSectors: layout.fat.count,
    firstDirectorySector: layout.directory.first,
    firstMiniFatSector: layout.miniFat.count === 0 ? sectorNumber.endOfChain : layout.miniFat.first,
    miniFatSectors: layout.miniFat.count,
    firstDifatSector: layout.difat.count === 0 ? sectorNumber.endOfChain : layout.difat.first,
    difatSectors: layout.difat.count,
    difat: fatSectorNumbers(layout).take(headerDifatEntries).toArray(),
  })
}

function* directoryEntries(plan: DirectoryPlan, layout: CompoundFileLayout): Generator<Uint8Array> {
  const starts = new Map<unknown, number>()
  let miniSector = 0
  for (const stream of plan.miniStreams) {
    starts.set(stream, miniSector)
    miniSector += Math.ceil(stream.content.size / miniSectorSize)
  }
  for (const [index, stream] of plan.largeStreams.entries()) starts.set(stream, layout.streams[index]?.first ?? 0)

  for (const [id, { item, child, links }] of plan.entries.entries()) {
    const isRoot = id === 0
    const isStorage = item.kind === 'storage'
    const miniStart = layout.miniStream.count === 0 ? sectorNumber.endOfChain : layout.miniStream.first
    yield encodeDirectoryEntry({
      ...links,
      child,
      name: isRoot ? 'Root Entry' : item.name,
      type: isRoot ? objectType.root : isStorage ? objectType.storage : objectType.stream,
      classId: (isStorage ? item.classId : undefined) ?? new Uint8Array(16),
      stateBits: (isStorage ? item.stateBits : undefined) ?? 0,
      // The root has no creation time, streams have no times at all (MS-CFB 2.6.1).
      createdAt: isStorage && !isRoot ? item.createdAt : undefined,
      modifiedAt: isStorage ? item.modifiedAt : undefined,
      start: isRoot ? miniStart : isStorage ? 0 : (starts.get(item) ?? sectorNumber.endOfChain),
      size: isRoot ? miniSector * miniSectorSize : isStorage ? 0 : item.content.size,
    })
  }
}

interface SectorOutput {
  write(bytes: Uint8Array): void
  /** Repeats `filler` until the position is a multiple of `unit`. */
  fillTo(unit: number, filler: Uint8Array): void
}

/** Counts the position, and leaves the range lock sector empty when a version 4 file grows past it. */
function createSectorOutput(sink: ByteSink, layout: CompoundFileLayout): SectorOutput {
  const lockStart =
    layout.rangeLockSector === undefined ? Number.POSITIVE_INFINITY : (layout.rangeLockSector + 1) * layout.sectorSize
  let position = 0
  const write = (bytes: Uint8Array): void => {
    const before = position <= lockStart ? bytes.subarray(0, Math.min(bytes.length, lockStart - position)) : bytes
    sink.write(before)
    position += before.length
    if (before.length === bytes.length) return
    sink.write(new Uint8Array(layout.sectorSize))
    position += layout.sectorSize
    write(bytes.subarray(before.length))
  }
  return {
    write,
    fillTo: (unit, filler) => {
      const missing = roundUp(position, unit) - position
      if (missing > 0) write(Buffer.alloc(missing, filler))
    },
  }
}

function writeContent(output: SectorOutput, content: StreamContent): void {
  let written = 0
  for (const piece of content.chunks()) {
    written += piece.length
    if (written > content.size) break
    output.write(piece)
  }
  if (written !== content.size)
    throw new RightsError('content-size-mismatch', { detail: 'a stream that was to be stored' })
}

function roundUp(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit
}
