/** What servers may ask for on behalf of others, and that nobody else may (MS-RMSI, MS-RMPRS; threat P16). */
import assert from 'node:assert/strict'
import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { after, before, suite, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { faultNames, parseFaultString, type SoapOperationName, type SoapRequestOf } from '@sealward/protocol'
import {
  issuerKeyOf,
  openUseLicense,
  parseAccountCertificate,
  parseIssuingCertificate,
  parsePublishingLicense,
  parseUseLicense,
  parseXrml,
  validateChain,
  verifySignature,
} from '@sealward/xrml'
import { admit as addMember, dismiss, listAdmitted } from '../../administration/admission.ts'
import { accountsOnly, closedDoors, type ClosedDoor } from '../../core/settings.ts'
import {
  bootstrap,
  draftFor,
  publishEditable,
  publishOffline,
  soap,
  soapResponse,
  type TestClient,
  type TestDocument,
} from '../test-client.ts'
import { addressOf, openTestOrganisation, type Person, type TestOrganisation } from '../test-organisation.ts'

let organisation: TestOrganisation
let server: FastifyInstance
let alice: TestClient
let document: TestDocument
let editable: SoapRequestOf<'EditIssuanceLicense'>

before(async () => {
  organisation = await openTestOrganisation()
  server = organisation.server()
  alice = await bootstrap(organisation, server, 'alice')
  document = await publishOffline(alice)
  editable = await publishEditable(organisation, server, alice)
})
after(() => organisation.close())

/** As an administrator does it; whoever was admitted anywhere before is dismissed. */
async function admit(door: ClosedDoor, ...members: readonly string[]): Promise<void> {
  const { cluster, store, clock, random, directory } = organisation.context
  const administration = { cluster, store, clock, random, actor: 'test' }
  for (const [name, listed = []] of Object.entries(await listAdmitted(administration))) {
    for (const member of listed) await dismiss(administration, { door: name as ClosedDoor, member })
  }
  for (const member of members) await addMember(administration, { door, member, directory })
}

function call<Name extends SoapOperationName>(name: Name, request: SoapRequestOf<Name>, person: Person = 'bob') {
  return soapResponse(server, name, request, { authorization: organisation.basic(person) })
}

function faultOf<Name extends SoapOperationName>(name: Name, request: SoapRequestOf<Name>, person?: Person) {
  const options = person === undefined ? {} : { authorization: organisation.basic(person) }
  return soap(server, name, request, options).then((answer) => (answer.kind === 'fault' ? answer.fault.full : 'none'))
}

const closedCalls = (): readonly {
  readonly door: ClosedDoor
  readonly ask: (person?: Person) => Promise<string>
}[] => [
  { door: 'precertification', ask: (person) => faultOf('Precertify', { userName: addressOf('carol') }, person) },
  {
    door: 'pre-licensing',
    ask: (person) =>
      faultOf(
        'AcquirePreLicense',
        { requests: [{ licenseeIdentities: [addressOf('bob')], issuanceLicense: document.chain }] },
        person,
      ),
  },
  { door: 'republishing', ask: (person) => faultOf('EditIssuanceLicense', editable, person) },
  { door: 'group-expansion', ask: (person) => faultOf('IsPrincipalMemberOf', membership(), person) },
  { door: 'sub-enrolment', ask: (person) => faultOf('SubEnroll', enrolment(), person) },
  { door: 'server-certification', ask: (person) => certifyAt('ServerCertification.asmx', person) },
  { door: 'mobile-certification', ask: (person) => certifyAt('MobileCertification.asmx', person) },
]

async function certifyAt(file: string, person?: Person): Promise<string> {
  const request = { machineCertificateChain: alice.machineChain, persistent: true }
  const options = person === undefined ? {} : { authorization: organisation.basic(person) }
  const answer = await soap(server, 'Certify', request, { ...options, file })
  return answer.kind === 'fault' ? answer.fault.full : 'none'
}

function enrolment(change: Partial<SoapRequestOf<'SubEnroll'>> = {}, bits = 2048): SoapRequestOf<'SubEnroll'> {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: bits })
  return {
    publicKey: publicKey.export({ format: 'der', type: 'pkcs1' }),
    guid: randomUUID(),
    name: 'Legal',
    url: 'https://legal.lakeside.example/_wmcs',
    ...change,
  }
}

function membership(change: Partial<SoapRequestOf<'IsPrincipalMemberOf'>> = {}) {
  return {
    principalName: addressOf('alice'),
    principalCrossForest: addressOf('alice'),
    targetGroups: ['SALES@lakeside.example'],
    crossForestCallsSoFar: 0,
    ...change,
  }
}

test('nobody is admitted unless an administrator names an account or a group, for each call alone', async () => {
  const refused = faultNames.unauthorizedAccess
  // Content keys come from a decommissioned cluster only; see core/acquire-content-key.test.ts.
  const doors = closedCalls().map(({ door }) => door)
  assert.deepEqual(doors.sort(), closedDoors.filter((door) => door !== 'decommissioning').sort())
  for (const { door, ask } of closedCalls()) {
    await admit(door)
    assert.deepEqual([await ask('bob'), await ask()], [refused, refused], `${door}: nobody named`)
    await admit(door, addressOf('carol'))
    assert.deepEqual([await ask('bob'), await ask('carol')], [refused, 'none'], `${door}: an account`)
    if (!accountsOnly.has(door)) {
      await admit(door, 'sales@lakeside.example')
      assert.deepEqual([await ask('bob'), await ask('carol')], ['none', refused], `${door}: a group`)
    }
    const other = closedDoors.find((name) => name !== door) ?? door
    await admit(other, addressOf('bob'))
    assert.equal(await ask('bob'), refused, `${door}: named for ${other}`)
  }
})

suite('Precertify', () => {
  before(() => admit('precertification', addressOf('bob')))

  test('gives the public half of the account that the person gets later', async () => {
    const { certificate } = await call('Precertify', { userName: addressOf('carol') })
    const account = parseAccountCertificate(parseXrml(certificate))
    verifySignature(account.document)
    assert.deepEqual([account.machine, account.addresses], [undefined, [addressOf('carol')]])
    const carol = await bootstrap(organisation, server, 'carol')
    assert.equal(carol.accountKey.publicKey.fingerprint, account.principal.publicKey.fingerprint)
  })

  test('one user, by address, by identifier or by both, and then the same one', async () => {
    const sid = 'S-1-5-21-11-22-33-1003'
    const named = [{ securityIdentifier: sid }, { securityIdentifier: sid, userName: addressOf('carol') }]
    for (const request of named) {
      const { certificate } = await call('Precertify', request)
      assert.equal(parseAccountCertificate(parseXrml(certificate)).principal.object.id, sid)
    }
    const differ = { securityIdentifier: sid, userName: addressOf('alice') }
    assert.equal(await faultOf('Precertify', differ, 'bob'), faultNames.unauthorizedAccess)
    assert.equal(await faultOf('Precertify', {}, 'bob'), faultNames.drmsArgument)
    const unknown = { userName: 'nobody@lakeside.example' }
    assert.equal(await faultOf('Precertify', unknown, 'bob'), faultNames.adEntrySearchFailed)
    assert.equal(await faultOf('Precertify', { userName: addressOf('dora') }, 'bob'), faultNames.unauthorizedAccess)
  })
})

suite('AcquirePreLicense', () => {
  before(() => admit('pre-licensing', addressOf('bob')))

  test('a licence for everybody who has rights, the reason for everybody else, each in its place', async () => {
    const licenseeIdentities = [addressOf('carol'), addressOf('bob'), 'nobody@lakeside.example', addressOf('alice')]
    const { responses } = await call('AcquirePreLicense', {
      requests: [{ licenseeIdentities, issuanceLicense: document.chain }],
    })
    const [answer] = responses
    assert.ok(answer !== undefined && responses.length === 1)
    const said = answer.outcomes.map((outcome) =>
      outcome.outcome === 'licensed'
        ? parseUseLicense(parseXrml(outcome.license)).rights.map(({ right }) => right)
        : [parseFaultString(outcome.exceptionString).name, outcome.batchIndex],
    )
    assert.deepEqual(said, [
      ['NoRightsForRequestedPrincipalException', 0],
      ['VIEW'],
      ['AcquirePreLicenseInvalidLicenseeException', 2],
      ['OWNER'],
    ])
    assert.deepEqual(answer.certificateChain, (await organisation.context.configuration()).activeKey?.chain)
  })

  test('what is made before the first sign-in opens after it', async () => {
    const { responses } = await call('AcquirePreLicense', {
      requests: [{ licenseeIdentities: [addressOf('bob')], issuanceLicense: document.chain }],
    })
    const [outcome] = responses[0]?.outcomes ?? []
    assert.ok(outcome?.outcome === 'licensed')
    const bob = await bootstrap(organisation, server, 'bob')
    const { payload } = await openUseLicense(parseUseLicense(parseXrml(outcome.license)), bob.accountKey)
    assert.deepEqual(payload, document.contentKey.payload)
  })
})

async function rightsOf(person: Person, license: string): Promise<string> {
  const client = await bootstrap(organisation, server, person)
  const answer = await soap(server, 'AcquireLicense', {
    requests: [{ licenseeCertificates: client.accountChain, issuanceLicense: [license] }],
  })
  if (answer.kind === 'fault') return answer.fault.name
  const [outcome] = answer.response.responses
  return outcome?.outcome === 'licensed'
    ? parseUseLicense(parseXrml(outcome.certificateChain[0] ?? ''))
        .rights.map(({ right }) => right)
        .join(' ')
    : 'refused'
}

suite('EditIssuanceLicense', () => {
  before(() => admit('republishing', addressOf('bob')))

  test('the document gets other people; owner and content stay', async () => {
    const { certificateChain } = await call('EditIssuanceLicense', editable)
    const [edited = ''] = certificateChain
    assert.equal(certificateChain.length, 1)
    const [former, now] = [editable.signedIssuanceLicense, edited].map((text) =>
      parsePublishingLicense(parseXrml(text)),
    )
    assert.equal(now?.work.object.id, former?.work.object.id)
    assert.equal(now?.work.owner?.address, addressOf('alice'))
    assert.equal(await rightsOf('carol', edited), 'VIEW PRINT')
    assert.equal(await rightsOf('bob', edited), 'NoRightsForRequestedPrincipalException')
    assert.equal(await rightsOf('alice', edited), 'OWNER')
  })

  test('only what its author allows, what this service signed, and the same document of the same owner', async () => {
    const closed = await publishEditable(organisation, server, alice, {})
    assert.equal(await faultOf('EditIssuanceLicense', closed, 'bob'), faultNames.serverRepublishIllegal)
    const bob = await bootstrap(organisation, server, 'bob')
    const drafts = [
      { ...editable, signedIssuanceLicense: editable.signedIssuanceLicense.replace('<ISSUEDTIME>2', '<ISSUEDTIME>3') },
      { ...editable, signedIssuanceLicense: document.chain[0] ?? '' },
      { ...editable, unsignedIssuanceLicense: draftFor(alice).draft },
    ]
    for (const draft of drafts) {
      assert.equal(await faultOf('EditIssuanceLicense', draft, 'bob'), faultNames.invalidSignedIssuanceLicense)
    }
    const stolen = { ...editable, unsignedIssuanceLicense: draftFor(bob).draft }
    assert.equal(await faultOf('EditIssuanceLicense', stolen, 'bob'), faultNames.noRightsForRequestedPrincipal)
  })
})

suite('IsPrincipalMemberOf', () => {
  before(() => admit('group-expansion', addressOf('bob')))

  test('says whether somebody is in one of the groups, and nothing about strangers', async () => {
    const cases = [
      { change: {}, member: true },
      { change: { targetGroups: ['others@lakeside.example', 'sales@lakeside.example'] }, member: true },
      { change: { targetGroups: ['others@lakeside.example'] }, member: false },
      { change: { targetGroups: [] }, member: false },
      { change: { principalName: addressOf('carol') }, member: false },
      { change: { principalName: 'nobody@harbour.example' }, member: false },
    ]
    for (const { change, member } of cases) {
      assert.deepEqual(await call('IsPrincipalMemberOf', membership(change)), { member }, JSON.stringify(change))
    }
  })

  test('knows a group by its other address, and a member no longer once the account is disabled', async () => {
    for (const group of ['travel@lakeside.example', 'journeys@lakeside.example']) {
      const dora = membership({ principalName: addressOf('dora'), targetGroups: [group] })
      assert.deepEqual(await call('IsPrincipalMemberOf', dora), { member: false }, group)
      await organisation.disable()
      assert.deepEqual(await call('IsPrincipalMemberOf', dora), { member: true }, group)
      await organisation.disable('dora')
    }
  })

  test('the counter of calls between forests ends at ten', async () => {
    assert.deepEqual(await call('IsPrincipalMemberOf', membership({ crossForestCallsSoFar: 8 })), { member: true })
    const tenth = membership({ crossForestCallsSoFar: 9 })
    assert.equal(await faultOf('IsPrincipalMemberOf', tenth, 'bob'), faultNames.unspecifiedError)
  })
})

suite('SubEnroll', () => {
  before(() => admit('sub-enrolment', addressOf('bob')))

  test('certifies the key of a cluster below this one', async () => {
    const request = enrolment()
    const { licensorChain } = await call('SubEnroll', request)
    const { activeKey } = await organisation.context.configuration()
    const documents = licensorChain.map((text) => parseXrml(text))
    const root = issuerKeyOf(documents.at(-1) ?? assert.fail())
    validateChain({ documents, anchors: [root], now: organisation.context.clock.now() })
    const [own = assert.fail(), above] = documents.map((each) => parseIssuingCertificate(each))
    const pkcs1 = own.principal.publicKey.keyObject.export({ format: 'der', type: 'pkcs1' })
    assert.deepEqual(pkcs1, request.publicKey)
    assert.deepEqual([own.principal.object.id, own.url], [`{${request.guid}}`, request.url])
    assert.deepEqual(own.issueRange.until, above?.issueRange.until)
    assert.deepEqual(licensorChain.slice(1), activeKey?.chain)
  })

  test('refuses keys of another size or form, keys that are known, and what is no address', async () => {
    const { activeKey } = await organisation.context.configuration()
    const known = activeKey?.handle.publicKey.keyObject.export({ format: 'der', type: 'pkcs1' }) ?? assert.fail()
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'der', type: 'spki' })
    const even = generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 }).publicKey
    for (const request of [
      enrolment({}, 1024),
      enrolment({}, 3072),
      enrolment({ publicKey: Buffer.from(known) }),
      enrolment({ publicKey: ec }),
      enrolment({ publicKey: even.export({ format: 'der', type: 'pkcs1' }) }),
      enrolment({ publicKey: Buffer.alloc(5) }),
      enrolment({ url: 'file:///etc' }),
      enrolment({ url: 'https://user:word@legal.lakeside.example' }),
      enrolment({ url: '' }),
      enrolment({ version: 'latest' }),
      enrolment({ sku: '<x/>' }),
      enrolment({ name: 'x'.repeat(101) }),
    ]) {
      const answer = await soap(server, 'SubEnroll', request, { authorization: organisation.basic('bob') })
      assert.ok(answer.kind === 'fault', JSON.stringify(request))
      assert.match(answer.fault.message, /\[sub-enrolment-refused\]/, JSON.stringify(request))
    }
  })
})

test('FindServiceLocations answers servers without sign-in, with empty addresses for what is not there', async () => {
  const types = ['CertificationInternalService', 'GroupExpansionService', 'DrmRemoteDirectoryServices'] as const
  const { locations } = await soapResponse(server, 'FindServiceLocations', { serviceTypes: types })
  const base = organisation.context.cluster.baseUrl
  assert.deepEqual(locations, [
    { type: 'CertificationInternalService', url: `${base}/certification` },
    { type: 'GroupExpansionService', url: `${base}/groupexpansion/GroupExpansion.asmx` },
    { type: 'DrmRemoteDirectoryServices' },
  ])
  const refused = await faultOf('FindServiceLocations', { serviceTypes: ['PublishingService'] })
  assert.equal(refused, faultNames.invalidOperation)
})
