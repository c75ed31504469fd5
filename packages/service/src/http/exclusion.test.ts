/**
 * One decision for all doors (threat P16): what is excluded or revoked is refused over SOAP with the fault of the
 * specification and over REST with the answer that clients understand, and the next request sees a change.
 */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import {
  parseEndUserLicenseResponse,
  parseFaultString,
  serializeLicense,
  writeEndUserLicenseRequest,
} from '@sealward/protocol'
import { parseRevocationList, publicKeyFromModulus } from '@sealward/xrml'
import { addExclusion, removeExclusion, type ExclusionInput } from '../administration/exclusions.ts'
import { revoke, unrevoke } from '../administration/revocations.ts'
import { bootstrap, publishOffline, soap, type TestClient, type TestDocument } from './test-client.ts'
import { openTestOrganisation, type TestOrganisation } from './test-organisation.ts'

let organisation: TestOrganisation
let server: FastifyInstance
let alice: TestClient
let bob: TestClient
let document: TestDocument
let contentId: string

before(async () => {
  organisation = await openTestOrganisation()
  server = organisation.server()
  alice = await bootstrap(organisation, server, 'alice')
  bob = await bootstrap(organisation, server, 'bob')
  document = await publishOffline(alice)
  contentId = /<WORK><OBJECT><ID type="MS-GUID">(\{[^}]+\})/.exec(document.chain[0] ?? '')?.[1] ?? ''
})

after(() => organisation.close())

const administration = () => ({ ...organisation.context, actor: 'test' })

/** What bob gets at each door: the last part of a fault's name, a status, or the access. */
async function doors() {
  const post = async (path: string, body: string) =>
    server.inject({
      method: 'POST',
      url: `/my/v2/${path}`,
      headers: { 'content-type': 'application/json', authorization: await organisation.bearer('bob') },
      payload: body,
    })
  const licensed = await soap(server, 'AcquireLicense', {
    requests: [{ licenseeCertificates: bob.accountChain, issuanceLicense: document.chain }],
  })
  const publishing = await soap(server, 'GetClientLicensorCert', {
    requests: [{ personaCertificates: bob.accountChain }],
  })
  const certified = await soap(
    server,
    'Certify',
    { machineCertificateChain: bob.machineChain, persistent: true },
    { authorization: organisation.basic('bob') },
  )
  const opened = await post(
    'enduserlicenses',
    writeEndUserLicenseRequest({ license: serializeLicense(document.chain.join('')) }),
  )
  const published = await post(
    'publishinglicenses',
    JSON.stringify({
      PreferDeprecatedAlgorithms: false,
      AllowAuditedExtraction: false,
      TemplateId: organisation.templateId,
    }),
  )
  return {
    AcquireLicense: faultOf(licensed),
    GetClientLicensorCert: faultOf(publishing),
    Certify: faultOf(certified),
    enduserlicenses: opened.statusCode === 200 ? parseEndUserLicenseResponse(opened.payload).status : opened.statusCode,
    publishinglicenses: published.statusCode,
  }
}

function faultOf(answer: Awaited<ReturnType<typeof soap>>): string {
  if (answer.kind === 'fault') return answer.fault.name
  const refused = JSON.stringify(answer.response).match(/"exceptionString":"(.*?)"/)
  return refused?.[1] === undefined ? 'ok' : parseFaultString(refused[1]).name
}

const served = {
  AcquireLicense: 'ok',
  GetClientLicensorCert: 'ok',
  Certify: 'ok',
  enduserlicenses: 'AccessGranted',
  publishinglicenses: 200,
} as const

const excluded = 'DrmacIsExcludedException'
const outdated = 'BlackBoxIsInvalidException'

const cases: readonly {
  readonly name: string
  readonly input: () => ExclusionInput
  readonly refusals: Partial<Record<keyof typeof served, string | number>>
}[] = [
  {
    name: 'a user',
    input: () => ({ kind: 'user', subject: 'bob@lakeside.example' }),
    refusals: {
      AcquireLicense: excluded,
      GetClientLicensorCert: excluded,
      enduserlicenses: 'AccessDenied',
      publishinglicenses: 403,
    },
  },
  {
    // Who signs in has shown more than the certificate that was stolen.
    name: 'the key of an account certificate',
    input: () => ({ kind: 'account-key', subject: bob.accountKey.publicKey.fingerprint }),
    refusals: { AcquireLicense: excluded, GetClientLicensorCert: excluded },
  },
  {
    name: 'a machine',
    input: () => ({ kind: 'machine', certificate: bob.machineChain[0] ?? '' }),
    refusals: { AcquireLicense: outdated, GetClientLicensorCert: outdated, Certify: outdated },
  },
  {
    name: 'a version of the security processor',
    input: () => ({ kind: 'security-processor', minimum: '1.0.0.1' }),
    refusals: { AcquireLicense: outdated, GetClientLicensorCert: outdated, Certify: outdated },
  },
]

suite('an exclusion', () => {
  for (const { name, input, refusals } of cases) {
    test(`of ${name} is effective at every door with the next request, and so is its end`, async () => {
      assert.deepEqual(await doors(), served)
      await addExclusion(administration(), input())
      assert.deepEqual(await doors(), { ...served, ...refusals })
      const { kind, subject, certificate } = input()
      await removeExclusion(administration(), { kind, subject, certificate })
      assert.deepEqual(await doors(), served)
    })
  }
})

async function byPublisher(person: 'alice' | 'bob' | undefined, body: unknown) {
  return server.inject({
    method: 'POST',
    url: '/sealward/v1/revocations',
    headers: {
      'content-type': 'application/json',
      ...(person === undefined ? {} : { authorization: await organisation.bearer(person) }),
    },
    payload: JSON.stringify(body),
  })
}

suite('a revocation', () => {
  test('of a document refuses licences at both doors, and nothing else', async () => {
    const input = { kind: 'document', contentId, directory: organisation.context.directory } as const
    await revoke(administration(), input)
    assert.deepEqual(await doors(), {
      ...served,
      AcquireLicense: 'NoRightsForRequestedPrincipalException',
      enduserlicenses: 'AccessDenied',
    })
    await unrevoke(administration(), input)
    assert.deepEqual(await doors(), served)
  })

  test('of a person is an exclusion', async () => {
    const input = { kind: 'user', address: 'bob@lakeside.example', directory: organisation.context.directory } as const
    await revoke(administration(), input)
    assert.deepEqual(await doors(), {
      ...served,
      AcquireLicense: excluded,
      GetClientLicensorCert: excluded,
      enduserlicenses: 'AccessDenied',
      publishinglicenses: 403,
    })
    await unrevoke(administration(), input)
    bob = await bootstrap(organisation, server, 'bob')
    assert.deepEqual(await doors(), served)
  })

  test('by the publisher over the network, and by nobody else', async () => {
    const license = document.chain.join('')
    assert.equal((await byPublisher(undefined, { license })).statusCode, 401)
    assert.equal((await byPublisher('bob', { license })).statusCode, 403)
    assert.equal((await byPublisher('alice', { license: 'none' })).statusCode, 400)
    assert.equal((await byPublisher('alice', { licence: license })).statusCode, 400)
    assert.deepEqual(await doors(), served)
    const answer = await byPublisher('alice', { license })
    assert.equal(answer.statusCode, 200)
    assert.deepEqual(answer.json(), { contentId: contentId.slice(1, -1), lastUse: null, from: 'licenses' })
    const { AcquireLicense, enduserlicenses } = await doors()
    assert.deepEqual([AcquireLicense, enduserlicenses], ['NoRightsForRequestedPrincipalException', 'AccessDenied'])
    await byPublisher('alice', { license, undo: true })
    assert.deepEqual(await doors(), served)
  })
})

function get(id: string) {
  return server.inject({ method: 'GET', url: `/sealward/v1/revocation-lists/${id}` })
}

test('the revocation list is there for everybody who knows the key', async () => {
  const key = (await organisation.context.configuration()).activeKey!.handle.publicKey
  const answer = await get(key.fingerprint)
  assert.equal(answer.statusCode, 200)
  assert.equal(parseRevocationList(answer.payload).issuerKey, publicKeyFromModulus(key.modulus))
  for (const id of ['f'.repeat(64), 'x', '..%2f..']) assert.equal((await get(id)).statusCode, 404, id)
})
