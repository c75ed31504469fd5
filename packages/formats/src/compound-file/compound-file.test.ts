import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { contentOf, memorySink, memorySource } from '../byte-source.ts'
import type { NewEntry, NewStorage } from './directory-plan.ts'
import { noEntry, nodeColor } from './directory-entry.ts'
import { compareNames, foldName } from './entry-name.ts'
import type { CompoundFileVersion } from './header.ts'
import { chooseVersion, planLayout } from './layout.ts'
import { type CompoundFile, findStorage, findStream, openCompoundFile } from './read.ts'
import { storageToWrite, withChildren } from './rebuild.ts'
import { linkSiblings, type SiblingLinks } from './sibling-tree.ts'
import { writeCompoundFile } from './write.ts'

type Tree = { readonly [name: string]: Tree | Uint8Array }

function storageOf(tree: Tree, name = ''): NewStorage {
  const children = Object.entries(tree).map(([childName, child]): NewEntry => {
    if (child instanceof Uint8Array) return { kind: 'stream', name: childName, content: contentOf(child) }
    return storageOf(child, childName)
  })
  return { kind: 'storage', name, children }
}

function written(root: NewStorage, version: CompoundFileVersion = 3): Uint8Array {
  const sink = memorySink()
  writeCompoundFile(root, sink, { version })
  return sink.bytes()
}

function treeOf(file: CompoundFile, storage = file.root): Tree {
  const entries = [...storage.children.values()].map((entry): [string, Tree | Uint8Array] => {
    if (entry.kind === 'storage') return [entry.name, treeOf(file, entry)]
    return [entry.name, Uint8Array.from(file.openStream(entry).read(0, entry.size))]
  })
  return Object.fromEntries(entries)
}

function bytes(size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, index) => (index * 11 + (index >> 7)) & 255)
}

const name = fc.string({ minLength: 1, maxLength: 31, unit: fc.constantFrom('a', 'B', 'é', 'ß', '1', '_', '\x06') })
const content = fc.integer({ min: 0, max: 9000 }).map(bytes)
const leaves = fc.uniqueArray(fc.tuple(name, content), { maxLength: 20, selector: ([key]) => foldName(key) })
const tree = leaves.chain((streams) =>
  fc.uniqueArray(fc.tuple(name, leaves), { maxLength: 4, selector: ([key]) => foldName(key) }).map((storages) => {
    const taken = new Set(streams.map(([key]) => foldName(key)))
    const kept = storages.filter(([key]) => !taken.has(foldName(key)))
    return Object.fromEntries<Tree | Uint8Array>([
      ...streams,
      ...kept.map(([key, inner]): [string, Tree] => [key, Object.fromEntries(inner)]),
    ])
  }),
)

for (const version of [3, 4] as const) {
  test(`version ${version}: what was written is read`, () => {
    fc.assert(
      fc.property(tree, (expected) => {
        const file = openCompoundFile(memorySource(written(storageOf(expected), version)))
        assert.equal(file.version, version)
        assert.deepEqual(treeOf(file), expected)
      }),
      { numRuns: 60 },
    )
  })
}

test('a file that needs DIFAT sectors is read back', () => {
  const large = bytes(9_000_000)
  const file = openCompoundFile(memorySource(written(storageOf({ small: bytes(10), large, last: bytes(5000) }))))
  const stream = file.openStream(findStream(file.root, 'LARGE')!)
  assert.ok(Buffer.from(stream.read(0, large.length)).equals(large))
  assert.ok(Buffer.from(stream.read(8_999_990, 100)).equals(large.subarray(8_999_990)))
  assert.equal(stream.read(9_000_000, 1).length, 0)
})

test('every sector is complete', () => {
  assert.equal(written(storageOf({ a: bytes(4097) })).length % 512, 0)
  assert.equal(written(storageOf({ a: bytes(4097) }), 4).length % 4096, 0)
})

test('class ids and times of storages are kept', () => {
  const classId = bytes(16)
  const modifiedAt = new Date('2018-05-04T03:02:01.123Z')
  const inner: NewStorage = { kind: 'storage', name: 'inner', classId, createdAt: modifiedAt, modifiedAt, children: [] }
  const file = openCompoundFile(
    memorySource(written({ kind: 'storage', name: '', classId, modifiedAt, children: [inner] })),
  )
  assert.deepEqual(file.root.classId, classId)
  assert.deepEqual(file.root.modifiedAt, modifiedAt)
  assert.equal(file.root.createdAt, undefined)
  assert.deepEqual(findStorage(file.root, 'INNER')?.createdAt, modifiedAt)
})

test('one stream can be replaced and everything else kept', () => {
  const before = openCompoundFile(
    memorySource(written(storageOf({ keep: bytes(5000), inner: { a: bytes(1), b: bytes(2) } }))),
  )
  const root = withChildren(storageToWrite(before), ['INNER'], (children) => [
    ...children.filter((child) => child.name !== 'a'),
    { kind: 'stream', name: 'c', content: contentOf(bytes(3)) },
  ])
  const after = openCompoundFile(memorySource(written(root)))
  assert.deepEqual(treeOf(after), { keep: bytes(5000), inner: { b: bytes(2), c: bytes(3) } })
})

test('names are ordered by length, then by upper-cased units', () => {
  const sorted = ['bb', 'C', 'aaa', 'Ab', '\x06x', 'a', '_'].toSorted(compareNames)
  assert.deepEqual(sorted, ['a', 'C', '_', '\x06x', 'Ab', 'bb', 'aaa'])
  assert.equal(compareNames('straße', 'STRASSE') === 0, false)
  assert.equal(foldName('é\x09ß'), 'É\x09ß')
})

test('sibling trees are ordered red-black trees', () => {
  for (let count = 0; count <= 200; count++) {
    const links = new Map<number, SiblingLinks>()
    const ids = Array.from({ length: count }, (_, index) => index + 1)
    const top = linkSiblings(ids, (id, link) => links.set(id, link))
    const order: number[] = []
    /** Black height of a subtree; fails where a path differs. */
    const check = (id: number, parentIsRed: boolean): number => {
      const link = links.get(id)
      if (link === undefined) return 1
      const isRed = link.color === nodeColor.red
      assert.ok(!(isRed && parentIsRed))
      const left = check(link.left, isRed)
      order.push(id)
      assert.equal(check(link.right, isRed), left)
      return left + (isRed ? 0 : 1)
    }
    check(top, true)
    assert.deepEqual(order, ids)
    assert.equal(top === noEntry, count === 0)
  }
})

test('refuses names that compound files cannot hold', () => {
  for (const bad of ['', 'a/b', 'a\\b', 'a:b', 'a!b', 'x'.repeat(32)]) {
    assert.throws(() => written(storageOf({ [bad]: bytes(1) })), { code: 'compound-file-entry-refused' }, bad)
  }
  assert.throws(() => written(storageOf({ Same: bytes(1), sAME: bytes(1) })), { code: 'compound-file-entry-refused' })
})

test('refuses a stream that does not produce its announced size', () => {
  for (const produced of [4999, 5001]) {
    const root: NewStorage = {
      kind: 'storage',
      name: '',
      children: [{ kind: 'stream', name: 'a', content: { size: 5000, chunks: () => [bytes(produced)] } }],
    }
    assert.throws(() => written(root), { code: 'content-size-mismatch' })
  }
})

test('a version 4 file leaves the range lock sector empty', () => {
  const size = 0x8000_0000
  assert.equal(chooseVersion(size), 4)
  assert.throws(() => planLayout({ version: 3, entries: 1, miniStreamSize: 0, streamSizes: [size] }), {
    code: 'content-too-large',
  })
  const layout = planLayout({ version: 4, entries: 2, miniStreamSize: 0, streamSizes: [size] })
  assert.equal(layout.rangeLockSector, 0x7fff_f000 / 4096 - 1)
  assert.equal(layout.next(layout.rangeLockSector - 1), layout.rangeLockSector + 1)
  assert.equal(
    planLayout({ version: 4, entries: 2, miniStreamSize: 0, streamSizes: [8192] }).rangeLockSector,
    undefined,
  )
})

test('a file above 2 GiB is read back from what was written, without keeping it', () => {
  const size = 0x8010_0000
  const piece = new Uint8Array(1_048_576)
  const chunks = function* (): Generator<Uint8Array> {
    for (let at = 0; at < size; at += piece.length) {
      // The first bytes of each piece tell where it belongs.
      new DataView(piece.buffer).setUint32(0, at / piece.length, true)
      yield piece
    }
  }
  const kept = new Map<number, Uint8Array>()
  let total = 0
  const pageSize = 4096
  writeCompoundFile(
    { kind: 'storage', name: '', children: [{ kind: 'stream', name: 'big', content: { size, chunks } }] },
    {
      write: (output) => {
        // All writes of large streams are whole sectors: pages of zeros need not be kept.
        for (let at = 0; at < output.length; at += pageSize) {
          const page = output.subarray(at, at + pageSize)
          const number = Math.floor((total + at) / pageSize)
          const before = kept.get(number)
          if (before !== undefined) kept.set(number, Buffer.concat([before, page]))
          else if (page[0] !== 0 || page[1] !== 0 || page.length < pageSize || number < 2000)
            kept.set(number, Uint8Array.from(page))
        }
        total += output.length
      },
    },
  )
  const zeros = new Uint8Array(pageSize)
  const file = openCompoundFile({
    size: total,
    read: (offset, length) => {
      const pages: Uint8Array[] = []
      for (let page = Math.floor(offset / pageSize); page * pageSize < offset + length; page++)
        pages.push(kept.get(page) ?? zeros)
      return Buffer.concat(pages).subarray(offset % pageSize, (offset % pageSize) + length)
    },
  })
  assert.equal(file.version, 4)
  const stream = file.openStream(findStream(file.root, 'big')!)
  assert.equal(stream.size, size)
  for (const index of [0, 1, 2046, 2047, 2048]) {
    assert.equal(Buffer.from(stream.read(index * piece.length, 4)).readUInt32LE(), index)
  }
})
