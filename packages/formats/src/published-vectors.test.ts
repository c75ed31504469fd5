/** Bytes that others wrote: known answers of the ciphers, real protected files. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { type CipherMode, parseXrmlChain, verifySignature } from '@sealward/xrml'
import { memorySource } from './byte-source.ts'
import { findStream, openCompoundFile } from './compound-file/read.ts'
import { createChunkCipher } from './content-cipher/chunk-cipher.ts'
import { cipherSize } from './content-cipher/cipher-mode.ts'
import { decryptRange, encryptRange } from './content-cipher/final-chunk.ts'
import { encodeDataSpaceDefinition, readDataSpaceDefinition } from './data-spaces/data-space-definition.ts'
import { encodeDataSpaceMap, readDataSpaceMap } from './data-spaces/data-space-map.ts'
import {
  currentDataSpaceVersion,
  encodeDataSpaceVersion,
  readDataSpaceVersion,
} from './data-spaces/data-space-version.ts'
import { encodeRightsTransformInfo, readRightsTransformInfo } from './data-spaces/transform-info.ts'
import { detectFormat } from './detect.ts'
import { openProtected } from './open-protected.ts'
import { readProtectedOffice } from './office/read-protected-office.ts'
import { encodePfileHeader } from './pfile/pfile-header.ts'
import { readPfile } from './pfile/read-pfile.ts'

const folder = join(
  process.env['SEALWARD_VECTORS'] ?? join(import.meta.dirname, '../../../../shared/vectors'),
  'formats',
)
const isPresent = existsSync(folder)
const skip = !isPresent && process.env['CI'] !== 'true' && 'the published vectors are not on this machine'

function vector(name: string): Buffer {
  return readFileSync(join(folder, name))
}

interface KnownAnswer {
  readonly mode: string
  readonly keyHex: string
  readonly plainSize: number
  readonly cipherSize: number
  readonly cipherSha256: string
  readonly firstBlock: string
  readonly lastBlock: string
}

const modeOfVector: Readonly<Record<string, CipherMode>> = {
  ecb: 'ecb',
  cbc4k: 'cbc4k',
  cbc512: 'cbc512-nopad',
  'cbc4k-nopad-fill4096': 'cbc4k-nopad',
}

suite('content ciphers', { skip }, () => {
  test('give every known answer', () => {
    const { vectors } = JSON.parse(vector('content-cipher-kat.json').toString()) as { vectors: readonly KnownAnswer[] }
    assert.equal(vectors.length, 58)
    for (const answer of vectors) {
      const mode = modeOfVector[answer.mode]
      assert.ok(mode !== undefined, answer.mode)
      const cipher = createChunkCipher({ mode, key: Buffer.from(answer.keyHex, 'hex') })
      const plaintext = Uint8Array.from({ length: answer.plainSize }, (_, i) => (i * 7 + (i >> 8) * 13 + 3) & 255)
      const ciphertext = Buffer.from(encryptRange(cipher, plaintext, 0, true))
      assert.equal(cipherSize(mode, plaintext.length), answer.cipherSize)
      assert.equal(ciphertext.length, answer.cipherSize)
      assert.equal(createHash('sha256').update(ciphertext).digest('hex'), answer.cipherSha256)
      assert.equal(ciphertext.toString('hex', 0, 16), answer.firstBlock)
      assert.equal(ciphertext.toString('hex', ciphertext.length - 16), answer.lastBlock)
      const decrypted = decryptRange(cipher, ciphertext, 0, true).subarray(0, plaintext.length)
      assert.deepEqual(Uint8Array.from(decrypted), plaintext)
    }
  })
})

const unknownSize = 0xffff_ffff_ffff_ffffn

/** One header shape each, and a second 2.1 file. Offsets and sizes are those of the bytes. */
const pfiles = [
  {
    name: 'android_template_01.ptxt',
    fields: { majorVersion: 2, minorVersion: 0, headerSize: 24, originalSize: undefined, contentOffset: 48_400 },
    sizes: { notice: 394, license: 47_960, metadata: 0, ciphertext: 8656 },
    endsWithNul: false,
    known: { extension: '.txt', contentSize: undefined, cipherRule: 'always-cbc4k' },
    certificates: 1,
  },
  {
    name: 'GetSymKeySample-sample.ptxt',
    fields: { majorVersion: 2, minorVersion: 1, headerSize: 40, originalSize: 27n, contentOffset: 36_543 },
    sizes: { notice: 397, license: 35_060, metadata: 1024, ciphertext: 32 },
    endsWithNul: true,
    known: { extension: '.txt', contentSize: 27, cipherRule: 'always-cbc4k' },
    certificates: 8,
  },
  {
    name: 'rmsSharingAdminTest.ptxt',
    fields: { majorVersion: 2, minorVersion: 1, headerSize: 40, originalSize: 20n, contentOffset: 36_943 },
    sizes: { notice: 397, license: 35_460, metadata: 1024, ciphertext: 32 },
    endsWithNul: true,
    known: { extension: '.txt', contentSize: 20, cipherRule: 'always-cbc4k' },
    certificates: 8,
  },
  {
    name: 'file_sdk-Drawing.vsd.pfile',
    fields: { majorVersion: 2, minorVersion: 1, headerSize: 48, originalSize: 0n, contentOffset: 65_832 },
    sizes: { notice: 397, license: 58_251, metadata: 7114, ciphertext: 19_472 },
    endsWithNul: true,
    known: { extension: '.vsd', contentSize: undefined, cipherRule: 'always-cbc4k' },
    certificates: 8,
  },
  {
    name: 'windowsAdminTest.txt.pfile',
    fields: { majorVersion: 3, minorVersion: 0, headerSize: 40, originalSize: unknownSize, contentOffset: 41_010 },
    sizes: { notice: 396, license: 40_552, metadata: 0, ciphertext: 32 },
    endsWithNul: false,
    known: { extension: '.txt', contentSize: undefined, cipherRule: 'license-mode' },
    certificates: 1,
  },
]

suite('PFILE', { skip }, () => {
  for (const { name, fields, sizes, endsWithNul, known, certificates } of pfiles) {
    test(`${name}: every field is read, the header is written back byte for byte`, () => {
      const source = memorySource(vector(`pfile/${name}`))
      const { header, licenseText, ciphertext, ...pfile } = readPfile(source)
      const { majorVersion, minorVersion, headerSize, originalSize, contentOffset } = header
      assert.deepEqual({ majorVersion, minorVersion, headerSize, originalSize, contentOffset }, fields)
      const { notice, license, metadata } = header
      assert.deepEqual(
        { notice: notice.length, license: license.length, metadata: metadata.size, ciphertext: ciphertext.size },
        sizes,
      )
      assert.equal(license.at(-1) === 0, endsWithNul)
      assert.deepEqual(pfile, known)
      assert.ok(licenseText.startsWith('<') && licenseText.endsWith('</XrML>'))
      assert.equal(parseXrmlChain(licenseText).length, certificates)
      const again = encodePfileHeader({ ...header, metadata: metadata.read(0, metadata.size) })
      assert.ok(Buffer.from(again).equals(source.read(0, contentOffset)))
    })
  }

  test('plain text is no protected file', () => {
    const detection = detectFormat(memorySource(vector('pfile/windowsAdminTest.txt')))
    assert.deepEqual(detection, { format: 'unknown', protected: false })
  })
})

suite('Word document protected in 2018', { skip }, () => {
  const document = isPresent ? memorySource(vector('testWORD_protected_drm.doc')) : memorySource(new Uint8Array(0))

  test('is followed from the map to licence and content', () => {
    const office = readProtectedOffice(document)
    assert.equal(office.format, 'office-binary')
    assert.equal(office.dataSpace, '\x09DRMDataSpace')
    assert.equal(office.transformName, '\x09DRMTransform')
    assert.equal(office.contentSize, 13_824)
    assert.equal(office.ciphertext.size, 13_824)
    assert.deepEqual(office.useLicenses, [])
    assert.deepEqual(office.labels, [])
    assert.ok(office.licenseText.startsWith('<?xml version="1.0"?><XrML'))
    assert.deepEqual(detectFormat(document), { format: 'office-binary', protected: true })
    assert.equal(openProtected(document).licenseText, office.licenseText)
  })

  test('holds eight certificates whose signatures verify', () => {
    const certificates = parseXrmlChain(readProtectedOffice(document).licenseText)
    assert.equal(certificates.length, 8)
    for (const certificate of certificates) verifySignature(certificate)
  })

  test('its data space streams are rebuilt byte for byte from their values', () => {
    const file = openCompoundFile(document)
    const real = (...path: readonly string[]): Uint8Array => {
      const stream = findStream(file.root, '\x06DataSpaces', ...path)
      assert.ok(stream !== undefined, path.join('/'))
      return Uint8Array.from(file.openStream(stream).read(0, stream.size))
    }
    const version = real('Version')
    assert.deepEqual(readDataSpaceVersion(version), currentDataSpaceVersion)
    assert.deepEqual(Uint8Array.from(encodeDataSpaceVersion(readDataSpaceVersion(version))), version)
    const map = real('DataSpaceMap')
    assert.deepEqual(Uint8Array.from(encodeDataSpaceMap(readDataSpaceMap(map))), map)
    const definition = real('DataSpaceInfo', '\x09DRMDataSpace')
    assert.deepEqual(Uint8Array.from(encodeDataSpaceDefinition(readDataSpaceDefinition(definition))), definition)
    const primary = real('TransformInfo', '\x09DRMTransform', '\x06Primary')
    assert.deepEqual(Uint8Array.from(encodeRightsTransformInfo(readRightsTransformInfo(primary))), primary)
  })
})

test('a protected PDF is recognised', { skip }, () => {
  assert.deepEqual(detectFormat(memorySource(vector('testMicrosoftIRMServices.pdf'))), {
    format: 'pdf',
    protected: true,
  })
})

test('the published vectors are present under CI', () => {
  assert.ok(isPresent || process.env['CI'] !== 'true', `no vectors in ${folder}`)
})
