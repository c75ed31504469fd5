/** The certificates and licences printed in MS-RMPR 4.5: the verdicts that others computed must be ours. */
import assert from 'node:assert/strict'
import { createCipheriv, createDecipheriv } from 'node:crypto'
import { test } from 'node:test'
import {
  decryptRightsData,
  encryptRightsData,
  isRightsError,
  parseIssuingCertificate,
  parsePolicy,
  parsePublishingLicense,
  parseXrml,
  utf16le,
  verifySignature,
} from '@sealward/xrml'
import { readVectorText, vectorsMissing } from '../vectors.ts'

interface Verdict {
  readonly file: string
  readonly digestMatchesUtf16leBody: boolean
  readonly signatureMatchesDigest: boolean
  readonly descriptorType: string | null
  readonly issuerKeyBits: number
  readonly principalKeyBits: number | null
  readonly enablingBits: readonly (readonly [string, string])[]
}

function printed(file: string): string {
  return readVectorText('ms-rmpr', file).trimEnd()
}

function verdictOf(text: string): string {
  try {
    verifySignature(parseXrml(text))
    return 'valid'
  } catch (error) {
    if (isRightsError(error)) return error.code
    throw error
  }
}

test('verifies exactly the printed documents that the index calls valid', { skip: vectorsMissing }, () => {
  const index = JSON.parse(readVectorText('ms-rmpr', 'INDEX.json')) as readonly Verdict[]
  assert.equal(index.length, 6)
  for (const entry of index) {
    const expected = entry.signatureMatchesDigest && entry.digestMatchesUtf16leBody ? 'valid' : 'xrml-digest-mismatch'
    assert.equal(verdictOf(printed(entry.file)), expected, entry.file)
  }
  assert.equal(verdictOf(printed('erd.compact.xml')), 'xrml-not-signed')
})

test('refuses the pretty-printed forms, whose white space was never signed', { skip: vectorsMissing }, () => {
  for (const name of ['spc', 'rac', 'clc', 'pl', 'ul'])
    assert.notEqual(verdictOf(printed(`${name}.xml`)), 'valid', name)
})

test('refuses any one-character change at every position of a document', { skip: vectorsMissing }, () => {
  const text = printed('spc.compact.xml')
  for (let at = 0; at < text.length; at++) {
    const original = text[at] ?? ''
    // A different letter, and where white space stands, white space of another kind: XML readers would not see it.
    const replacement = original === ' ' ? '\t' : original === 'A' ? 'B' : 'A'
    assert.notEqual(verdictOf(text.slice(0, at) + replacement + text.slice(at + 1)), 'valid', `replaced at ${at}`)
    assert.notEqual(verdictOf(text.slice(0, at) + text.slice(at + 1)), 'valid', `removed at ${at}`)
    assert.notEqual(verdictOf(`${text.slice(0, at)} ${text.slice(at)}`), 'valid', `blank inserted at ${at}`)
  }
})

test('refuses a change at sampled positions of every valid document', { skip: vectorsMissing }, () => {
  for (const name of ['rac', 'clc', 'pl', 'ul']) {
    const text = printed(`${name}.compact.xml`)
    for (let at = 0; at < text.length; at += 37) {
      const code = text.charCodeAt(at)
      const replacement = String.fromCharCode(code === 122 ? 121 : code + 1)
      assert.notEqual(verdictOf(text.slice(0, at) + replacement + text.slice(at + 1)), 'valid', `${name} at ${at}`)
    }
  }
})

/** For each block the index of its first equal block: what ECB shows without a key. */
function repetition(bytes: Uint8Array): readonly number[] {
  const first = new Map<string, number>()
  const structure: number[] = []
  for (let at = 0; at < bytes.length; at += 16) {
    const block = Buffer.from(bytes.subarray(at, at + 16)).toString('hex')
    const known = first.get(block)
    if (known === undefined) first.set(block, structure.length)
    structure.push(known ?? structure.length)
  }
  return structure
}

test('the printed rights data repeats exactly where its printed plain text repeats', { skip: vectorsMissing }, () => {
  const license = parsePublishingLicense(parseXrml(printed('pl.compact.xml')))
  const plain = utf16le(printed('erd.compact.xml'))
  assert.equal(license.rightsData.length, plain.length)
  assert.deepEqual(repetition(license.rightsData), repetition(plain))
  assert.equal(new Set(repetition(plain)).size, 247)
  assert.equal(repetition(plain).length, 434)
})

test('rights data encrypted with a known key decrypts to the exact printed text', { skip: vectorsMissing }, () => {
  const text = printed('erd.compact.xml')
  const key = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex')
  // The reference is a plain AES-ECB call over UTF-16LE, not our own writer.
  const cipher = createCipheriv('aes-128-ecb', key, null).setAutoPadding(false)
  const reference = Buffer.concat([cipher.update(Buffer.from(text, 'utf16le')), cipher.final()])
  assert.equal(decryptRightsData(reference, key), text)
  assert.deepEqual(Buffer.from(encryptRightsData(text, key)), reference)
  const decipher = createDecipheriv('aes-128-ecb', key, null).setAutoPadding(false)
  assert.equal(decipher.update(encryptRightsData(text, key)).toString('utf16le'), text)
})

test('reads the printed policies: both spellings of rights, doubled owners, time ranges', {
  skip: vectorsMissing,
}, () => {
  const policy = parsePolicy(parseXrml(printed('erd.compact.xml')))
  assert.equal(policy.entries.length, 17)
  assert.equal(policy.owner?.address, policy.entries[0]?.principal?.name)
  const last = policy.entries.at(-1)
  assert.equal(last?.right, 'VIEW')
  assert.deepEqual(last.times.ranges, [{ from: new Date('2010-06-11T21:41Z'), until: new Date('2010-07-12T06:59Z') }])
  const template = parsePolicy(parseXrml(printed('template.compact.xml')))
  assert.equal(template.official, true)
  assert.equal(template.entries[0]?.principal?.id, 'Owner')
  assert.deepEqual(
    template.entries.slice(1).map((entry) => entry.right),
    ['VIEW', 'EXTRACT', 'OBJMODEL', 'VIEWRIGHTSDATA', 'PRINT', 'EDIT'],
  )
})

test('refuses a certificate of another kind where an issuing certificate belongs', { skip: vectorsMissing }, () => {
  assert.throws(
    () => parseIssuingCertificate(parseXrml(printed('rac.compact.xml'))),
    (error) => isRightsError(error, 'xrml-malformed'),
  )
})
