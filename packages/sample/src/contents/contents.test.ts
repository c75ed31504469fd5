import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { crc32, inflateRawSync, inflateSync } from 'node:zlib'
import { detectFormat, memorySource } from '@sealward/formats'
import { children, readXml } from '@sealward/xrml'
import { writeLabelMetadata } from './label-metadata.ts'
import { type OfficeKind, writeOfficeDocument } from './office-documents.ts'
import { writePasswordEncrypted } from './password-encrypted.ts'
import { writeJpeg, writePng } from './pictures.ts'
import { writePortableDocument } from './portable-document.ts'

const text = { title: 'Budget & plan', author: 'Anna Berg', lines: ['One <line>', 'Größe 4'] }

/** Parts of a ZIP file by its central directory (APPNOTE 4.3.12). */
function partsOf(file: Buffer): ReadonlyMap<string, string> {
  const end = file.lastIndexOf(Buffer.of(0x50, 0x4b, 5, 6))
  const parts = new Map<string, string>()
  let at = file.readUInt32LE(end + 16)
  for (let count = file.readUInt16LE(end + 10); count > 0; count--) {
    const nameLength = file.readUInt16LE(at + 28)
    const local = file.readUInt32LE(at + 42)
    const start = local + 30 + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28)
    const packed = file.subarray(start, start + file.readUInt32LE(at + 20))
    const content = file.readUInt16LE(at + 10) === 8 ? inflateRawSync(packed) : packed
    assert.equal(crc32(content), file.readUInt32LE(at + 16))
    parts.set(file.toString('utf8', at + 46, at + 46 + nameLength), content.toString('utf8'))
    at += 46 + nameLength + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32)
  }
  return parts
}

for (const kind of ['docx', 'xlsx', 'pptx'] as const satisfies readonly OfficeKind[]) {
  test(`${kind}: every declared and referenced part is there and well-formed`, async () => {
    const file = Buffer.from(await writeOfficeDocument(kind, text))
    assert.deepEqual(detectFormat(memorySource(file)), { format: 'unprotected', protected: false })
    const parts = partsOf(file)
    for (const part of parts.values()) readXml(part)
    for (const override of children(readXml(parts.get('[Content_Types].xml') ?? ''), 'Override')) {
      const name = override.attributes.get('PartName') ?? ''
      assert.ok(parts.has(name.slice(1)), name)
    }
    for (const [name, part] of parts) {
      if (!name.endsWith('.rels')) continue
      const base = new URL(`http://package/${name.replace(/_rels\/[^/]*$/, '')}`)
      for (const { attributes } of children(readXml(part), 'Relationship')) {
        const target = new URL(attributes.get('Target') ?? '', base).pathname.slice(1)
        assert.ok(parts.has(target), `${name} refers to ${target}`)
      }
    }
  })

  test(`${kind}: the same text gives the same bytes`, async () => {
    assert.deepEqual(await writeOfficeDocument(kind, text), await writeOfficeDocument(kind, text))
  })
}

test('a PNG holds as many rows as it declares', () => {
  const png = Buffer.from(writePng(20, 3))
  const data = png.indexOf('IDAT')
  const rows = inflateSync(png.subarray(data + 4, data + 4 + png.readUInt32BE(data - 4)))
  assert.equal(rows.length, 20 * 21)
})

test('a JPEG is framed by its markers', () => {
  const jpeg = Buffer.from(writeJpeg(5))
  assert.equal(jpeg.readUInt16BE(0), 0xffd8)
  assert.equal(jpeg.readUInt16BE(jpeg.length - 2), 0xffd9)
})

test('the cross-reference table of a PDF points at its objects', () => {
  const file = Buffer.from(writePortableDocument('Menu')).toString('latin1')
  const offsets = [...file.matchAll(/^(\d{10}) 00000 n $/gm)].map((match) => Number(match[1]))
  assert.equal(offsets.length, 5)
  for (const [index, offset] of offsets.entries()) assert.ok(file.startsWith(`${index + 1} 0 obj`, offset))
})

test('password encryption is recognised as such', () => {
  const file = writePasswordEncrypted((bytes) => randomBytes(bytes))
  assert.deepEqual(detectFormat(memorySource(file)), { format: 'password-encrypted-office', protected: false })
})

test('label metadata is well-formed between its packet marks', () => {
  const packet = Buffer.from(writeLabelMetadata('7c0b5ea1-2d44-4b0e-9a5b-33b1c6f0a1d2', 'Internal')).toString('utf8')
  readXml(packet.slice(packet.indexOf('?>') + 2, packet.lastIndexOf('<?')))
})
