import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CipherMode } from '@sealward/xrml'
import { contentOf, memorySink, memorySource } from '../byte-source.ts'
import type { NewEntry } from '../compound-file/directory-plan.ts'
import { findStream, openCompoundFile } from '../compound-file/read.ts'
import { storageToWrite, withChildren } from '../compound-file/rebuild.ts'
import { writeCompoundFile } from '../compound-file/write.ts'
import { openContent } from '../content-cipher/open-content.ts'
import { encodeUseLicenseName } from '../data-spaces/use-license-name.ts'
import { detectFormat } from '../detect.ts'
import { openProtected } from '../open-protected.ts'
import { addUseLicense } from './add-use-license.ts'
import { readProtectedOffice } from './read-protected-office.ts'
import { type NewProtectedOffice, writeProtectedOffice } from './write-protected-office.ts'

const licenseText = '<?xml version="1.0"?><XrML version="1.2" xmlns=""><BODY>Prüfung</BODY></XrML><XrML>two</XrML>'
const key = Buffer.alloc(32, 5)
const guid = Uint8Array.from({ length: 16 }, (_, index) => index * 17)
const windows = { account: 'Windows', name: 'amara@lakeside.example' } as const

function packageOf(size: number): Buffer {
  const bytes = Buffer.from(Uint8Array.from({ length: size }, (_, index) => (index * 3 + (index >> 8)) & 255))
  bytes.write('PK\x03\x04', 0, 'latin1')
  return bytes
}

function written(document: Partial<NewProtectedOffice> = {}): Uint8Array {
  const sink = memorySink()
  const cipher = { mode: 'cbc4k-nopad', key } as const
  writeProtectedOffice({ licenseText, cipher, content: memorySource(packageOf(5000)), ...document }, sink)
  return sink.bytes()
}

/** A document with the children of one storage changed. */
function tampered(path: readonly string[], change: (children: readonly NewEntry[]) => readonly NewEntry[]): Uint8Array {
  const sink = memorySink()
  writeCompoundFile(withChildren(storageToWrite(openCompoundFile(memorySource(written()))), path, change), sink)
  return sink.bytes()
}

function withStream(name: string, bytes: Uint8Array): (children: readonly NewEntry[]) => readonly NewEntry[] {
  return (children) => [
    ...children.filter((child) => child.name !== name),
    { kind: 'stream', name, content: contentOf(bytes) },
  ]
}

test('unprotecting gives the original bytes, in every mode and size', () => {
  for (const mode of ['ecb', 'cbc4k', 'cbc4k-nopad', 'cbc512-nopad'] satisfies CipherMode[]) {
    for (const size of [0, 1, 15, 16, 17, 4095, 4096, 4097, 8192, 1_048_577]) {
      const content = Buffer.alloc(size, 'data ')
      const cipher = { mode, key }
      const office = readProtectedOffice(memorySource(written({ cipher, content: memorySource(content) })))
      assert.equal(office.contentSize, size)
      const opened = openContent(cipher, office.ciphertext, { plainSize: office.contentSize })
      assert.ok(Buffer.from(opened.read(0, size + 1)).equals(content))
    }
  }
})

test('above 7 MB too, where version 3 needs a DIFAT', () => {
  const content = packageOf(8_500_000)
  for (const version of [3, 4] as const) {
    const opened = openProtected(memorySource(written({ content: memorySource(content), version }))).openContent({
      mode: 'cbc4k-nopad',
      key,
    })
    assert.equal(opened.size, content.length)
    assert.ok(Buffer.from(opened.read(0, content.length)).equals(content), `version ${version}`)
  }
})

test('a written document is found again with licence, labels and use licences', () => {
  const label = {
    id: '{2096f6a2-d2f7-48be-b329-b73aaa526e5d}',
    enabled: true,
    method: 'Privileged',
    siteId: '{cb46c030-1825-4e81-a295-151c039dbf02}',
    contentBits: 8,
    removed: false,
  }
  const useLicense = { user: windows, certificates: ['<XrML>ä</XrML>', '<XrML>chain</XrML>'] }
  const clearStreams = [{ name: '\x05SummaryInformation', bytes: Uint8Array.of(1, 2, 3) }]
  const source = memorySource(written({ labels: [label], useLicenses: [{ ...useLicense, guid }], clearStreams }))
  assert.deepEqual(detectFormat(source), { format: 'office-open-xml', protected: true })
  const office = readProtectedOffice(source)
  assert.equal(office.licenseText, licenseText)
  assert.deepEqual(Buffer.from(office.license).toString(), licenseText)
  assert.deepEqual(office.labels, [label])
  assert.deepEqual(office.useLicenses, [{ streamName: encodeUseLicenseName(guid), license: useLicense }])
  assert.ok(findStream(office.file.root, '\x05summaryinformation') !== undefined)

  const opened = openProtected(source)
  assert.equal(opened.format, 'office-open-xml')
  const content = opened.openContent({ mode: 'cbc4k-nopad', key })
  assert.equal(content.endUnknown, false)
  assert.ok(Buffer.from(content.read(0, content.size)).equals(packageOf(5000)))
})

test('an XPS document is told by its data space', () => {
  assert.equal(detectFormat(memorySource(written({ format: 'xps' }))).format, 'xps')
})

test('a wrong key or mode is reported as such', () => {
  const file = openProtected(memorySource(written()))
  assert.throws(() => file.openContent({ mode: 'cbc4k-nopad', key: Buffer.alloc(32, 6) }), {
    code: 'content-key-mismatch',
  })
  assert.throws(() => file.openContent({ mode: 'ecb', key }), { code: 'content-key-mismatch' })
})

test('a user has one stored use licence at most', () => {
  const first = { user: windows, certificates: ['<XrML>old</XrML>'], guid }
  const other = {
    user: { account: 'Windows', name: 'bo@lakeside.example' } as const,
    certificates: ['<XrML/>'],
    guid: key.subarray(0, 16),
  }
  const sink = memorySink()
  const renewed = {
    user: { ...windows, name: 'AMARA@lakeside.example' },
    certificates: ['<XrML>new</XrML>'],
    guid: guid.map((byte) => byte ^ 255),
  }
  const before = memorySource(written({ useLicenses: [first, other], version: 4 }))
  addUseLicense(before, renewed, sink)
  const after = readProtectedOffice(memorySource(sink.bytes()))
  const stored = after.useLicenses.map(({ license }) => license?.certificates[0])
  assert.deepEqual(new Set(stored), new Set(['<XrML>new</XrML>', '<XrML/>']))
  assert.equal(after.file.version, 4)
  assert.equal(after.licenseText, licenseText)
  const ciphertext = readProtectedOffice(before).ciphertext
  assert.ok(Buffer.from(after.ciphertext.read(0, after.ciphertext.size)).equals(ciphertext.read(0, ciphertext.size)))
})

test('a damaged use licence or label does not make the document unreadable', () => {
  const transform = ['\x06DataSpaces', 'TransformInfo', 'DRMEncryptedTransform']
  const cached = readProtectedOffice(memorySource(tampered(transform, withStream('EUL-BROKEN', Uint8Array.of(1, 2)))))
  assert.deepEqual(cached.useLicenses, [{ streamName: 'EUL-BROKEN', license: undefined }])
  const labelled = tampered(['\x06DataSpaces', 'TransformInfo'], withStream('LabelInfo', Buffer.from('<broken')))
  assert.deepEqual(readProtectedOffice(memorySource(labelled)).labels, [])
})

test('password encryption is reported distinctly, with and without data spaces', () => {
  const transform = ['\x06DataSpaces', 'TransformInfo', 'DRMEncryptedTransform']
  const header = Buffer.concat([
    Buffer.from([0x58, 0, 0, 0, 1, 0, 0, 0, 0x4c, 0, 0, 0]),
    Buffer.from('{FF9A3F03-56EF-4613-BDD5-5A41C1D07246}', 'utf16le'),
    Buffer.from([4, 0, 0, 0, 65, 0, 66, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]),
  ])
  const strong = memorySource(tampered(transform, withStream('\x06Primary', header)))
  const bare = memorySource(
    tampered([], (children) => [
      ...children.filter(({ name }) => name !== '\x06DataSpaces'),
      { kind: 'stream', name: 'EncryptionInfo', content: contentOf(Uint8Array.of(4)) },
    ]),
  )
  for (const source of [strong, bare]) {
    assert.deepEqual(detectFormat(source), { format: 'password-encrypted-office', protected: false })
    assert.throws(() => openProtected(source), { code: 'file-password-encrypted' })
  }
})

function prefix(size: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(size))
  return bytes
}

test('refuses content that contradicts its size prefix', () => {
  const cases: readonly Uint8Array[] = [
    new Uint8Array(7),
    Buffer.concat([prefix(33), new Uint8Array(32)]),
    Buffer.concat([prefix(20), new Uint8Array(31)]),
    Buffer.concat([prefix(1), new Uint8Array(4112)]),
    Buffer.alloc(24, 0xff),
    // A 32-bit prefix, as one research tool writes it.
    Buffer.concat([prefix(16).subarray(0, 4), new Uint8Array(16)]),
  ]
  for (const bytes of cases) {
    const source = memorySource(tampered([], withStream('EncryptedPackage', bytes)))
    assert.throws(() => readProtectedOffice(source), { code: 'content-stream-damaged' })
  }
})

test('refuses licences that are empty, too large or no text', () => {
  assert.throws(() => written({ licenseText: '' }), { code: 'license-text-refused' })
  assert.throws(() => written({ licenseText: 'x'.repeat(4 * 1024 * 1024 + 1) }), { code: 'license-text-refused' })
})
