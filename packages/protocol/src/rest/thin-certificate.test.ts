import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { isRightsError, publicKeyFromKeyObject } from '@sealward/xrml'
import { parseThinCertificateRequest, thinCertificate, thinCertificateNames } from './thin-certificate.ts'

const { publicKey: keyObject } = generateKeyPairSync('rsa', { modulusLength: 1024 })
const publicKey = publicKeyFromKeyObject(keyObject)
const id = '{10f2270c-6f5a-4c92-ab2e-b429731ce7fc}'
const licensingUrl = 'https://rms.lakeside.example/_wmcs/licensing'

function names(displayName: string, address = 'alice@lakeside.example'): string {
  const issuer = { licensingUrl, externalLicensingUrl: licensingUrl, name: 'Lakeside "1"', id, publicKey }
  return thinCertificateNames({ address, displayName, accountId: id, publicKey, issuer })
}

test('names are as the protocol writes them, keys little-endian', () => {
  const pubk = { kty: 'RSA', e: '65537', n: Buffer.from(publicKey.modulus).reverse().toString('base64') }
  assert.deepEqual(JSON.parse(names('Ana 李')), {
    issto: { em: 'alice@lakeside.example', fname: 'Ana 李', id: { typ: 'Federation', val: id }, pubk },
    iss: { eurl: licensingUrl, iurl: licensingUrl, fname: 'Lakeside  1 ', id, pubk },
  })
})

for (const name of ['Al "X" B', 'back\\slash', '"{"', 'x}}', 'line\nbreak', 'half \ud800 character', '']) {
  test(`a client that searches the text is not led astray by the name ${JSON.stringify(name)}`, () => {
    const text = names(name)
    assert.equal(text.includes('\\'), false)
    assert.equal(text.split('"').length, names('Ana').split('"').length)
    assert.equal(text.split('{').length, names('Ana').split('{').length)
    assert.equal(text.split('}').length, names('Ana').split('}').length)
  })
}

test('an address that cannot be written as it is gets no certificate', () => {
  assert.throws(
    () => names('Ana', '{ana}@lakeside.example'),
    (error) => isRightsError(error, 'address-refused'),
  )
})

test('the certificate holds the signed names as they stand, times to the second', () => {
  const signed = { payload: names('Ana'), signature: Buffer.from([1, 2, 3]) }
  const text = thinCertificate({
    names: signed,
    issuedAt: new Date('2026-01-01T00:00:00.900Z'),
    validUntil: new Date('2026-01-08T00:00:00Z'),
    privateExponent: Buffer.from([1, 2]),
    id,
  })
  assert.deepEqual(JSON.parse(text), {
    hdr: { ver: '1.0.0.0' },
    pub: { pld: signed.payload, sig: { alg: 'SHA1', dig: 'AQID' } },
    pri: { issd: '2026-01-01T00:00:00', exp: '2026-01-08T00:00:00', prik: { kty: 'RSA', d: 'AgE=' }, id },
  })
})

test('only signatures over UTF-8 are made', () => {
  parseThinCertificateRequest('{"SignatureEncoding":"UTF-8"}')
  for (const text of ['', '{}', '{"SignatureEncoding":"utf-16"}', '{"SignatureEncoding":8}', '[]']) {
    assert.throws(
      () => parseThinCertificateRequest(text),
      (error) => isRightsError(error, 'rest-message-invalid'),
    )
  }
})
