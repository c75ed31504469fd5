/** Every SOAP operation, in both versions of SOAP, from the bytes of the call to the bytes of the answer. */
import assert from 'node:assert/strict'
import { createPublicKey } from 'node:crypto'
import { after, before, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { faultNames, parseFaultString } from '@sealward/protocol'
import {
  openUseLicense,
  parseAccountCertificate,
  parsePublishingLicense,
  parseUseLicense,
  parseXrml,
  verifySignature,
} from '@sealward/xrml'
import {
  bootstrap,
  draftFor,
  publishOffline,
  soap,
  soapResponse,
  type TestClient,
  type TestDocument,
} from '../test-client.ts'
import { addressOf, openTestOrganisation, publicUrl, type TestOrganisation } from '../test-organisation.ts'

let organisation: TestOrganisation
let server: FastifyInstance
let alice: TestClient
let bob: TestClient
let document: TestDocument

before(async () => {
  organisation = await openTestOrganisation()
  server = organisation.server()
  alice = await bootstrap(organisation, server, 'alice')
  bob = await bootstrap(organisation, server, 'bob')
  document = await publishOffline(alice)
})

after(() => organisation.close())

function opening(client: TestClient, chain: readonly string[] = document.chain) {
  return { requests: [{ licenseeCertificates: client.accountChain, issuanceLicense: chain }] }
}

for (const soapVersion of ['1.1', '1.2'] as const) {
  test(`Certify makes an account certificate for the caller (SOAP ${soapVersion})`, async () => {
    const request = { machineCertificateChain: alice.machineChain, persistent: true }
    const authorization = organisation.basic('alice')
    const { certificateChain } = await soapResponse(server, 'Certify', request, { soapVersion, authorization })
    const certificate = parseAccountCertificate(parseXrml(certificateChain[0]!))
    assert.deepEqual(certificate.addresses, [addressOf('alice')])
    verifySignature(certificate.document)
    assert.deepEqual(certificateChain.slice(1), (await organisation.context.configuration()).activeKey!.chain)
  })

  test(`AcquireLicense opens a document published offline (SOAP ${soapVersion})`, async () => {
    const { responses } = await soapResponse(server, 'AcquireLicense', opening(bob), { soapVersion })
    const [answer] = responses
    assert.equal(answer?.outcome, 'licensed')
    const license = parseUseLicense(parseXrml(answer.certificateChain[0]!))
    const opened = await openUseLicense(license, bob.accountKey)
    assert.deepEqual(Buffer.from(opened.payload), Buffer.from(document.contentKey.payload))
    assert.deepEqual(
      license.rights.map((entry) => entry.right),
      ['VIEW'],
    )
  })

  test(`AcquireIssuanceLicense signs a draft of the caller (SOAP ${soapVersion})`, async () => {
    const { draft, contentKey } = draftFor(alice)
    const { responses } = await soapResponse(
      server,
      'AcquireIssuanceLicense',
      { requests: [{ unsignedIssuanceLicense: draft }] },
      { soapVersion, authorization: organisation.basic('alice') },
    )
    const chain = responses[0]!.certificateChain
    assert.equal(parsePublishingLicense(parseXrml(chain[0]!)).kind, 'online')
    const opened = await soapResponse(server, 'AcquireLicense', opening(bob, chain), { soapVersion })
    const [answer] = opened.responses
    assert.equal(answer?.outcome, 'licensed')
    const license = parseUseLicense(parseXrml(answer.certificateChain[0]!))
    assert.deepEqual((await openUseLicense(license, bob.accountKey)).key, contentKey.key)
  })

  test(`templates are listed and fetched (SOAP ${soapVersion})`, async () => {
    const options = { soapVersion, authorization: organisation.basic('carol') }
    const list = await soapResponse(server, 'AcquireTemplateInformation', {}, options)
    const { activeKey } = await organisation.context.configuration()
    const key = createPublicKey({ key: Buffer.from(list.serverPublicKey), format: 'der', type: 'pkcs1' })
    assert.ok(key.equals(activeKey!.handle.publicKey.keyObject))
    assert.equal(list.templates.length, 1)
    const [{ guid, hash } = { guid: '', hash: '' }] = list.templates
    const unknown = '{00000000-0000-0000-0000-000000000001}'
    const { templates } = await soapResponse(server, 'AcquireTemplates', { guids: [guid, unknown] }, options)
    assert.equal(guid, organisation.templateId.toLowerCase())
    assert.equal(templates[0]!.hash, hash)
    verifySignature(parseXrml(templates[0]!.template!))
    assert.deepEqual(templates[1], { guid: unknown })
  })

  test(`the server tells about itself (SOAP ${soapVersion})`, async () => {
    const { certificateChain } = await soapResponse(server, 'GetLicensorCertificate', {}, { soapVersion })
    const { results } = await soapResponse(
      server,
      'GetServerInfo',
      {
        requests: [
          { type: 'ServiceLocations' },
          { type: 'VersionInfo' },
          { type: 'ServerLicensorCertificate' },
          { type: 'ServerFeatureInfo' },
        ],
      },
      { soapVersion },
    )
    const [locations, version, licensor, features] = results
    assert.equal(version?.type === 'VersionInfo' && version.version, '6.0.0.0')
    assert.deepEqual(licensor, { type: 'ServerLicensorCertificate', certificateChain })
    assert.equal(features?.type === 'ServerFeatureInfo' && features.features.length, 3)
    assert.ok(locations?.type === 'ServiceLocations')
    assert.ok(locations.locations.some(({ url }) => url === `${publicUrl}/_wmcs/licensing`))
  })

  test(`FindServiceLocationsForUser answers in the order asked (SOAP ${soapVersion})`, async () => {
    const serviceTypes = ['GroupExpansionService', 'LicensingInternalService'] as const
    const { locations } = await soapResponse(
      server,
      'FindServiceLocationsForUser',
      { serviceTypes },
      { soapVersion, authorization: organisation.basic('bob') },
    )
    assert.deepEqual(locations, [
      { type: 'GroupExpansionService' },
      { type: 'LicensingInternalService', url: `${publicUrl}/_wmcs/licensing` },
    ])
  })

  test(`who has no rights gets the fault that says so (SOAP ${soapVersion})`, async () => {
    const carol = await bootstrap(organisation, server, 'carol')
    const answer = await soap(server, 'AcquireLicense', opening(carol), { soapVersion })
    assert.equal(answer.status, 500)
    assert.equal(answer.kind === 'fault' && answer.fault.full, faultNames.noRightsForRequestedPrincipal)
  })
}

test('the owner gets more than the policy says', async () => {
  const { responses } = await soapResponse(server, 'AcquireLicense', opening(alice))
  const [answer] = responses
  assert.equal(answer?.outcome, 'licensed')
  const license = parseUseLicense(parseXrml(answer.certificateChain[0]!))
  assert.ok(license.rights.some((entry) => entry.right === 'OWNER'))
})

test('in a batch one failure leaves the others alone', async () => {
  const other = await publishOffline(alice)
  const [license = '', ...rest] = other.chain
  const damaged = [license.replace('Microsoft Rights Label', 'Microsoft Rights Labels'), ...rest]
  const licenseeCertificates = bob.accountChain
  const { responses } = await soapResponse(server, 'AcquireLicense', {
    requests: [
      { licenseeCertificates, issuanceLicense: document.chain },
      { licenseeCertificates, issuanceLicense: damaged },
      { licenseeCertificates, issuanceLicense: other.chain },
    ],
  })
  assert.deepEqual(
    responses.map(({ outcome }) => outcome),
    ['licensed', 'refused', 'licensed'],
  )
  const [, refused] = responses
  assert.ok(refused?.outcome === 'refused')
  assert.equal(refused.batchIndex, 1)
  assert.match(parseFaultString(refused.exceptionString).full, /^Microsoft\./)
})

test('an account certificate of somebody else than the caller is refused (P1)', async () => {
  const options = { authorization: organisation.basic('alice') }
  const answer = await soap(server, 'AcquireLicense', opening(bob), options)
  assert.equal(answer.kind === 'fault' && answer.fault.full, faultNames.unauthorizedAccess)
  const same = await soap(server, 'AcquireLicense', opening(bob), { authorization: organisation.basic('bob') })
  assert.equal(same.kind, 'response')
})

test('who the operator wants to know must sign in to open documents', async () => {
  const strict = organisation.server({ licensingNeedsCaller: true })
  const answer = await soap(strict, 'AcquireLicense', opening(bob))
  assert.equal(answer.status, 401)
  for (const url of ['/_wmcs/licensing/licens%65.asmx', '/%5Fwmcs/licensing/LICENSE.asmx']) {
    const disguised = await strict.inject({ method: 'POST', url, payload: '<x/>' })
    assert.equal(disguised.statusCode, 401)
    assert.match(disguised.payload, /<soap:Fault>/)
  }
  const signedIn = await soap(strict, 'AcquireLicense', opening(bob), {
    authorization: await organisation.bearer('bob'),
  })
  assert.equal(signedIn.kind, 'response')
})

const needCaller = {
  Certify: () => soap(server, 'Certify', { machineCertificateChain: alice.machineChain, persistent: true }),
  AcquireTemplateInformation: () => soap(server, 'AcquireTemplateInformation', {}),
  AcquireTemplates: () => soap(server, 'AcquireTemplates', { guids: ['x'] }),
  FindServiceLocationsForUser: () =>
    soap(server, 'FindServiceLocationsForUser', { serviceTypes: ['LicensingService'] }),
  AcquireIssuanceLicense: () =>
    soap(server, 'AcquireIssuanceLicense', { requests: [{ unsignedIssuanceLicense: draftFor(alice).draft }] }),
}

for (const [name, call] of Object.entries(needCaller)) {
  test(`${name} needs a caller`, async () => {
    const answer = await call()
    assert.equal(answer.status, 401)
    assert.equal(answer.kind === 'fault' && answer.fault.full, faultNames.unauthorizedAccess)
  })
}
