/** What a publisher wrote into a draft, part by part: in the licence that the service signs, and in the use licences for it. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { parseXrml, rawElement, writeOwner, writePublicKey, writeRightsData } from '@sealward/xrml'
import { admit } from '../administration/admission.ts'
import { openAs, signUp, type OpenedUse } from './client.fixture.ts'
import { at, info, openTestCluster, start, type TestCluster } from './cluster.fixture.ts'
import { draftOf, type Draft } from './draft.fixture.ts'
import { editLicense } from './edit-license.ts'
import { signDraft } from './sign-draft.ts'

const cluster = await openTestCluster()
const { licensor } = (await cluster.context.configuration()).activeKey!
const contentId = '{6A9E1C5A-2B4D-4C5E-9F60-7A8B9C0D1E2F}'
const owner = { idType: 'Windows', id: '', address: 'alice@lakeside.example' }

function revocationPoint(number: number): string {
  const object = `<OBJECT type="Revocation"><ID type="MS-GUID">{0000000${number}-0000-4000-8000-000000000000}</ID><ADDRESS type="URL">https://lists.lakeside.example/${number}</ADDRESS></OBJECT>`
  return `<REFRESH><DISTRIBUTIONPOINT>${object}${writePublicKey(licensor.principal.publicKey)}</DISTRIBUTIONPOINT><INTERVALTIME days="${number}" /></REFRESH>`
}

function applications(type: string, file: string): string {
  return `<POLICYLIST type="${type}"><POLICY><OBJECT><ID type="filename">${file}</ID><VERSIONSPAN min="1.0.0.0" max="2.0.0.0" /></OBJECT></POLICY></POLICYLIST>`
}

/** Every optional part of a publishing licence (MS-RMPR 2.2.9.7), in an order and spelling that clients write. */
const written = {
  validity: '<VALIDITYTIME><FROM>2026-03-01T00:00:30Z</FROM><UNTIL>2026-04-01T00:00</UNTIL></VALIDITYTIME>',
  descriptor:
    '<DESCRIPTOR><OBJECT><ID type="MS-GUID" version="2016-12-14T01:23">{4D0B1A2C-0000-4000-8000-00000000000A}</ID><NAME>LCID 1033:NAME Plan &amp; cost:DESCRIPTION For staff;\n</NAME></OBJECT></DESCRIPTOR>',
  referral:
    '<DISTRIBUTIONPOINT><OBJECT type="Referral-Info"><ID type="MS-GUID">{81C42010-208A-458A-BAB6-C3C60F06DD5F}</ID><NAME>alice@lakeside.example</NAME><ADDRESS type="URL">mailto:alice@lakeside.example</ADDRESS></OBJECT></DISTRIBUTIONPOINT>',
  otherPoint:
    '<DISTRIBUTIONPOINT><OBJECT type="Future-URL"><ID type="MS-GUID">{81C42010-0000-4000-8000-C3C60F06DD5F}</ID><ADDRESS type="URL">https://future.example/</ADDRESS></OBJECT></DISTRIBUTIONPOINT>',
  work: `<WORK future="1"><OBJECT type="Document"><ID type="MS-GUID">${contentId}</ID><NAME>Plan.docx</NAME></OBJECT>${writeOwner(owner).replace('</METADATA>', '<SKU type="x">7</SKU></METADATA>')}<CONDITIONLIST>${revocationPoint(1)}</CONDITIONLIST><FUTURE></FUTURE></WORK>`,
  applicationData: '<AUTHENTICATEDDATA name="VIEWER" id="APPSPECIFIC">a &lt; b</AUTHENTICATEDDATA>',
  unknown: '<FUTURE a = "b"><INNER /></FUTURE>',
  metadata: '<AUTHENTICATEDDATA id="LICENSEMETADATA" name="MS.Content.Name">Plan.docx</AUTHENTICATEDDATA>',
  unknownData: '<AUTHENTICATEDDATA id="FUTURE" name="x">y</AUTHENTICATEDDATA>',
  exclusion: applications('exclusion', 'old.exe'),
  inclusion: applications('inclusion', 'writer.exe'),
}
const { validity, descriptor, referral, otherPoint, work, ...additions } = written

const ofPolicy = {
  refresh: revocationPoint(2),
  exclusion: applications('exclusion', 'ancient.exe'),
  inclusion: applications('inclusion', 'reader.exe'),
}

/** The policy names lists and conditions of its own, and one that the licence has too. */
const rightsData = writeRightsData({
  issuedAt: start,
  contentId,
  owner,
  names: [],
  grants: [{ to: 'ben@lakeside.example', rights: ['VIEW', 'PRINT'] }],
  refresh: ofPolicy.refresh,
  applicationData: [
    { name: 'NOLICCACHE', value: '1' },
    { name: 'Allow_Server_Editing', value: 'True' },
  ],
}).replace('</BODY>', `${ofPolicy.exclusion}${ofPolicy.inclusion}${written.inclusion}</BODY>`)

const full: Draft = {
  contentId,
  rightsData,
  validity,
  descriptor,
  referral: referral + otherPoint,
  work,
  additions: Object.values(additions).join(''),
}

async function signed(draft: Draft): Promise<readonly string[]> {
  const caller = await cluster.caller('alice')
  return (await signDraft(cluster.context, { info, caller, draft: await draftOf(cluster, draft) })).chain
}

async function edited(draft: Draft): Promise<readonly string[]> {
  await admit(cluster.administration, {
    door: 'republishing',
    member: 'ben@lakeside.example',
    directory: cluster.context.directory,
  })
  const before = at(await signed({ contentId, rightsData }), 0)
  const caller = await cluster.caller('ben')
  const request = { info, caller, signed: before, draft: await draftOf(cluster, draft) }
  return [(await editLicense(cluster.context, request)).license]
}

const doors = { AcquireIssuanceLicense: signed, EditIssuanceLicense: edited }

for (const [name, publish] of Object.entries(doors)) {
  suite(`${name} keeps what the publisher wrote`, async () => {
    const [license = ''] = await publish(full)

    for (const [part, markup] of Object.entries(written)) {
      test(part, () => assert.equal(license.split(markup).length, 2))
    }

    test('in the order of the specification, between the parts of the service', () => {
      const { children } = parseXrml(license).body
      assert.deepEqual(
        children.map((part) => (Object.values(written).includes(rawElement(part)) ? rawElement(part) : part.local)),
        [
          'ISSUEDTIME',
          validity,
          descriptor,
          'ISSUER',
          'DISTRIBUTIONPOINT',
          referral,
          otherPoint,
          'ISSUEDPRINCIPALS',
          work,
          'AUTHENTICATEDDATA',
          ...Object.values(additions),
        ],
      )
      assert.equal(license.includes('elsewhere.example'), false)
    })

    test('his expiry binds readers, and him', async () => {
      const over = '<VALIDITYTIME><FROM>2019-01-01T00:00</FROM><UNTIL>2020-01-01T00:00</UNTIL></VALIDITYTIME>'
      const chain = await publish({ contentId, validity: over })
      for (const reader of ['ben', 'alice']) {
        await assert.rejects(openAs(cluster, await signUp(cluster, reader), chain), {
          name: 'RightsError',
          code: 'publishing-license-outside-validity',
        })
      }
    })
  })
}

suite('a use licence copies from licence and policy', async () => {
  const use = await useOf(cluster)
  const text = use.license.document.bodyText
  const once = (markup: string): void => assert.equal(text.split(markup).length, 2, markup)

  test('the referral, and no other distribution point', () => {
    assert.deepEqual(
      use.license.distributionPoints.map(({ raw }) => raw),
      [referral],
    )
  })

  test('OBJECT and METADATA of the content', () => {
    once(work.slice(work.indexOf('<OBJECT'), work.indexOf('<CONDITIONLIST>')))
  })

  test('the revocation lists of both', () => {
    assert.deepEqual(
      use.license.work.refresh.map(({ raw }) => raw),
      [revocationPoint(1), ofPolicy.refresh],
    )
  })

  test('the application lists of both, one that is in both once', () => {
    for (const list of [written.exclusion, written.inclusion, ofPolicy.exclusion, ofPolicy.inclusion]) once(list)
    assert.equal(text.match(/<POLICYLIST /g)?.length, 4)
  })

  test('the application data of both', () => {
    assert.deepEqual(
      use.license.applicationData.map(({ name, value }) => `${name}=${value}`),
      ['VIEWER=a < b', 'NOLICCACHE=1', 'Allow_Server_Editing=True'],
    )
  })

  test('the time of the licence, in every right', () => {
    const range = { from: new Date('2026-03-01T00:00:00Z'), until: new Date('2026-04-01T00:00:00Z') }
    for (const { times } of use.license.rights) assert.deepEqual(times.ranges, [range])
    assert.equal(use.license.rights.length, 2)
  })
})

async function useOf(of: TestCluster): Promise<OpenedUse> {
  const chain = await signed(full)
  return openAs(of, await signUp(of, 'ben'), chain)
}
