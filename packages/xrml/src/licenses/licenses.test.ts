/** Every licence: issued, read, verified, opened. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { suite, test } from 'node:test'
import type { KeyHandle } from '../crypto/key-handle.ts'
import { writeContentKey } from '../crypto/key-header.ts'
import { mode1, mode2 } from '../crypto/modes.ts'
import { samePublicKey } from '../crypto/public-key.ts'
import { parseXrml } from '../document.ts'
import { noTimes } from '../elements/rights-list.ts'
import { writeAuthenticatedData } from '../elements/authenticated-data.ts'
import { accountValidity, guid, hierarchy, licensingUrl, owner, resigned } from '../hierarchy.fixture.ts'
import { testKey } from '../keys.fixture.ts'
import { refusal } from '../refusal.fixture.ts'
import { parsePolicy } from '../rights/policy.ts'
import { verifySignature } from '../signature.ts'
import { encodeBase64 } from '../text/base64.ts'
import { openPublishingLicense } from './open-publishing-license.ts'
import {
  parsePublishingLicense,
  signPublishingLicenseOnline,
  writePublishingLicenseDraft,
} from './publishing-license.ts'
import { issueUseLicense, openUseLicense, parseUseLicense } from './use-license.ts'

const day = 86_400_000

async function boundTo(draft: string, key: KeyHandle): Promise<boolean> {
  return (await openPublishingLicense(parsePublishingLicense(parseXrml(draft)), key)).bound
}

for (const mode of [mode1, mode2]) {
  const { documents, keys, licensor, client, account, contentKey, parts, use } = await hierarchy(mode)

  suite(`Mode ${mode.number}: publishing licence`, () => {
    test('signed online: says so, verifies, and opens with the key of the server', async () => {
      const license = parsePublishingLicense(documents.online)
      verifySignature(documents.online)
      assert.equal(license.kind, 'online')
      assert.equal(license.issuer?.content, licensor.content)
      assert.ok(documents.online.text.startsWith('<XrML xmlns="" version="1.2">'))
      assert.match(license.issuedPrincipals, /<\/PUBLICKEY><ENABLINGBITS /)
      const opened = await openPublishingLicense(license, keys.server.handle)
      assert.deepEqual([...opened.contentKey.payload], [...contentKey.payload])
      assert.equal(opened.contentKey.mode, 'cbc4k')
      assert.equal(opened.bound, true)
      assert.equal(opened.policyDocument.text, parts.rightsData)
      assert.deepEqual(opened.policy.owner, owner)
    })

    test('signed offline: says so, and names the server that its client certificate names', async () => {
      const license = parsePublishingLicense(documents.offline)
      verifySignature(documents.offline)
      assert.equal(license.kind, 'offline')
      assert.ok(samePublicKey(license.server.publicKey, licensor.publicKey))
      assert.equal(license.server.object.raw, licensor.object.raw)
      assert.ok(documents.offline.text.startsWith('<XrML version="1.2" xmlns="">'))
      assert.ok(documents.offline.text.includes('<SIGNATURE><ALGORITHM>'))
      assert.match(documents.offline.text, /<SECURITYLEVEL name="SDK" value="1\.0\.0\.0" \/><\/ISSUER>/)
      const opened = await openPublishingLicense(license, keys.server.handle)
      assert.deepEqual([...opened.contentKey.key], [...contentKey.key])
      assert.equal(opened.bound, true)
      assert.equal(license.work.object.id, guid('b'))
      assert.equal(license.work.owner?.address, owner.address)
      assert.equal(license.distributionPoints[0]?.url, licensingUrl)
    })

    test('does not open with the key of anybody else', async () => {
      const license = parsePublishingLicense(documents.offline)
      for (const key of [keys.client, keys.service, await testKey('stranger', mode.keyBits)]) {
        await assert.rejects(openPublishingLicense(license, key.handle), refusal('sealed-data-invalid'))
      }
    })

    test('as a draft: unsigned, of unknown issuer, and opens', async () => {
      const draft = parseXrml(writePublishingLicenseDraft({ ...parts, server: client.issuer }))
      const license = parsePublishingLicense(draft)
      assert.equal(license.issuer, undefined)
      assert.throws(() => verifySignature(draft), refusal('xrml-not-signed'))
      assert.equal((await openPublishingLicense(license, keys.server.handle)).bound, true)
    })

    test('as a draft whose empty elements a transport spelled anew, stays bound; with another value it is not', async () => {
      const draft = writePublishingLicenseDraft({ ...parts, server: client.issuer })
      const respelled = draft.replaceAll(' />', '/>')
      assert.notEqual(respelled, draft)
      assert.equal(await boundTo(respelled, keys.server.handle), true)
      const changed = respelled.replace('internal-id="1"', 'internal-id="2"')
      assert.notEqual(changed, respelled)
      assert.equal(await boundTo(changed, keys.server.handle), false)
    })

    test('carries everything that it may carry', async () => {
      const additions =
        writeAuthenticatedData('APPSPECIFIC', [{ name: 'NOLICCACHE', value: '1' }]) +
        writeAuthenticatedData('LICENSEMETADATA', [{ name: 'MS.Content.Name', value: 'Plan & cost.docx' }]) +
        '<POLICYLIST type="exclusion"></POLICYLIST>'
      const text = await signPublishingLicenseOnline({
        ...parts,
        descriptor: '<DESCRIPTOR><OBJECT><ID type="MS-GUID" version="2016-12-14T01:23">x</ID></OBJECT></DESCRIPTOR>',
        externalLicensingUrl: 'https://rms.lakeside.example/_wmcs/licensing',
        referral: '<DISTRIBUTIONPOINT><OBJECT type="Referral-Info"><ID /></OBJECT></DISTRIBUTIONPOINT>',
        additions,
        licensor,
        key: keys.server.handle,
      })
      const license = parsePublishingLicense(parseXrml(text))
      assert.equal(license.descriptor?.id, 'x')
      assert.deepEqual(
        license.distributionPoints.map((point) => point.type),
        ['License-Acquisition-URL', 'Extranet-License-Acquisition-URL', 'Referral-Info'],
      )
      assert.deepEqual(license.applicationData, [{ name: 'NOLICCACHE', value: '1' }])
      assert.deepEqual(license.metadata, [{ name: 'MS.Content.Name', value: 'Plan & cost.docx' }])
      assert.equal(license.policyLists[0]?.type, 'exclusion')
    })

    test('copies the principal of the server as it is certified, unknown elements included', async () => {
      const level = '<SECURITYLEVEL name="Server-SKU" value="x"></SECURITYLEVEL><FUTURE a="b" />'
      const content = licensor.content + level
      const text = await signPublishingLicenseOnline({
        ...parts,
        server: { ...licensor, content },
        licensor,
        key: keys.server.handle,
      })
      const license = parsePublishingLicense(parseXrml(text))
      assert.equal(license.server.content.replace(/<ENABLINGBITS.*<\/ENABLINGBITS>/, ''), content)
      assert.equal((await openPublishingLicense(license, keys.server.handle)).bound, true)
      const again = await signPublishingLicenseOnline({
        ...parts,
        server: license.server,
        licensor,
        key: keys.server.handle,
      })
      assert.equal(again.match(/<ENABLINGBITS /g)?.length, 1)
    })
  })

  suite(`Mode ${mode.number}: use licence`, () => {
    test('of the server: every right has the key, with its times, for the licensee alone', async () => {
      const license = parseUseLicense(documents.use)
      verifySignature(documents.use)
      assert.ok(documents.use.text.startsWith('<XrML xmlns="" version="1.2" purpose="Content-License">'))
      assert.deepEqual(
        license.rights.map((entry) => [entry.right, entry.times]),
        [
          ['VIEW', { ranges: [accountValidity], intervals: [30 * day] }],
          ['DOCEDIT', noTimes],
        ],
      )
      assert.ok(license.rights.every((entry) => entry.enablingBits?.mode === mode))
      assert.ok(samePublicKey(license.licensee.publicKey, account.principal.publicKey))
      assert.equal(license.licensee.securityLevels.length, 0)
      assert.equal(license.work.object.id, guid('b'))
      const opened = await openUseLicense(license, keys.account.handle)
      assert.deepEqual([...opened.payload], [...contentKey.payload])
      await assert.rejects(openUseLicense(license, keys.machine.handle), refusal('sealed-data-invalid'))
    })

    test('of an owner: in the form of the Windows client', async () => {
      const license = parseUseLicense(documents.ownerUse)
      verifySignature(documents.ownerUse)
      assert.ok(documents.ownerUse.text.startsWith('<XrML version="1.2" xmlns="" purpose="Content-License">'))
      assert.ok(documents.ownerUse.text.includes('<RIGHTSLIST><RIGHT name = "OWNER"><ACCESS>'))
      assert.deepEqual(
        license.rights.map((entry) => entry.right),
        ['OWNER'],
      )
      assert.equal(license.licensee.securityLevels.length, 3)
      assert.deepEqual([...(await openUseLicense(license, keys.account.handle)).key], [...contentKey.key])
    })

    test('repeats header and key byte for byte, whatever stands in the header', async () => {
      const payload = Buffer.from(writeContentKey('cbc512-nopad', randomBytes(32)).payload)
      payload.writeUInt16LE(256, 4)
      payload.writeUInt32LE(0xdeadbeef, 8)
      const odd = { mode: 'cbc512-nopad', key: payload.subarray(12), payload } as const
      const text = await issueUseLicense({
        ...use,
        contentKey: odd,
        licensor,
        key: keys.server.handle,
        rights: [{ right: 'VIEW', times: noTimes }],
      })
      const opened = await openUseLicense(parseUseLicense(parseXrml(text)), keys.account.handle)
      assert.deepEqual([...opened.payload], [...payload])
    })

    test('copies content, owner and referral of the publishing licence, and what the service adds', async () => {
      const referral =
        '<DISTRIBUTIONPOINT><OBJECT type="Referral-Info"><ID type="MS-GUID">r</ID><ADDRESS type="URL">mailto:x</ADDRESS></OBJECT></DISTRIBUTIONPOINT>'
      const published = parsePublishingLicense(
        parseXrml(await signPublishingLicenseOnline({ ...parts, referral, licensor, key: keys.server.handle })),
      )
      const additions = writeAuthenticatedData('APPSPECIFIC', [{ name: 'NOLICCACHE', value: '1' }])
      const text = await issueUseLicense({
        ...use,
        publishingLicense: published,
        additions,
        licensor,
        key: keys.server.handle,
        rights: [{ right: 'VIEW', times: noTimes }],
      })
      const license = parseUseLicense(parseXrml(text))
      assert.ok(text.includes(referral) && text.includes(published.work.metadata))
      assert.deepEqual(license.applicationData, [{ name: 'NOLICCACHE', value: '1' }])
    })
  })
}

const { documents, keys, parts, client } = await hierarchy()

suite('refuses a publishing licence', () => {
  const cases = [
    ['without rights data', /<AUTHENTICATEDDATA id="Enc.*?<\/AUTHENTICATEDDATA>/, ''],
    ['with rights data twice', /<AUTHENTICATEDDATA id="Enc.*?<\/AUTHENTICATEDDATA>/, '$&$&'],
    ['without its sealed key', /<ENABLINGBITS.*<\/ENABLINGBITS>/, ''],
    ['with two sealed keys', /<ENABLINGBITS.*<\/ENABLINGBITS>/, '$&$&'],
    ['without WORK', /<WORK>.*<\/WORK>/, ''],
    ['with a second WORK', /<WORK>.*<\/WORK>/, '$&$&'],
    ['with a second ISSUER', /<ISSUER>.*<\/ISSUER>/, '$&$&'],
    ['with a second owner', /<OWNER>.*<\/OWNER>/, '$&$&'],
    ['with a second time of issue', /<ISSUEDTIME>.*<\/ISSUEDTIME>/, '$&$&'],
    ['with line ends in base64', /size="1664">/, '$&\n'],
    ['with a wrong size of the sealed key', /size="1536"/, 'size="1537"'],
  ] as const
  for (const [name, part, replacement] of cases) {
    test(name, async () => {
      const pattern = name.startsWith('with line') ? /size="1536">/ : part
      const changed = await resigned(documents.offline, keys.client, (body) => body.replace(pattern, replacement))
      assert.throws(() => parsePublishingLicense(changed), refusal('xrml-malformed'))
    })
  }

  test('in the place of another document, and others in its place', () => {
    for (const document of Object.values(documents)) {
      if (document.type !== 'publishing-license')
        assert.throws(() => parsePublishingLicense(document), refusal('xrml-malformed'))
      if (document.type !== 'use-license') assert.throws(() => parseUseLicense(document), refusal('xrml-malformed'))
      if (document.type !== 'rights-template') assert.throws(() => parsePolicy(document), refusal('xrml-malformed'))
    }
  })
})

const open = async (rightsData: string) => {
  const text = writePublishingLicenseDraft({ ...parts, rightsData, server: client.issuer })
  return openPublishingLicense(parsePublishingLicense(parseXrml(text)), keys.server.handle)
}

const entry = (name: string): string =>
  `<VIEW><CONDITIONLIST><ACCESS><PRINCIPAL><OBJECT><ID type="Unspecified" />${name}</OBJECT></PRINCIPAL></ACCESS></CONDITIONLIST></VIEW>`

const policyOf = (list: string) =>
  parsePolicy(
    parseXrml(
      '<XrML version="1.2" xmlns=""><BODY type="Microsoft Rights Template"><ISSUEDTIME>2020-01-01T00:00</ISSUEDTIME><WORK>' +
        `<OBJECT><ID /></OBJECT><RIGHTSGROUP><RIGHTSLIST>${list}</RIGHTSLIST></RIGHTSGROUP></WORK></BODY></XrML>`,
    ),
  )

suite('rights data', () => {
  test('that is no document, or a document of another kind, is refused', async () => {
    for (const text of ['', 'rights', '<XrML', '<x />', `${parts.rightsData} `, parts.rightsData + parts.rightsData]) {
      await assert.rejects(open(text), refusal('rights-data-invalid'), text.slice(0, 10))
    }
    await assert.rejects(open(documents.use.text), refusal('xrml-malformed'))
  })

  test('of a template is the template itself, with its signature', async () => {
    const opened = await open(documents.template.text)
    assert.equal(opened.policy.official, true)
    verifySignature(opened.policyDocument)
  })

  test('with a seal made for another licence opens, but is not bound', async () => {
    const other = parsePublishingLicense(
      await resigned(documents.offline, keys.client, (body) =>
        body.replace('<PRINCIPAL internal-id="1"><OBJECT', '<PRINCIPAL internal-id="1"><OBJECT odd="1"'),
      ),
    )
    assert.equal((await openPublishingLicense(other, keys.server.handle)).bound, false)
  })

  test('C5: two grants that became one by moved blocks are refused', () => {
    assert.equal(policyOf(entry('<NAME>a@b</NAME>') + entry('<NAME>c@d</NAME>')).entries.length, 2)
    assert.throws(() => policyOf(entry('<NAME>a@b</NAME><NAME>c@d</NAME>')), refusal('xrml-malformed'))
  })
})

test('C5: blocks of rights data that are dropped, moved or repeated break the signature', () => {
  const { rightsData } = parsePublishingLicense(documents.offline)
  const blocks = Array.from({ length: rightsData.length / 16 }, (_, index) =>
    rightsData.subarray(index * 16, index * 16 + 16),
  )
  const original = encodeBase64(rightsData)
  for (let index = 0; index < blocks.length; index++) {
    for (const length of [1, 3, 8]) {
      const run = blocks.slice(index, index + length)
      const rest = blocks.toSpliced(index, length)
      for (const spliced of [rest, blocks.toSpliced(index, 0, ...run), [...rest, ...run], [...run, ...rest]]) {
        const changed = encodeBase64(Buffer.concat(spliced))
        if (changed === original) continue
        const document = parseXrml(documents.offline.text.replace(original, changed))
        assert.throws(() => verifySignature(document), refusal('xrml-digest-mismatch'))
      }
    }
  }
})
