/** Federated people: certified on the word of their identity provider, and nowhere else believed (threats D9, P1). */
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { after, before, suite, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { createLocalJWKSet, exportJWK, SignJWT } from 'jose'
import { faultNames } from '@sealward/protocol'
import {
  openAccountKey,
  openClientLicensorKey,
  openUseLicense,
  parseAccountCertificate,
  parseClientLicensorCertificate,
  parsePublishingLicense,
  parseUseLicense,
  parseXrml,
  softwareKeyHandle,
} from '@sealward/xrml'
import { createFederatedAuthentication } from '../../auth/federated.ts'
import { externalIssuer } from '../../auth/token-issuers.ts'
import type { Cluster } from '../../core/ports.ts'
import { bootstrap, draftFor, publishOffline, soap, soapResponse, type TestClient } from '../test-client.ts'
import { openTestOrganisation, publicUrl, testTime, type TestOrganisation } from '../test-organisation.ts'

const issuer = 'https://adfs.harbour.example/adfs/services/trust'
const proxyClaim = 'http://schemas.xmlsoap.org/claims/ProxyAddresses'
const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const day = 86_400_000
const machineUrl = '/sealward/v1/machineexternal'
const file = '../certificationexternal/certification.asmx'
const federation: NonNullable<Cluster['federation']> = {
  providers: [{ issuer, domains: ['harbour.example'] }],
  validity: day,
}

async function token(claims: Readonly<Record<string, unknown>> = {}, key = pair.privateKey): Promise<string> {
  const seconds = testTime.getTime() / 1000
  const all = {
    iss: issuer,
    aud: publicUrl,
    iat: seconds,
    exp: seconds + 600,
    email: 'fritz@harbour.example',
    sub: 'fritz',
    ...claims,
  }
  return `Bearer ${await new SignJWT(all).setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'k' }).sign(key)}`
}

/** The server as it is behind TLS, with or without federation. */
async function serverOf(
  organisation: TestOrganisation,
  on: boolean,
  encrypted = true,
  subjectClaim?: string,
): Promise<FastifyInstance> {
  const keys = { keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'k' }] }
  const provider = externalIssuer({
    issuer,
    keyFor: createLocalJWKSet(keys),
    algorithms: ['ES256'],
    domains: ['harbour.example'],
    accessTokenType: 'JWT',
    subjectClaim,
  })
  const { cluster: known, ...rest } = organisation.context
  const { federation: _, ...off } = known
  const context = { ...rest, cluster: on ? { ...off, federation } : off }
  const { authentication, listener } = organisation.settings
  const federated = createFederatedAuthentication(context, { serviceUrl: publicUrl, issuers: [provider] })
  return organisation.server({
    context,
    authentication: on ? { ...authentication, federated } : authentication,
    listener: { ...listener, encryptedByProxy: encrypted },
  })
}

const gerdasClaims = { email: 'gerda@harbour.example', sub: 'gerda' }

let organisation: TestOrganisation
let server: FastifyInstance
let off: FastifyInstance
let alice: TestClient

before(async () => {
  organisation = await openTestOrganisation({ domains: ['lakeside.example'] })
  server = await serverOf(organisation, true)
  off = await serverOf(organisation, false)
  alice = await bootstrap(organisation, server, 'alice')
})
after(() => organisation.close())

/** Somebody with a machine of her own. */
async function certifyFederated(claims: Readonly<Record<string, unknown>> = {}, persistent = true, at = server) {
  const machine = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const handle = softwareKeyHandle(machine.privateKey)
  const enrolled = await at.inject({
    method: 'POST',
    url: machineUrl,
    headers: { 'content-type': 'application/json', authorization: await token(claims) },
    payload: JSON.stringify({ modulus: Buffer.from(handle.publicKey.modulus).toString('base64') }),
  })
  const { chain } = enrolled.json<{ chain: readonly string[] }>()
  const { certificateChain } = await soapResponse(
    at,
    'Certify',
    { machineCertificateChain: chain, persistent },
    { authorization: await token(claims), file },
  )
  const account = parseAccountCertificate(parseXrml(certificateChain[0] ?? ''))
  return { account, certificateChain, key: softwareKeyHandle(await openAccountKey(account, handle)) }
}

async function certifyWith(to: FastifyInstance, authorization: string | undefined, at = file) {
  const request = { machineCertificateChain: alice.machineChain, persistent: true }
  const answer = await soap(to, 'Certify', request, {
    file: at,
    ...(authorization === undefined ? {} : { authorization }),
  })
  return [answer.status, answer.kind === 'fault' ? answer.fault.full : undefined] as const
}

async function enrol(at: FastifyInstance, authorization?: string): Promise<number> {
  const modulus = Buffer.from(
    softwareKeyHandle(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey).publicKey.modulus,
  )
  const type = { 'content-type': 'application/json' }
  const answer = await at.inject({
    method: 'POST',
    url: machineUrl,
    headers: authorization === undefined ? type : { ...type, authorization },
    payload: JSON.stringify({ modulus: modulus.toString('base64') }),
  })
  return answer.statusCode
}

async function open(
  to: FastifyInstance,
  chain: readonly string[],
  document: readonly string[],
  authorization?: string,
) {
  const requests = [{ licenseeCertificates: chain, issuanceLicense: document }]
  const options = {
    file: '../licensingexternal/license.asmx',
    ...(authorization === undefined ? {} : { authorization }),
  }
  const answer = await soap(to, 'AcquireLicense', { requests }, options)
  if (answer.kind === 'fault') return answer.fault.full
  const [result] = answer.response.responses
  assert.ok(result !== undefined && 'certificateChain' in result)
  return result.certificateChain
}

async function documentFor(to: string) {
  const { draft, contentKey } = draftFor(alice, { policy: { grants: [{ to, rights: ['VIEW'] }] } })
  const requests = [{ unsignedIssuanceLicense: draft }]
  const authorization = organisation.basic('alice')
  const { responses } = await soapResponse(server, 'AcquireIssuanceLicense', { requests }, { authorization })
  return { contentKey, chain: responses[0]?.certificateChain ?? [] }
}

suite('a federated person', () => {
  test('gets an account certificate of type Federation for a day, with the aliases of her token', async () => {
    const { account } = await certifyFederated({
      [proxyClaim]: ['SMTP:fritz@harbour.example', 'smtp:f.fisher@harbour.example', 'smtp:fritz@elsewhere.example'],
    })
    const { object } = account.principal
    assert.equal(object.idType, 'Federation')
    assert.match(object.id, /^\{[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\}$/)
    assert.deepEqual(account.addresses, ['fritz@harbour.example', 'f.fisher@harbour.example'])
    assert.equal(account.validity.until.getTime() - testTime.getTime(), day)
    const again = await certifyFederated({ email: 'FRITZ@Harbour.example' })
    assert.equal(again.account.principal.object.id, object.id)
    assert.equal(again.account.principal.publicKey.fingerprint, account.principal.publicKey.fingerprint)
    const other = await certifyFederated(gerdasClaims)
    assert.notEqual(other.account.principal.object.id, object.id)
    const short = await certifyFederated({}, false)
    assert.equal(short.account.validity.until.getTime() - testTime.getTime(), day / 96)
  })

  test('protects offline, and opens what was granted to her, to an alias or to a group that lists her', async () => {
    const fritz = await certifyFederated({ [proxyClaim]: ['smtp:f.fisher@harbour.example'] })
    const { responses } = await soapResponse(
      server,
      'GetClientLicensorCert',
      { requests: [{ personaCertificates: fritz.certificateChain }] },
      { file: '../licensingexternal/publish.asmx', authorization: await token() },
    )
    const licensorChain = responses[0]?.certificateChain ?? []
    const licensor = parseClientLicensorCertificate(parseXrml(licensorChain[0] ?? ''))
    const licensorKey = softwareKeyHandle(await openClientLicensorKey(licensor, fritz.key))
    const own = await publishOffline({ ...alice, licensorChain, licensorKey, accountChain: fritz.certificateChain })
    const bob = await bootstrap(organisation, server, 'bob')
    assert.ok(Array.isArray(await open(server, bob.accountChain, own.chain)))
    // The licence names alice as its owner, which only alice could.
    assert.equal(await open(server, alice.accountChain, own.chain), faultNames.noRightsForRequestedPrincipal)
    for (const to of ['fritz@harbour.example', 'f.fisher@harbour.example', 'partners@lakeside.example', 'ANYONE']) {
      const granted = await documentFor(to)
      const chain = await open(server, fritz.certificateChain, granted.chain, await token())
      assert.ok(typeof chain !== 'string', to)
      const opened = await openUseLicense(parseUseLicense(parseXrml(chain[0] ?? '')), fritz.key)
      assert.deepEqual(opened, granted.contentKey, to)
    }
    for (const to of ['sales@lakeside.example', 'alice@lakeside.example', 'gerda@harbour.example']) {
      const denied = await documentFor(to)
      assert.equal(
        await open(server, fritz.certificateChain, denied.chain),
        faultNames.noRightsForRequestedPrincipal,
        to,
      )
    }
    const gerda = await certifyFederated(gerdasClaims)
    const group = await documentFor('partners@lakeside.example')
    assert.equal(await open(server, gerda.certificateChain, group.chain), faultNames.noRightsForRequestedPrincipal)
  })

  test('publishes online as the owner of what she protects, and in the name of nobody else (P9)', async () => {
    const fritz = await certifyFederated()
    const publishAs = async (
      owner: string,
      authorization: string | undefined,
      at = '../licensingexternal/publish.asmx',
    ) => {
      const { draft, contentKey } = draftFor(alice, { owner })
      const requests = [{ unsignedIssuanceLicense: draft }]
      const options = { file: at, ...(authorization === undefined ? {} : { authorization }) }
      const answer = await soap(server, 'AcquireIssuanceLicense', { requests }, options)
      return answer.kind === 'fault'
        ? answer.fault.full
        : { contentKey, chain: answer.response.responses[0]?.certificateChain ?? [] }
    }
    const own = await publishAs('fritz@harbour.example', await token())
    assert.ok(typeof own !== 'string')
    const license = parsePublishingLicense(parseXrml(own.chain[0] ?? ''))
    assert.equal(license.work.owner?.address, 'fritz@harbour.example')
    const bob = await bootstrap(organisation, server, 'bob')
    for (const [reader, key] of [
      [bob.accountChain, bob.accountKey],
      [fritz.certificateChain, fritz.key],
    ] as const) {
      const chain = await open(server, reader, own.chain)
      assert.ok(typeof chain !== 'string')
      assert.deepEqual(await openUseLicense(parseUseLicense(parseXrml(chain[0] ?? '')), key), own.contentKey)
    }
    assert.equal(await open(server, alice.accountChain, own.chain), faultNames.noRightsForRequestedPrincipal)
    for (const owner of ['alice@lakeside.example', 'gerda@harbour.example']) {
      assert.equal(typeof (await publishAs(owner, await token())), 'string', owner)
    }
    for (const [authorization, at] of [
      [undefined, undefined],
      [await token(), 'publish.asmx'],
      [await token({ email: 'alice@lakeside.example' }), undefined],
    ] as const) {
      assert.equal(await publishAs('fritz@harbour.example', authorization, at), faultNames.unauthorizedAccess)
    }
    await organisation.settings.rows.settled()
    const rows = await organisation.context.store.requests.after(0, 1_000)
    const signed = rows.map(({ record }) => record).filter(({ operation }) => operation === 'sign-draft')
    assert.ok(
      signed.some(
        ({ address, authentication }) => address === 'fritz@harbour.example' && authentication === 'federated',
      ),
    )
  })

  test('is the same person under another address, and another person has another key under the same address (D3, D9)', async () => {
    const fritz = await certifyFederated()
    const keyOf = ({ account }: typeof fritz) => account.principal.publicKey.fingerprint
    const idOf = ({ account }: typeof fritz) => account.principal.object.id
    const renamed = await certifyFederated({ email: 'f.berg@harbour.example' })
    assert.deepEqual([idOf(renamed), keyOf(renamed)], [idOf(fritz), keyOf(fritz)])
    assert.deepEqual(renamed.account.addresses, ['f.berg@harbour.example'])
    const newcomer = await certifyFederated({ sub: 'another fritz' })
    assert.notEqual(idOf(newcomer), idOf(fritz))
    assert.notEqual(keyOf(newcomer), keyOf(fritz))
    const granted = await documentFor('fritz@harbour.example')
    const options = await token({ sub: 'another fritz' })
    assert.equal(await open(server, fritz.certificateChain, granted.chain, options), faultNames.unauthorizedAccess)
  })

  test('is who the claim says that the configuration names', async () => {
    const byObject = await serverOf(organisation, true, true, 'oid')
    const one = await certifyFederated({ oid: 'x', sub: 'of one application' }, true, byObject)
    const same = await certifyFederated({ oid: 'x', sub: 'of another one' }, true, byObject)
    assert.equal(same.account.principal.object.id, one.account.principal.object.id)
    assert.deepEqual(await certifyWith(byObject, await token()), [401, faultNames.unauthorizedAccess])
    const byAddress = await serverOf(organisation, true, true, 'email')
    const fritz = await certifyFederated({ sub: undefined }, true, byAddress)
    const again = await certifyFederated({ sub: undefined, email: 'FRITZ@Harbour.example' }, true, byAddress)
    assert.equal(again.account.principal.object.id, fritz.account.principal.object.id)
  })

  test('uses nobody else’s certificate (P1)', async () => {
    const fritz = await certifyFederated()
    const granted = await documentFor('fritz@harbour.example')
    for (const authorization of [await token(gerdasClaims), organisation.basic('alice')]) {
      assert.equal(
        await open(server, fritz.certificateChain, granted.chain, authorization),
        faultNames.unauthorizedAccess,
      )
    }
    assert.equal(await open(server, alice.accountChain, granted.chain, await token()), faultNames.unauthorizedAccess)
  })

  test('is a stranger once federation is off, or her provider is another one', async () => {
    const fritz = await certifyFederated()
    const granted = await documentFor('fritz@harbour.example')
    assert.ok(Array.isArray(await open(server, fritz.certificateChain, granted.chain)))
    assert.equal(await open(off, fritz.certificateChain, granted.chain), faultNames.untrustedPersonaCert)
    const providers = [{ issuer: 'https://login.harbour.example', domains: ['harbour.example'] }]
    for (const changed of [providers, [{ issuer, domains: ['quay.example'] }]]) {
      const { context } = organisation
      const cluster = { ...context.cluster, federation: { ...federation, providers: changed } }
      const other = organisation.server({ context: { ...context, cluster } })
      assert.equal(await open(other, fritz.certificateChain, granted.chain), faultNames.untrustedPersonaCert)
    }
  })

  test('finds her services at the addresses that are for her, and is recorded', async () => {
    const request = { serviceTypes: ['CertificationInternalService', 'LicensingInternalService'] as const }
    const answer = await soapResponse(server, 'FindServiceLocationsForUser', request, {
      file: '../licensingexternal/ServiceLocator.asmx',
      authorization: await token(),
    })
    assert.deepEqual(
      answer.locations.map(({ url }) => url),
      [`${publicUrl}/_wmcs/certificationexternal`, `${publicUrl}/_wmcs/licensingexternal`],
    )
    await certifyFederated()
    await organisation.settings.rows.settled()
    const rows = await organisation.context.store.requests.after(0, 1_000)
    const own = rows.map(({ record }) => record).filter(({ authentication }) => authentication === 'federated')
    assert.ok(own.some(({ operation, address }) => operation === 'certify' && address === 'fritz@harbour.example'))
  })
})

const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey

const refusedTokens: Readonly<Record<string, () => Promise<string>>> = {
  'the key of somebody else': () => token({}, stranger),
  'an address of ours': () => token({ email: 'alice@lakeside.example' }),
  'an address of a domain that is not its issuer’s': () => token({ email: 'eve@quay.example' }),
  'an address that is not verified': () => token({ email_verified: false }),
  'no subject': () => token({ sub: undefined }),
  'an empty subject': () => token({ sub: '' }),
  'several subjects': () => token({ sub: ['fritz', 'gerda'] }),
  'a subject without end': () => token({ sub: 'f'.repeat(256) }),
  'no e-mail address': () => token({ email: undefined, [proxyClaim]: ['SMTP:fritz@harbour.example'] }),
  'a UPN alone': () => token({ email: undefined, upn: 'fritz@harbour.example' }),
  'more aliases than a certificate holds': () =>
    token({ [proxyClaim]: Array.from({ length: 60 }, (_, index) => `smtp:f${index}@harbour.example`) }),
  'an expired token': () => token({ exp: testTime.getTime() / 1000 - 600 }),
  'another service': () => token({ aud: 'https://other.example' }),
}

for (const [name, make] of Object.entries(refusedTokens)) {
  test(`refuses ${name}`, async () => {
    assert.deepEqual(await certifyWith(server, await make()), [401, faultNames.unauthorizedAccess])
  })
}

test('people of the directory are certified at their own address, federated people at theirs', async () => {
  const refused = [faultNames.unauthorizedAccess]
  assert.deepEqual(await certifyWith(server, organisation.basic('alice')), [401, ...refused])
  assert.deepEqual(await certifyWith(server, 'Negotiate YII='), [401, ...refused])
  assert.deepEqual(await certifyWith(server, undefined), [401, ...refused])
  assert.deepEqual(await certifyWith(server, await organisation.bearer('alice')), [500, ...refused])
  for (const internal of ['certification.asmx', 'ServerCertification.asmx']) {
    assert.deepEqual(await certifyWith(server, await token(), internal), [401, ...refused], internal)
  }
  const headers = { authorization: await token() }
  assert.equal((await server.inject({ url: '/my/v2/templates', headers })).statusCode, 401)
  assert.equal((await server.inject({ method: 'POST', url: '/sealward/v1/machine', headers })).statusCode, 401)
  assert.equal(await enrol(server, await token()), 200)
  for (const [at, authorization] of [
    [server, undefined],
    [server, organisation.basic('alice')],
    [server, await organisation.bearer('alice')],
    [server, await token({ email: 'alice@lakeside.example' })],
    [off, await token()],
    [off, await organisation.bearer('alice')],
    [await serverOf(organisation, true, false), await token()],
  ] as const) {
    assert.notEqual(await enrol(at, authorization), 200)
  }
})

test('while federation is off, nobody is certified there, and the service says so', async () => {
  for (const authorization of [
    await token(),
    organisation.basic('alice'),
    await organisation.bearer('alice'),
    undefined,
  ]) {
    assert.equal((await certifyWith(off, authorization))[1], faultNames.unauthorizedAccess)
  }
  for (const [at, value] of [
    [off, '0'],
    [server, '1'],
  ] as const) {
    const { results } = await soapResponse(at, 'GetServerInfo', { requests: [{ type: 'ServerFeatureInfo' }] })
    const [info] = results
    assert.ok(info?.type === 'ServerFeatureInfo')
    assert.equal(info.features.find(({ name }) => name === 'FederatedServicesEnabled')?.value, value)
  }
})

test('tokens for federated people count over encrypted ways alone', async () => {
  const plain = await serverOf(organisation, true, false)
  assert.deepEqual(await certifyWith(plain, await token()), [500, faultNames.unauthorizedAccess])
  assert.deepEqual(await certifyWith(plain, undefined), [500, faultNames.unauthorizedAccess])
})
