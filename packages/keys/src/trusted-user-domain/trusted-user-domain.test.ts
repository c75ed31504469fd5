/** Trusted user domain files: every form that is read, what is refused, and what a chain must prove. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { escapeText, isRightsError } from '@sealward/xrml'
import { inventCluster, today } from '../trusted-publishing-domain/invented-cluster.ts'
import { checkTud } from './check-tud.ts'
import { readTud } from './read-tud.ts'
import { writeTud } from './write-tud.ts'

const cluster = await inventCluster({ mode: 2 })
const certificate = cluster.licensorCertificate
const schema = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'

const forms: Readonly<Record<string, string>> = {
  'a chain': certificate,
  'a chain behind a declaration': `<?xml version="1.0"?>\n${certificate}\n`,
  'one root around it': `<Certificates>${certificate}</Certificates>`,
  'an array of texts': `<?xml version="1.0"?><ArrayOfString><string>${escapeText(certificate)}</string></ArrayOfString>`,
  'an array of anything': `<ArrayOfAnyType ${schema}><anyType xsi:type="TrustedUserDomain"><Name>Harbour</Name><m_chain><string>${escapeText(certificate)}</string></m_chain></anyType></ArrayOfAnyType>`,
  'an array of elements': `<ArrayOfAnyType><anyType><Certificate>${certificate}</Certificate></anyType></ArrayOfAnyType>`,
}

const encodings: Readonly<Record<string, (text: string) => Uint8Array>> = {
  'UTF-8': (text) => Buffer.from(text, 'utf8'),
  'UTF-8 with byte order mark': (text) => Buffer.from(`\ufeff${text}`, 'utf8'),
  'UTF-16': (text) => Buffer.from(text, 'utf16le'),
  'UTF-16 with byte order mark': (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
}

for (const [form, text] of Object.entries(forms)) {
  test(`${form} is read, character by character`, () => {
    for (const [encoding, encode] of Object.entries(encodings)) {
      assert.deepEqual(readTud(encode(text)), [certificate], encoding)
    }
  })
}

test('what is written is read again', () => {
  assert.deepEqual(readTud(writeTud([certificate, certificate])), [certificate, certificate])
})

test('anything else is refused with its beginning, whatever its length', () => {
  const refused = [
    new Uint8Array(0),
    Buffer.from('PK\u0003\u0004 no certificate'),
    Buffer.from('<ArrayOfString><string>certificate</string></ArrayOfString>'),
    Buffer.from(`<ArrayOfString><string>${escapeText(certificate.slice(0, 900))}</string></ArrayOfString>`),
    Buffer.from('<other/>'),
    Buffer.from(`<!DOCTYPE x [<!ENTITY e "e">]>${certificate}`),
    Buffer.from(certificate.repeat(17)),
    Buffer.alloc(1024 * 1024 + 1, certificate),
    ...[1, 100, certificate.length - 1].map((length) => Buffer.from(certificate.slice(0, length))),
  ]
  for (const file of refused) {
    const start = file.subarray(0, 64)
    assert.throws(
      () => readTud(file),
      (error) => isRightsError(error, 'tud-malformed') && error.detail?.endsWith(Buffer.from(start).toString('hex')),
    )
  }
})

test('a chain counts up to a root that is accepted, and only as that of a licensor', () => {
  const { licensor, mode } = checkTud([certificate], { anchors: [cluster.root], now: today })
  assert.equal(licensor.principal.object.name, 'Lakeside Rights')
  assert.equal(mode.number, 2)
  assert.throws(() => checkTud([certificate], { anchors: [], now: today }), { code: 'chain-anchor-untrusted' })
  assert.throws(() => checkTud([], { anchors: [cluster.root], now: today }), { code: 'tud-chain-invalid' })
  assert.throws(() => checkTud([cluster.template], { anchors: [cluster.root], now: today }), {
    code: 'tud-chain-invalid',
  })
  const changed = certificate.replace('Lakeside Rights', 'Harbour Rights!')
  assert.throws(() => checkTud([changed], { anchors: [cluster.root], now: today }), { code: 'xrml-digest-mismatch' })
})
