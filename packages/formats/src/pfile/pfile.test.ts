import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type CipherMode, isRightsError } from '@sealward/xrml'
import { memorySink, memorySource } from '../byte-source.ts'
import { detectFormat } from '../detect.ts'
import { openProtected } from '../open-protected.ts'
import { originalPfileName, pfileExtension, protectedPfileName, safePfileExtension } from './pfile-names.ts'
import { type PfileShape, pfileShapes } from './pfile-shape.ts'
import { readPfile } from './read-pfile.ts'
import { type NewPfile, writePfile } from './write-pfile.ts'

const shapes = Object.keys(pfileShapes) as PfileShape[]
const licenseText = '<?xml version="1.0"?><XrML version="1.2" xmlns="">Übung</XrML>'
const key = Buffer.alloc(16, 3)

function written(file: Partial<NewPfile> = {}): Buffer {
  const sink = memorySink()
  const cipher = { mode: 'cbc4k', key } as const
  const content = memorySource(Buffer.from('some text'))
  writePfile({ shape: '3.0', extension: '.txt', licenseText, cipher, content, ...file }, sink)
  return Buffer.from(sink.bytes())
}

for (const shape of shapes) {
  test(`${shape}: unprotecting gives the original bytes, in every mode and size`, () => {
    for (const mode of ['ecb', 'cbc4k', 'cbc4k-nopad', 'cbc512-nopad'] satisfies CipherMode[]) {
      for (const size of [0, 1, 15, 16, 17, 4095, 4096, 4097, 8192, 1_048_577]) {
        const plaintext = Buffer.alloc(size, 'content')
        const source = memorySource(written({ shape, cipher: { mode, key }, content: memorySource(plaintext) }))
        assert.deepEqual(detectFormat(source), { format: 'pfile', protected: true })
        const file = openProtected(source)
        assert.equal(file.licenseText, licenseText)
        assert.equal(file.extension, '.txt')
        const content = file.openContent({ mode, key })
        assert.equal(content.endUnknown, shape === '3.0' && size === 0 && mode !== 'cbc4k')
        assert.ok(Buffer.from(content.read(0, size + 1)).equals(plaintext))
      }
    }
  })
}

test('the shapes differ as their writers did', () => {
  const facts = shapes.map((shape) => {
    const { header, contentSize } = readPfile(memorySource(written({ shape })))
    const start = Buffer.from(header.license.subarray(0, 3)).toString('hex')
    return [
      shape,
      header.headerSize,
      header.metadata.size,
      header.originalSize,
      contentSize,
      start,
      header.license.at(-1),
    ]
  })
  assert.deepEqual(facts, [
    ['2.0', 24, 0, undefined, undefined, 'efbbbf', 0x3e],
    ['2.1', 40, 1024, 9n, 9, 'efbbbf', 0],
    ['2.1-metadata', 48, 0, 0n, undefined, 'efbbbf', 0],
    ['3.0', 40, 0, 0xffff_ffff_ffff_ffffn, undefined, 'efbbbf', 0x3e],
  ])
})

test('metadata is kept as it is, where the shape has an area for it', () => {
  const metadata = Buffer.from('<x:xmpmeta/>')
  for (const shape of ['2.1', '2.1-metadata', '3.0'] as const) {
    const { header } = readPfile(memorySource(written({ shape, metadata })))
    assert.deepEqual(Buffer.from(header.metadata.read(0, 100)), metadata)
  }
  assert.throws(() => written({ shape: '2.0', metadata }), { code: 'pfile-field-refused' })
})

test('version 2 is CBC4K whatever the licence says, version 3 follows the licence', () => {
  const cipher = { mode: 'ecb', key } as const
  const content = memorySource(Buffer.alloc(32, 7))
  const old = openProtected(memorySource(written({ shape: '2.1', cipher, content })))
  assert.equal(old.cipherRule, 'always-cbc4k')
  assert.equal(old.ciphertextSize, 48)
  const current = openProtected(memorySource(written({ shape: '3.0', cipher, content })))
  assert.equal(current.cipherRule, 'license-mode')
  assert.equal(current.ciphertextSize, 32)
})

test('a size in the header that the content does not have is an error', () => {
  const bytes = written({ shape: '2.1' })
  const size = headerStart(bytes) + 24
  bytes.writeBigUInt64LE(10n, size)
  const file = openProtected(memorySource(bytes))
  assert.throws(() => file.openContent({ mode: 'cbc4k', key }), { code: 'content-size-mismatch' })
  bytes.writeBigUInt64LE(1000n, size)
  assert.throws(() => openProtected(memorySource(bytes)), { code: 'pfile-damaged' })
})

test('a wrong key is reported', () => {
  const file = openProtected(memorySource(written()))
  assert.throws(() => file.openContent({ mode: 'cbc4k', key: Buffer.alloc(16, 4) }), { code: 'content-key-mismatch' })
})

test('longer headers are read by skipping what is unknown', () => {
  const bytes = written({ shape: '2.1-metadata' })
  const start = headerStart(bytes)
  const longer = Buffer.concat([bytes.subarray(0, start + 48), Buffer.alloc(16, 1), bytes.subarray(start + 48)])
  longer.writeUInt32LE(64, start)
  for (const at of [4, 12, 20, 32]) longer.writeUInt32LE(longer.readUInt32LE(start + at) + 16, start + at)
  const { header, licenseText: text } = readPfile(memorySource(longer))
  assert.equal(text, licenseText)
  assert.equal(header.unknownFields.length, 24)
})

function headerStart(bytes: Buffer): number {
  return 18 + bytes.readUInt32LE(14)
}

/** Field offset from the header start, and a value that contradicts the file. */
const hostileFields: readonly [string, number, number][] = [
  ['header size too small', 0, 23],
  ['header beyond the end', 0, 0xffff_ffff],
  ['header over the extension', 0, 48],
  ['extension inside the header', 4, 30],
  ['extension beyond the end', 4, 0xffff_ffff],
  ['extension over the licence', 8, 5],
  ['extension length that wraps 32 bits', 8, 0xffff_ffff],
  ['licence over the extension', 12, 18 + 40],
  ['licence offset that wraps 32 bits', 12, 0xffff_fff0],
  ['licence longer than the file', 16, 0x7fff_ffff],
  ['licence reaching into the content', 16, 100],
  ['content inside the licence', 20, 600],
  ['content beyond the end', 20, 0xffff_ffff],
  ['metadata in the content', 36, 16],
  ['metadata offset beyond the end', 32, 0xffff_ffff],
]

for (const [name, field, value] of hostileFields) {
  test(`refuses: ${name}`, () => {
    const bytes = written()
    bytes.writeUInt32LE(value, headerStart(bytes) + field)
    assert.throws(() => readPfile(memorySource(bytes)), { code: 'pfile-damaged' })
  })
}

function changed(at: number, value: number): Buffer {
  const bytes = written()
  bytes.writeUInt32LE(value, at)
  return bytes
}

test('refuses other magic, versions and notice lengths', () => {
  assert.throws(() => readPfile(memorySource(changed(0, 0))), { code: 'pfile-damaged' })
  assert.throws(() => readPfile(memorySource(changed(6, 4))), { code: 'pfile-version-unsupported' })
  assert.throws(() => readPfile(memorySource(changed(6, 1))), { code: 'pfile-version-unsupported' })
  assert.throws(() => readPfile(memorySource(changed(6, 256))), { code: 'pfile-damaged' })
  assert.throws(() => readPfile(memorySource(changed(10, 256))), { code: 'pfile-damaged' })
  assert.throws(() => readPfile(memorySource(changed(14, 0xffff_ffff))), { code: 'pfile-damaged' })
})

test('refuses an empty licence and an empty content', () => {
  const bytes = written({ shape: '2.1' })
  const noLicense = Buffer.from(bytes)
  noLicense.writeUInt32LE(0, headerStart(bytes) + 16)
  assert.throws(() => readPfile(memorySource(noLicense)), { code: 'license-text-refused' })
  const contentOffset = bytes.readUInt32LE(headerStart(bytes) + 20)
  assert.throws(() => readPfile(memorySource(bytes.subarray(0, contentOffset))), { code: 'content-ciphertext-empty' })
  assert.throws(() => readPfile(memorySource(bytes.subarray(0, -1))), { code: 'pfile-damaged' })
})

test('a file cut at any byte gives a typed error', () => {
  const bytes = written({ shape: '2.1' })
  for (let size = 0; size < bytes.length; size++) {
    const source = memorySource(bytes.subarray(0, size))
    assert.throws(
      () => openProtected(source).openContent({ mode: 'cbc4k', key }),
      (error) => isRightsError(error),
      `cut at ${size}`,
    )
  }
})

test('text and images have protected extensions of their own', () => {
  assert.equal(protectedPfileName('Report.TXT'), 'Report.ptxt')
  assert.equal(protectedPfileName('photo.jpeg'), 'photo.pjpeg')
  assert.equal(protectedPfileName('drawing.vsd'), 'drawing.vsd.pfile')
  assert.equal(protectedPfileName('README'), 'README.pfile')
  assert.equal(protectedPfileName('.profile'), '.profile.pfile')
  assert.equal(pfileExtension('drawing.vsd'), '.vsd')
  assert.equal(pfileExtension('README'), '.pfile')
})

test('the original name comes from the outer base and the header extension', () => {
  assert.equal(originalPfileName('Report.ptxt', '.TXT'), 'Report.TXT')
  assert.equal(originalPfileName('drawing.vsd.pfile', '.vsd'), 'drawing.vsd')
  assert.equal(originalPfileName('renamed.pfile', '.vsd'), 'renamed.vsd')
  assert.equal(originalPfileName('README.pfile', '.pfile'), 'README')
  assert.equal(originalPfileName('renamed.txt', '.txt'), 'renamed.txt')
  assert.equal(originalPfileName('renamed', '.txt'), 'renamed.txt')
  assert.equal(originalPfileName('Report.ptxt', undefined), 'Report')
})

test('an extension that could lead out of a folder is not used', () => {
  for (const unsafe of [
    '',
    'txt',
    '.',
    '.a/b',
    '.a\\b',
    '.a\0',
    '.a.b',
    '.txt ',
    `.${'x'.repeat(33)}`,
    '.é',
    '.txt\n',
  ]) {
    assert.equal(safePfileExtension(Buffer.from(unsafe, 'latin1')), undefined, JSON.stringify(unsafe))
  }
  assert.equal(safePfileExtension(Buffer.from('.7z_x-1')), '.7z_x-1')
  assert.throws(() => written({ extension: '../x' }), { code: 'pfile-field-refused' })
})
