import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import * as fc from 'fast-check'
import { isRightsError } from '@sealward/xrml'
import { readEnvelope, defaultTpdLimits } from './envelope.ts'
import { clusterId, inventCluster, newRsaKey } from './invented-cluster.ts'
import { decryptTpdField, tpdDerivations } from './password-encryption.ts'
import { readTpd } from './read-tpd.ts'
import { writeTpd, type TpdContent } from './write-tpd.ts'

/** Two noncharacters are all that XML cannot carry of well-formed text without control characters. */
const isXmlText = (value: string) => !/[\uFFFE\uFFFF]/.test(value)
const password = 'sixteen letters!'
const cluster = await inventCluster({ mode: 1 })

suite('written files', () => {
  test('have the members in the order of the class, without nulls', () => {
    const file = writeTpd({ ...cluster.content, licensorChain: ['<a/>', 'b\r\n'] }, { password, derivation: 'A' })
    assert.match(
      Buffer.from(file).toString('utf8'),
      /^<\?xml version="1\.0"\?><ArrayOfAnyType xmlns:xsi="http:\/\/www\.w3\.org\/2001\/XMLSchema-instance" xmlns:xsd="http:\/\/www\.w3\.org\/2001\/XMLSchema"><anyType xsi:type="EncryptedTrustedDocDomain"><m_strTrustedDocDomainInfo>[A-Za-z0-9+/=]+<\/m_strTrustedDocDomainInfo><m_strKeyData>[A-Za-z0-9+/=]+<\/m_strKeyData><\/anyType><\/ArrayOfAnyType>$/,
    )
    const info = decryptTpdField(readEnvelope(file, defaultTpdLimits).info, password, 'A')
    const text = Buffer.from(info ?? []).toString('utf8')
    assert(
      text.includes(
        `<anyType xsi:type="TrustedDocDomain"><m_ttdki><strID>${clusterId}</strID><strIDType>MS-GUID</strIDType>` +
          '<nCSPType>24</nCSPType><strCSPName /><nKeyNumber>1</nKeyNumber></m_ttdki><m_strLicensorCertChain>' +
          '<string>&lt;a/&gt;</string><string>b&#xD;\n</string></m_strLicensorCertChain><m_astrRightsTemplates>',
      ),
      text,
    )
  })

  test('carry a blob of 596 or 1172 bytes, for the key specification that they name', () => {
    for (const [bits, bytes] of [
      [1024, 596],
      [2048, 1172],
    ] as const) {
      for (const [keyNumber, algorithm] of [
        [1, 0xa400],
        [2, 0x2400],
      ] as const) {
        const content = { ...cluster.content, keyNumber, privateKey: newRsaKey(bits) }
        const { keyData } = readEnvelope(writeTpd(content, { password, derivation: 'A' }), defaultTpdLimits)
        const blob = Buffer.from(decryptTpdField(keyData ?? new Uint8Array(0), password, 'A') ?? [])
        assert.equal(blob.length, bytes)
        assert.equal(blob.readUInt32LE(4), algorithm)
      }
    }
  })

  test('come back as they were, whatever XML can carry', () => {
    const text = fc
      .string({ unit: 'grapheme', maxLength: 60 })
      .filter(isXmlText)
      .map((value) => `<${value}>\r\n`)
    const number = fc.integer({ min: 0, max: 999_999_999 })
    const optional = fc.option(fc.string({ unit: 'grapheme-ascii', maxLength: 20 }), { nil: undefined })
    fc.assert(
      fc.property(
        fc.record({ cspType: number, keyNumber: number, cspName: optional, keyContainerName: optional }),
        fc.array(text, { minLength: 1, maxLength: 4 }),
        fc.array(text, { maxLength: 4 }),
        fc.constantFrom(...tpdDerivations),
        fc.boolean(),
        (fields, licensorChain, templates, derivation, keyless) => {
          const privateKey = keyless ? undefined : cluster.privateKey
          const content: TpdContent = {
            id: clusterId,
            idType: 'MS-GUID',
            ...fields,
            licensorChain,
            templates,
            privateKey,
          }
          const tpd = readTpd({ file: writeTpd(content, { password, derivation }), password })
          const { blobPrefixed, derivations, fileSha256, privateKey: readKey, ...info } = tpd
          assert.deepEqual({ ...info, privateKey: undefined }, { ...content, privateKey: undefined })
          assert.equal(readKey?.equals(cluster.privateKey), keyless ? undefined : true)
          assert.deepEqual(derivations, { info: derivation, key: keyless ? undefined : derivation })
          assert.equal(blobPrefixed, false)
          assert.match(fileSha256, /^[0-9a-f]{64}$/)
        },
      ),
      { numRuns: 60 },
    )
  })
})

suite('refusals', () => {
  test('a password below 16 characters is refused, unless for samples', () => {
    const short = '\u{1f511}'.repeat(15)
    assert.throws(() => writeTpd(cluster.content, { password: short, derivation: 'A' }), {
      code: 'tpd-password-too-short',
    })
    const options = { password: short, derivation: 'A', allowShortPassword: true } as const
    assert.equal(readTpd({ file: writeTpd(cluster.content, options), password: short }).id, clusterId)
  })

  test('values that the form cannot carry are refused', () => {
    const wrong: readonly Partial<TpdContent>[] = [
      { id: ' ' },
      { idType: '' },
      { licensorChain: [] },
      { licensorChain: ['a', ''] },
      { cspName: 'a\0b' },
      { templates: ['\ud800'] },
      { cspType: 1.5 },
      { keyNumber: Number.NaN },
    ]
    for (const fields of wrong) {
      assert.throws(
        () => writeTpd({ ...cluster.content, ...fields }, { password, derivation: 'A' }),
        (error) => isRightsError(error, 'tpd-field-refused', 'xml-character-refused'),
      )
    }
  })
})
