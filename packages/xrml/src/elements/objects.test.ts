/** OBJECT, PRINCIPAL, WORK, DISTRIBUTIONPOINT, POLICYLIST and AUTHENTICATEDDATA: the parts that all documents share. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { guid } from '../hierarchy.fixture.ts'
import { refusal } from '../refusal.fixture.ts'
import { readXml } from '../text/reader.ts'
import { encryptedRightsData, parseAuthenticatedData, writeAuthenticatedData } from './authenticated-data.ts'
import {
  distributionPointKinds,
  distributionUrl,
  parseDistributionPoints,
  writeDistributionPoint,
  type DistributionPointKind,
} from './distribution-point.ts'
import { addressOf, canonicalGuid, parseObject, sameId, writeObject, type ObjectFields } from './object.ts'
import { parsePolicyLists, writeExclusionList } from './policy-list.ts'
import { parseIssuedPrincipal, parsePrincipal, securityLevel } from './principal.ts'
import { parseWork, writeOwner } from './work.ts'

const objectOf = (fields: ObjectFields) => parseObject(readXml(writeObject(fields)), 'test')

suite('OBJECT', () => {
  test('comes back with all its fields, and as it was written', () => {
    const fields = {
      type: 'Group-Identity',
      idType: 'Windows',
      id: 'S-1-5-21',
      name: '<Ada> & "co"',
      addresses: [
        { type: 'email_alias', value: 'a@b' },
        { type: 'home_puid', value: '1' },
      ],
    }
    const { raw, ...read } = objectOf(fields)
    assert.deepEqual(read, fields)
    assert.equal(raw, writeObject(fields))
    assert.equal(addressOf({ ...read, raw }, 'home_puid'), '1')
    assert.equal(addressOf({ ...read, raw }, 'idp'), undefined)
  })

  test('keeps attributes and elements that nobody knows in its raw text', () => {
    const text = '<OBJECT odd="1"><ID type="MS-GUID" version="2016-12-14T01:23">x</ID><EXTRA /></OBJECT>'
    assert.equal(parseObject(readXml(text), 'test').raw, text)
    assert.equal(parseObject(readXml(text), 'test').id, 'x')
  })

  test('GUIDs are compared without case and braces, other identifiers exactly', () => {
    const guidOf = (id: string) => objectOf({ idType: 'MS-GUID', id })
    assert.ok(sameId(guidOf(guid('a')), guidOf(guid('a').toUpperCase())))
    assert.ok(sameId(guidOf(guid('a')), guidOf(canonicalGuid(guid('a')))))
    assert.equal(sameId(guidOf(guid('a')), guidOf(guid('b'))), false)
    assert.equal(sameId(guidOf('x'), objectOf({ idType: 'ascii-tag', id: 'x' })), false)
    assert.equal(sameId(objectOf({ idType: 'ascii-tag', id: 'x' }), objectOf({ idType: 'ascii-tag', id: 'X' })), false)
    assert.equal(canonicalGuid(' {ABC} '), 'abc')
  })

  test('is refused when absent or when it says a thing twice', () => {
    assert.throws(() => parseObject(undefined, 'test'), refusal('xrml-malformed'))
    for (const inner of ['<ID /><ID />', '<NAME /><NAME />']) {
      assert.throws(() => parseObject(readXml(`<OBJECT>${inner}</OBJECT>`), 'test'), refusal('xrml-malformed'))
    }
  })
})

suite('PRINCIPAL', () => {
  test('has levels by name, and its content as written', () => {
    const content =
      '<OBJECT><ID /></OBJECT><SECURITYLEVEL name="a" value="1" /><SECURITYLEVEL name="b" value="2"></SECURITYLEVEL>'
    const principal = parsePrincipal(readXml(`<PRINCIPAL>${content}</PRINCIPAL>`), 'test')
    assert.equal(principal.content, content)
    assert.deepEqual([securityLevel(principal, 'b'), securityLevel(principal, 'c')], ['2', undefined])
  })

  test('is refused without key, twice, or with more than one key', () => {
    const object = '<OBJECT><ID /></OBJECT>'
    for (const issued of [
      '',
      '<ISSUEDPRINCIPALS />',
      `<ISSUEDPRINCIPALS><PRINCIPAL>${object}</PRINCIPAL></ISSUEDPRINCIPALS>`,
      `<ISSUEDPRINCIPALS><PRINCIPAL>${object}</PRINCIPAL><PRINCIPAL>${object}</PRINCIPAL></ISSUEDPRINCIPALS>`,
      `<ISSUEDPRINCIPALS><OTHER>${object}</OTHER></ISSUEDPRINCIPALS>`,
      `<ISSUEDPRINCIPALS><PRINCIPAL>${object}<PUBLICKEY /><PUBLICKEY /></PRINCIPAL></ISSUEDPRINCIPALS>`,
      `<ISSUEDPRINCIPALS><PRINCIPAL>${object}<ENABLINGBITS /><ENABLINGBITS /></PRINCIPAL></ISSUEDPRINCIPALS>`,
      '<ISSUEDPRINCIPALS /><ISSUEDPRINCIPALS />',
    ]) {
      assert.throws(() => parseIssuedPrincipal(readXml(`<BODY>${issued}</BODY>`)), refusal('xrml-malformed'), issued)
    }
  })
})

test('WORK gives content, owner and metadata as written', () => {
  const owner = { idType: 'Windows', id: 'S-1', address: 'ada@lakeside.example' }
  const metadata = writeOwner(owner).replace('</METADATA>', '<SKU type="x">1</SKU></METADATA>')
  const work = parseWork(readXml(`<BODY><WORK><OBJECT><ID type="MS-GUID">c</ID></OBJECT>${metadata}</WORK></BODY>`))
  assert.deepEqual([work.object.id, work.owner, work.metadata], ['c', owner, metadata])
  const bare = parseWork(readXml('<BODY><WORK><OBJECT><ID type="" /></OBJECT></WORK></BODY>'))
  assert.deepEqual([bare.owner, bare.metadata], [undefined, ''])
  for (const text of [
    '<BODY />',
    '<BODY><WORK /></BODY>',
    '<BODY><WORK><OBJECT /></WORK><WORK><OBJECT /></WORK></BODY>',
  ]) {
    assert.throws(() => parseWork(readXml(text)), refusal('xrml-malformed'))
  }
})

test('every kind of distribution point comes back', () => {
  for (const kind of Object.keys(distributionPointKinds) as DistributionPointKind[]) {
    const url = 'http://rms.lakeside.example/_wmcs?a=1&b=2'
    const markup = writeDistributionPoint(kind, url)
    const [point] = parseDistributionPoints(readXml(`<BODY>${markup}</BODY>`))
    assert.deepEqual(point, { type: distributionPointKinds[kind][0], url, raw: markup })
    assert.equal(distributionUrl([point], point.type), url)
  }
  assert.match(writeDistributionPoint('Referral-Info', 'mailto:x', 'x'), /<NAME>x<\/NAME><ADDRESS type="URL">mailto:x</)
  assert.equal(distributionUrl([], 'Activation'), undefined)
})

test('policy lists give applications with their versions', () => {
  const list =
    '<POLICYLIST type="exclusion"><POLICY><OBJECT><ID type="filename">a.exe</ID><VERSIONSPAN min="1.0.0.0" max="2.0.0.0" /></OBJECT></POLICY><POLICY><OBJECT><ID type="filename">b.exe</ID></OBJECT></POLICY></POLICYLIST>'
  assert.deepEqual(parsePolicyLists(readXml(`<BODY>${list}</BODY>`)), [
    {
      type: 'exclusion',
      applications: [
        { file: 'a.exe', minimum: '1.0.0.0', maximum: '2.0.0.0' },
        { file: 'b.exe', minimum: undefined, maximum: undefined },
      ],
      raw: list,
    },
  ])
})

test('application data keeps its order, whatever the order of its attributes', () => {
  const data = [
    { name: 'NOLICCACHE', value: '1' },
    { name: 'x"y', value: '<&>' },
  ]
  const markup = writeAuthenticatedData('APPSPECIFIC', data)
  const turned =
    '<AUTHENTICATEDDATA name="VIEWER" id="APPSPECIFIC">v</AUTHENTICATEDDATA><AUTHENTICATEDDATA id="LICENSEMETADATA" name="m">n</AUTHENTICATEDDATA>'
  const body = readXml(`<BODY>${markup}${turned}</BODY>`)
  assert.deepEqual(parseAuthenticatedData(body, 'APPSPECIFIC'), [...data, { name: 'VIEWER', value: 'v' }])
  assert.deepEqual(parseAuthenticatedData(body, 'LICENSEMETADATA'), [{ name: 'm', value: 'n' }])
})

test('rights data counts only when there is one', () => {
  const one = '<AUTHENTICATEDDATA id="Encrypted-Rights-Data">AA==</AUTHENTICATEDDATA>'
  assert.equal(encryptedRightsData(readXml(`<BODY>${one}</BODY>`)), 'AA==')
  assert.equal(encryptedRightsData(readXml(`<BODY>${one}${one}</BODY>`)), undefined)
  assert.equal(encryptedRightsData(readXml('<BODY />')), undefined)
})

test('an exclusion list is written as it is read', () => {
  const applications = [{ file: 'a&b.exe', minimum: '1.0.0.0', maximum: '2.0.0.0' }]
  assert.deepEqual(
    parsePolicyLists(readXml(`<BODY>${writeExclusionList(applications)}</BODY>`))[0]?.applications,
    applications,
  )
  assert.equal(writeExclusionList([]), '')
})
