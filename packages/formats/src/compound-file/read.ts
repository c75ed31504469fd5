/**
 * Compound files (MS-CFB), versions 3 and 4, read by range: opening reads the header and the directory, a stream reads
 * only what is asked for. Declared sizes are compared with the file before anything is done with them.
 */
import { RightsError } from '@sealward/xrml'
import { type ByteSource, readExactly, readPieces, sourceRange } from '../byte-source.ts'
import { type DirectoryEntry, decodeDirectoryEntry, directoryEntrySize } from './directory-entry.ts'
import { buildDirectoryTree, type CompoundEntry, type CompoundStorage, type CompoundStream } from './directory-tree.ts'
import { foldName } from './entry-name.ts'
import {
  type CompoundFileHeader,
  type CompoundFileVersion,
  miniSectorSize,
  miniStreamCutoff,
  readHeader,
  sectorNumber,
  sectorSizeOf,
} from './header.ts'
import {
  createAllocationTable,
  createSectorClaims,
  followChain,
  joinRuns,
  runsSource,
  type SectorClaims,
} from './sector-chain.ts'

export interface CompoundFile {
  readonly version: CompoundFileVersion
  readonly root: CompoundStorage
  /**
   * The bytes of a stream.
   * @throws RightsError `compound-file-damaged`
   */
  openStream(stream: CompoundStream): ByteSource
}

const maxEntries = 65_536

/** @throws RightsError `compound-file-damaged`, `compound-file-limit-exceeded`, `source-ends-early` */
export function openCompoundFile(source: ByteSource): CompoundFile {
  const header = readHeader(source)
  const sectorSize = sectorSizeOf(header.version)
  const sectorCount = Math.max(0, Math.ceil((source.size - sectorSize) / sectorSize))
  const claim = createSectorClaims(sectorCount)
  const place = { base: sectorSize, sectorSize }

  const fat = createAllocationTable(runsSource(source, joinRuns(fatSectors(source, header, claim)), place))
  const open = (start: number, size: number): ByteSource => {
    const runs = followChain({ table: fat, claim, start, needed: sectorsFor(size, sectorSize, source) })
    return runsSource(source, runs, { ...place, size })
  }
  const entries = readDirectory(
    runsSource(
      source,
      followChain({
        table: fat,
        claim,
        start: header.firstDirectorySector,
        limit: (maxEntries * directoryEntrySize) / sectorSize,
      }),
      place,
    ),
    header.version,
  )
  const root = buildDirectoryTree(entries)
  const mini = onFirstUse(() => {
    const rootEntry = entries[0]
    const miniStream = open(rootEntry?.start ?? sectorNumber.endOfChain, rootEntry?.size ?? 0)
    const runs = followChain({ table: fat, claim, start: header.firstMiniFatSector })
    const miniSectors = Math.ceil(miniStream.size / miniSectorSize)
    return {
      miniStream,
      table: createAllocationTable(runsSource(source, runs, place)),
      claim: createSectorClaims(miniSectors),
    }
  })
  const openMini = (start: number, size: number): ByteSource => {
    const { miniStream, table, claim: claimMini } = mini()
    const needed = sectorsFor(size, miniSectorSize, miniStream)
    const runs = followChain({ table, claim: claimMini, start, needed })
    return runsSource(miniStream, runs, { base: 0, sectorSize: miniSectorSize, size })
  }
  const opened = new Map<number, ByteSource>()
  return {
    version: header.version,
    root,
    openStream: ({ id }) => {
      const known = opened.get(id)
      if (known !== undefined) return known
      const { start, size } = entries[id] ?? { start: sectorNumber.endOfChain, size: 0 }
      const stream =
        size === 0 ? sourceRange(source, 0, 0) : size < miniStreamCutoff ? openMini(start, size) : open(start, size)
      opened.set(id, stream)
      return stream
    },
  }
}

/** The entry at a path of names, compared without case. */
export function findEntry(storage: CompoundStorage, ...path: readonly string[]): CompoundEntry | undefined {
  let entry: CompoundEntry | undefined = storage
  for (const name of path) entry = entry?.kind === 'storage' ? entry.children.get(foldName(name)) : undefined
  return entry
}

export function findStream(storage: CompoundStorage, ...path: readonly string[]): CompoundStream | undefined {
  const entry = findEntry(storage, ...path)
  return entry?.kind === 'stream' ? entry : undefined
}

export function findStorage(storage: CompoundStorage, ...path: readonly string[]): CompoundStorage | undefined {
  const entry = findEntry(storage, ...path)
  return entry?.kind === 'storage' ? entry : undefined
}

/** The numbers of the FAT's own sectors: 109 in the header, the others in the DIFAT chain (MS-CFB 2.5). */
function* fatSectors(source: ByteSource, header: CompoundFileHeader, claim: SectorClaims): Generator<number> {
  for (const sector of header.difat) {
    if (sector === sectorNumber.free) return
    claim(sector)
    yield sector
  }
  const sectorSize = sectorSizeOf(header.version)
  const perSector = sectorSize / 4 - 1
  let difat = header.firstDifatSector
  // Some writers end the chain with a free marker.
  while (difat !== sectorNumber.endOfChain && difat !== sectorNumber.free) {
    claim(difat)
    const page = Buffer.from(readExactly(source, sectorSize * (difat + 1), sectorSize))
    for (let index = 0; index < perSector; index++) {
      const sector = page.readUInt32LE(index * 4)
      if (sector === sectorNumber.free) return
      claim(sector)
      yield sector
    }
    difat = page.readUInt32LE(perSector * 4)
  }
}

function readDirectory(source: ByteSource, version: CompoundFileVersion): readonly DirectoryEntry[] {
  const entries: DirectoryEntry[] = []
  for (const piece of readPieces(source)) {
    for (let at = 0; at < piece.length; at += directoryEntrySize) {
      entries.push(decodeDirectoryEntry(piece.subarray(at, at + directoryEntrySize), version))
    }
  }
  return entries
}

function sectorsFor(size: number, sectorSize: number, source: ByteSource): number {
  if (size > source.size) throw new RightsError('compound-file-damaged', { detail: 'a stream is longer than the file' })
  return Math.ceil(size / sectorSize)
}

function onFirstUse<T>(create: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: create() }
    return made.value
  }
}
