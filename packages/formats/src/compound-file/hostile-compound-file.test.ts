/** Compound files bent on purpose: the answer is a typed error in bounded time, never a loop or an allocation. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRightsError } from '@sealward/xrml'
import { contentOf, memorySink, memorySource } from '../byte-source.ts'
import type { NewEntry } from './directory-plan.ts'
import { type DirectoryEntry, noEntry, objectType } from './directory-entry.ts'
import { buildDirectoryTree, type CompoundStorage } from './directory-tree.ts'
import { openCompoundFile } from './read.ts'
import { followChain } from './sector-chain.ts'
import { writeCompoundFile } from './write.ts'

const sectorSize = 512

/** Reads everything that a file offers. */
function readAll(bytes: Uint8Array): number {
  const file = openCompoundFile(memorySource(bytes))
  const walk = (storage: CompoundStorage): number => {
    let total = 0
    for (const entry of storage.children.values()) {
      total += entry.kind === 'storage' ? walk(entry) : file.openStream(entry).read(0, entry.size).length
    }
    return total
  }
  return walk(file.root)
}

function stream(name: string, size: number): NewEntry {
  return { kind: 'stream', name, content: contentOf(Buffer.alloc(size, name)) }
}

function written(children: readonly NewEntry[]): Buffer {
  const sink = memorySink()
  writeCompoundFile({ kind: 'storage', name: '', children }, sink)
  return Buffer.from(sink.bytes())
}

const sample = written([
  stream('mini', 200),
  stream('other mini', 100),
  stream('large', 5000),
  { kind: 'storage', name: 'inner', children: [stream('second', 4500), stream('tiny', 3)] },
])

/** Offsets in a file of our writer: FAT, directory, mini FAT follow the header in this order. */
const fat = sectorSize
const directory = 2 * sectorSize
const miniFat = directory + 2 * sectorSize

function patched(change: (bytes: Buffer) => void, original = sample): Buffer {
  const bytes = Buffer.from(original)
  change(bytes)
  return bytes
}

function entryOffset(name: string): number {
  for (let at = directory; at < miniFat; at += 128) {
    if (sample.toString('utf16le', at, at + sample.readUInt16LE(at + 64) - 2) === name) return at
  }
  throw new Error(`no entry ${name}`)
}

const refusedFiles: Readonly<Record<string, Buffer>> = {
  'no signature': patched((bytes) => bytes.fill(0, 0, 8)),
  'version 5': patched((bytes) => bytes.writeUInt16LE(5, 0x1a)),
  'sector size of the other version': patched((bytes) => bytes.writeUInt16LE(12, 0x1e)),
  'mini sector size': patched((bytes) => bytes.writeUInt16LE(7, 0x20)),
  'FAT sector outside the file': patched((bytes) => bytes.writeUInt32LE(5000, 0x4c)),
  'FAT sector named twice': patched((bytes) => bytes.writeUInt32LE(0, 0x50)),
  'directory that is its own successor': patched((bytes) => bytes.writeUInt32LE(1, fat + 4)),
  'directory outside the file': patched((bytes) => bytes.writeUInt32LE(0x7fff_ffff, 0x30)),
  'directory inside the FAT': patched((bytes) => bytes.writeUInt32LE(0, 0x30)),
  'mini FAT that is its own successor': patched((bytes) => bytes.writeUInt32LE(3, fat + 12)),
  'mini sector that is its own successor': patched((bytes) => bytes.writeUInt32LE(0, miniFat)),
  'mini streams that share a sector': patched((bytes) => {
    bytes.writeUInt32LE(bytes.readUInt32LE(entryOffset('mini') + 0x74), entryOffset('other mini') + 0x74)
  }),
  'large streams that share a sector': patched((bytes) => {
    bytes.writeUInt32LE(bytes.readUInt32LE(entryOffset('large') + 0x74), entryOffset('second') + 0x74)
  }),
  'stream longer than its chain': patched((bytes) => bytes.writeUInt32LE(6000, entryOffset('large') + 0x78)),
  'stream longer than the file': patched((bytes) => bytes.writeUInt32LE(0xffff_fff0, entryOffset('large') + 0x78)),
  'mini stream longer than the file': patched((bytes) => bytes.writeUInt32LE(0xffff_fff0, directory + 0x78)),
  'entry that is its own sibling': patched((bytes) => bytes.writeUInt32LE(1, directory + 128 + 0x44)),
  'storage that contains itself': patched((bytes) => {
    bytes.writeUInt32LE((entryOffset('inner') - directory) / 128, entryOffset('inner') + 0x4c)
  }),
  'storage that contains the root': patched((bytes) => bytes.writeUInt32LE(0, entryOffset('inner') + 0x4c)),
  'link outside the directory': patched((bytes) => bytes.writeUInt32LE(4000, directory + 0x4c)),
  'name length': patched((bytes) => bytes.writeUInt16LE(66, entryOffset('large') + 0x40)),
  'name without end': patched((bytes) => bytes.writeUInt16LE(4, entryOffset('large') + 0x40)),
  'entry type': patched((bytes) => bytes.writeUInt8(3, entryOffset('large') + 0x42)),
  'two entries of one name': patched((bytes) => {
    bytes.write('TINY\0\0', entryOffset('second'), 'utf16le')
    bytes.writeUInt16LE(10, entryOffset('second') + 0x40)
  }),
}

test('the sample itself is fine', () => {
  assert.equal(readAll(sample), 200 + 100 + 5000 + 4500 + 3)
})

for (const [name, bytes] of Object.entries(refusedFiles)) {
  test(`refuses: ${name}`, () => {
    assert.throws(() => readAll(bytes), { code: 'compound-file-damaged' })
  })
}

test('refuses a DIFAT chain that turns back', () => {
  const large = written([stream('large', 16_000_000)])
  assert.equal(large.readUInt32LE(0x48), 2)
  assert.equal(readAll(large), 16_000_000)
  const cyclic = patched((bytes) => bytes.writeUInt32LE(0, sectorSize * 2 - 4), large)
  assert.throws(() => readAll(cyclic), { code: 'compound-file-damaged' })
})

test('a file cut at any byte before the end of its last stream gives a typed error', () => {
  const dataEnd = sample.length - sectorSize + (5000 % sectorSize)
  for (let size = 0; size < dataEnd; size++) {
    assert.throws(
      () => readAll(sample.subarray(0, size)),
      (error) => isRightsError(error, 'compound-file-damaged', 'source-ends-early'),
      `cut at ${size}`,
    )
  }
})

test('any table or directory word with a hostile value gives the bytes or a typed error', () => {
  for (let at = 0; at < miniFat + sectorSize; at += 4) {
    for (const value of [0, 1, 2, at / 4, 0x7fff_ffff, 0xffff_fffa, 0xffff_fffd, 0xffff_fffe, 0xffff_ffff]) {
      const bytes = patched((copy) => copy.writeUInt32LE(value, at))
      try {
        readAll(bytes)
      } catch (error) {
        assert.ok(isRightsError(error), `${at}: ${String(error)}`)
      }
    }
  }
})

test('a sibling list as long as the directory is walked without recursion', () => {
  const count = 65_000
  const entries = Array.from(
    { length: count },
    (_, index): DirectoryEntry => ({
      ...blankEntry,
      name: `entry ${index}`,
      type: index === 0 ? objectType.root : objectType.stream,
      child: index === 0 ? 1 : noEntry,
      right: index > 0 && index < count - 1 ? index + 1 : noEntry,
    }),
  )
  assert.equal(buildDirectoryTree(entries).children.size, count - 1)
})

test('refuses more levels and entries than any genuine file has', () => {
  const nested = Array.from(
    { length: 100 },
    (_, index): DirectoryEntry => ({
      ...blankEntry,
      name: 'level',
      type: index === 0 ? objectType.root : objectType.storage,
      child: index < 99 ? index + 1 : noEntry,
    }),
  )
  const isLimit = { code: 'compound-file-limit-exceeded' }
  assert.throws(() => buildDirectoryTree(nested), isLimit)
  const endless = { table: (sector: number) => sector + 1, claim: () => {}, start: 0, limit: 1000 }
  assert.throws(() => followChain(endless), isLimit)
})

const blankEntry: DirectoryEntry = {
  name: '',
  type: objectType.stream,
  color: 1,
  left: noEntry,
  right: noEntry,
  child: noEntry,
  classId: new Uint8Array(16),
  stateBits: 0,
  createdAt: undefined,
  modifiedAt: undefined,
  start: 0,
  size: 0,
}
