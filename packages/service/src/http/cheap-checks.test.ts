/**
 * Cheap checks come first (threat N4): what is broken, unsigned, excluded, unauthenticated or too much uses no private key,
 * at any entrance. The same requests in good order do, or the count would show nothing.
 */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, suite, test } from 'node:test'
import type { FastifyInstance, InjectOptions } from 'fastify'
import {
  serializeLicense,
  writeEndUserLicenseRequest,
  type SoapOperationName,
  type SoapRequestOf,
} from '@sealward/protocol'
import { addExclusion, removeExclusion, type ExclusionInput } from '../administration/exclusions.ts'
import { adminTokens } from './admin/tokens.ts'
import { declaredRoutes } from './audience.ts'
import { countingKeys, type CountingKeys } from './counting-keys.fixture.ts'
import { bootstrap, draftFor, publishOffline, soap, type TestClient, type TestDocument } from './test-client.ts'
import { openTestOrganisation, type TestOrganisation } from './test-organisation.ts'

const token = `administer-${'a'.repeat(40)}`

let organisation: TestOrganisation
let keys: CountingKeys
let server: FastifyInstance
let alice: TestClient
let bob: TestClient
let document: TestDocument

before(async () => {
  organisation = await openTestOrganisation()
  keys = countingKeys(organisation.context)
  const { settings } = organisation
  const digests = { administer: createHash('sha256').update(token).digest(), read: new Uint8Array(32) }
  server = organisation.server({
    context: keys.context,
    administration: {
      tokens: adminTokens(digests),
      administration: (actor) => ({ ...organisation.context, actor }),
      settled: () => settings.rows.settled(),
    },
  })
  alice = await bootstrap(organisation, server, 'alice')
  bob = await bootstrap(organisation, server, 'bob')
  document = await publishOffline(alice)
  keys.used()
})

after(() => organisation.close())

/** With the last digit of its signature changed. */
function tampered(chain: readonly string[]): readonly string[] {
  const [leaf = '', ...rest] = chain
  const changed = leaf.replace(/([A-Za-z0-9+/])([A-Za-z0-9+/]={0,2}\s*<\/VALUE>\s*<\/SIGNATURE>)/, (_, digit, end) => {
    return `${digit === 'A' ? 'B' : 'A'}${end}`
  })
  assert.notEqual(changed, leaf, 'there is a signature')
  return [changed, ...rest]
}

async function call<Name extends SoapOperationName>(
  name: Name,
  request: SoapRequestOf<Name>,
  authorization?: string,
): Promise<boolean> {
  const answer = await soap(server, name, request, authorization === undefined ? {} : { authorization })
  return answer.kind !== 'fault'
}

async function send(options: InjectOptions): Promise<boolean> {
  const { statusCode, payload } = await server.inject(options)
  return statusCode === 200 && !/AccessDenied|"granted":false/.test(payload)
}

const post = (url: string, authorization: string | undefined, body: unknown): InjectOptions => ({
  method: 'POST',
  url,
  headers: { 'content-type': 'application/json', ...(authorization === undefined ? {} : { authorization }) },
  payload: typeof body === 'string' ? body : JSON.stringify(body),
})

const license = (accountChain: readonly string[], chain: readonly string[]) =>
  call('AcquireLicense', { requests: [{ licenseeCertificates: accountChain, issuanceLicense: chain }] })
const licensor = (chain: readonly string[]) =>
  call('GetClientLicensorCert', { requests: [{ personaCertificates: chain }] })
const certify = (machineCertificateChain: readonly string[], authorization?: string) =>
  call('Certify', { machineCertificateChain, persistent: true }, authorization)
const sign = (draft: string, authorization?: string) =>
  call('AcquireIssuanceLicense', { requests: [{ unsignedIssuanceLicense: draft }] }, authorization)
const open = (chain: readonly string[], authorization?: string) =>
  send(
    post(
      '/my/v2/enduserlicenses',
      authorization,
      writeEndUserLicenseRequest({ license: serializeLicense(chain.join('')) }),
    ),
  )
const protect = (body: unknown, authorization?: string) => send(post('/my/v2/publishinglicenses', authorization, body))
const enrol = (body: unknown, authorization?: string) => send(post('/sealward/v1/machine', authorization, body))
const revoke = (body: unknown, authorization?: string) => send(post('/sealward/v1/revocations', authorization, body))
const byTemplate = (id: string) => ({
  PreferDeprecatedAlgorithms: false,
  AllowAuditedExtraction: false,
  TemplateId: id,
})
const modulusOf = ({ accountKey }: TestClient) => ({
  modulus: Buffer.from(accountKey.publicKey.modulus).toString('base64'),
})
const nobody = 'Bearer eyJhbGciOiJFZERTQSJ9.e30.AAAA'
const someId = '{00000000-0000-4000-8000-000000000001}'

test('in good order, every entrance uses a private key', async () => {
  const asBob = await organisation.bearer('bob')
  const asAlice = await organisation.bearer('alice')
  const good: Readonly<Record<string, () => Promise<boolean>>> = {
    AcquireLicense: () => license(bob.accountChain, document.chain),
    GetClientLicensorCert: () => licensor(bob.accountChain),
    Certify: () => certify(bob.machineChain, organisation.basic('bob')),
    AcquireIssuanceLicense: () => sign(draftFor(alice).draft, organisation.basic('alice')),
    enduserlicenses: () => open(document.chain, asBob),
    publishinglicenses: () => protect(byTemplate(organisation.templateId), asAlice),
    machine: () => enrol(modulusOf(bob), asBob),
    revocations: () => revoke({ license: document.chain.join(''), undo: true }, asAlice),
  }
  for (const [name, ask] of Object.entries(good)) {
    keys.used()
    assert.equal(await ask(), true, name)
    assert.ok(keys.used() > 0, name)
  }
})

test('without credentials and with nonsense, no entrance uses one', async () => {
  const routes = declaredRoutes(server)
  assert.ok(routes.length > 50)
  for (const { method, url } of routes) {
    const path = url.replace('*', 'templates').replace(/:\w+/g, 'v2')
    for (const payload of ['', '<x/>', '{}', '{"a":']) {
      const withBody = method === 'GET' || method === 'HEAD' ? {} : { payload }
      await server.inject({ method: method as 'POST', url: path, ...withBody })
      await server.inject({ method: method as 'POST', url: path, headers: { authorization: nobody }, ...withBody })
    }
    assert.equal(keys.used(), 0, `${method} ${url}`)
  }
})

/** Each is refused, and costs nothing. */
async function free(cases: Readonly<Record<string, () => Promise<boolean>>>): Promise<void> {
  for (const [name, ask] of Object.entries(cases)) {
    keys.used()
    assert.equal(await ask(), false, `${name}: refused`)
    assert.equal(keys.used(), 0, `${name}: no private key`)
  }
}

suite('no private key is used for what is', () => {
  test('unauthenticated', () =>
    free({
      Certify: () => certify(bob.machineChain),
      AcquireIssuanceLicense: () => sign(draftFor(alice).draft),
      enduserlicenses: () => open(document.chain),
      'with the token of nobody': () => open(document.chain, nobody),
      publishinglicenses: () => protect(byTemplate(organisation.templateId)),
      machine: () => enrol(modulusOf(bob)),
      revocations: () => revoke({ license: document.chain.join('') }),
      decide: () => send(post('/admin/v1/decide', undefined, { serialized: document.chain.join(''), address: 'x' })),
    }))

  test('broken', async () => {
    const asBob = await organisation.bearer('bob')
    await free({
      AcquireLicense: () => license(bob.accountChain, ['<XrML/>']),
      'AcquireLicense without an account': () => license(['<XrML/>'], document.chain),
      GetClientLicensorCert: () => licensor(['<XrML/>']),
      Certify: () => certify(['<XrML/>'], organisation.basic('bob')),
      AcquireIssuanceLicense: () => sign('<XrML/>', organisation.basic('alice')),
      enduserlicenses: () => open(['<XrML/>'], asBob),
      'publishinglicenses for no template': () => protect(byTemplate(someId), asBob),
      publishinglicenses: () => protect('{', asBob),
      machine: () => enrol({ modulus: 'AAAA' }, asBob),
      revocations: () => revoke({ license: '<XrML/>' }, asBob),
      decide: () => send(post('/admin/v1/decide', `Bearer ${token}`, { serialized: '<XrML/>', address: 'x' })),
    })
  })

  test('signed by nobody', async () => {
    const asBob = await organisation.bearer('bob')
    await free({
      'the licence': () => license(bob.accountChain, tampered(document.chain)),
      'the account': () => license(tampered(bob.accountChain), document.chain),
      'the account of a publisher': () => licensor(tampered(bob.accountChain)),
      'the machine': () => certify(tampered(bob.machineChain), organisation.basic('bob')),
      enduserlicenses: () => open(tampered(document.chain), asBob),
      revocations: () => revoke({ license: tampered(document.chain).join('') }, asBob),
    })
  })

  test('excluded', async () => {
    const administration = { ...organisation.context, actor: 'test' }
    const asBob = await organisation.bearer('bob')
    const excluded = async (input: ExclusionInput, cases: Parameters<typeof free>[0]): Promise<void> => {
      await addExclusion(administration, input)
      await free(cases)
      const { kind, subject, certificate } = input
      await removeExclusion(administration, { kind, subject, certificate })
    }
    const bySoap = {
      AcquireLicense: () => license(bob.accountChain, document.chain),
      GetClientLicensorCert: () => licensor(bob.accountChain),
    }
    await excluded(
      { kind: 'user', subject: 'bob@lakeside.example' },
      {
        ...bySoap,
        enduserlicenses: () => open(document.chain, asBob),
        publishinglicenses: () => protect(byTemplate(organisation.templateId), asBob),
      },
    )
    await excluded({ kind: 'account-key', subject: bob.accountKey.publicKey.fingerprint }, bySoap)
    await excluded(
      { kind: 'machine', certificate: bob.machineChain[0] ?? '' },
      { ...bySoap, Certify: () => certify(bob.machineChain, organisation.basic('bob')) },
    )
  })

  test('too much', async () => {
    const asBob = await organisation.bearer('bob')
    const bare = { ...keys.context, rateLimits: { spend: () => false } }
    const limited = organisation.server({ context: bare })
    const normal = server
    server = limited
    await free({
      AcquireLicense: () => license(bob.accountChain, document.chain),
      GetClientLicensorCert: () => licensor(bob.accountChain),
      Certify: () => certify(bob.machineChain, organisation.basic('bob')),
      enduserlicenses: () => open(document.chain, asBob),
      publishinglicenses: () => protect(byTemplate(organisation.templateId), asBob),
      machine: () => enrol(modulusOf(bob), asBob),
    })
    server = normal
  })
})
