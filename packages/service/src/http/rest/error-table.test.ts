/**
 * Everything that clients of the protocol tell apart in an error, provoked over HTTP: statuses, and the names that come
 * with status 400. A client crashes on a 400 or 500 without a JSON object, so every refusal here has one.
 */
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { parseProblem } from '@sealward/protocol'
import { RightsError } from '@sealward/xrml'
import type { Settings } from '../../core/settings.ts'
import { openTestOrganisation, testTime, type Person, type TestOrganisation } from '../test-organisation.ts'

let cluster: TestOrganisation
let tenant: TestOrganisation
let license: string

before(async () => {
  cluster = await openTestOrganisation()
  tenant = await openTestOrganisation({ personality: 'tenant', serviceId: '0f0f0f0f-1111-4222-8333-444444444444' })
  const published = await post(cluster.server(), cluster, 'publishinglicenses', fromTemplate(cluster))
  license = published.json<{ SerializedPublishingLicense: string }>().SerializedPublishingLicense
})

beforeEach(async () => {
  for (const organisation of [cluster, tenant]) {
    await put(organisation, {
      tenantState: 'enabled',
      readOnly: undefined,
      onboarding: undefined,
      refusedPlatforms: [],
      refusedApplications: [],
    })
  }
})

after(async () => {
  await cluster.close()
  await tenant.close()
})

async function put({ context }: TestOrganisation, settings: { [Name in keyof Settings]?: Settings[Name] | undefined }) {
  await context.store.transaction(async (repositories) => {
    for (const [name, value] of Object.entries(settings)) {
      await repositories.settings.put(name as keyof Settings, value, testTime)
    }
    await repositories.nextConfigurationVersion()
  })
}

const fromTemplate = ({ templateId }: TestOrganisation) => ({
  PreferDeprecatedAlgorithms: false,
  AllowAuditedExtraction: false,
  TemplateId: templateId,
})

interface Extra {
  readonly as?: Person
  readonly headers?: Readonly<Record<string, string>>
}

async function post(
  server: FastifyInstance,
  organisation: TestOrganisation,
  path: string,
  body: object,
  { as = 'alice', headers = {} }: Extra = {},
) {
  const authorization = await organisation.bearer(as)
  return server.inject({
    method: 'POST',
    url: `/my/v2/${path}`,
    headers: { authorization, 'content-type': 'application/json', ...headers },
    payload: JSON.stringify(body),
  })
}

const open = (text: string, extra?: Extra) =>
  post(cluster.server(), cluster, 'enduserlicenses', { SerializedPublishingLicense: text }, extra)
const publish = (organisation: TestOrganisation, extra?: Extra) =>
  post(organisation.server(), organisation, 'publishinglicenses', fromTemplate(organisation), extra)

const from = (platform: string): Extra => ({ headers: { 'x-ms-rms-platform-id': platform } })

async function discover(organisation: TestOrganisation, service: string) {
  const headers = { authorization: await organisation.bearer('alice') }
  return organisation.server().inject({ url: `/my/v2/servicediscovery?service=${service}`, headers })
}

const unavailable = () => Promise.reject(new RightsError('directory-unavailable'))
const broken = () => Promise.reject(new Error('a defect'))

type Answer = Awaited<ReturnType<typeof open>>

const rows: Readonly<Record<string, readonly [provoke: () => Promise<Answer>, problem: string]>> = {
  'a token that is not accepted': [
    () => open(license, { headers: { authorization: 'Bearer a.b.c' } }),
    '401 UnauthorizedException',
  ],
  'a resource that does not exist': [
    () => post(cluster.server(), cluster, 'nothing', {}),
    '404 ResourceNotFoundException',
  ],
  'a service that cannot know': [
    async () => {
      const directory = { ...cluster.context.directory, groupsOf: unavailable }
      const server = cluster.server({ context: { ...cluster.context, directory } })
      return post(server, cluster, 'enduserlicenses', { SerializedPublishingLicense: license })
    },
    '502 ServiceUnavailableException',
  ],
  'a licence of another service': [
    async () => {
      const foreign = (await publish(tenant)).json<{ SerializedPublishingLicense: string }>()
      return open(foreign.SerializedPublishingLicense)
    },
    '400 UnrecognizedUrlException',
  ],
  'a licence of another tenant': [
    () => discover(tenant, 'https://0f0f0f0f-1111-4222-8333-555555555555.rms.eu.example/_wmcs/licensing'),
    '400 UnknownTenantException',
  ],
  'a damaged licence': [() => open(license.slice(0, 400)), '400 BadInputException'],
  'a licence with a bad signature': [
    () => {
      const text = Buffer.from(license, 'base64').toString('utf8')
      return open(Buffer.from(text.replace('<ISSUEDTIME>2026', '<ISSUEDTIME>2025')).toString('base64'))
    },
    '400 BadInputException',
  ],
  'somebody who may not publish': [
    async () => {
      await put(tenant, { onboarding: { group: 'board@lakeside.example', scope: 'All' } })
      return publish(tenant)
    },
    '400 ServiceDisabledException',
  ],
  'a service that only opens': [
    async () => {
      await put(cluster, { readOnly: { everyone: true } })
      return publish(cluster)
    },
    '400 ServiceDisabledException',
  ],
  'a refused application': [
    async () => {
      await put(cluster, { refusedApplications: [{ name: 'rmscore', below: '2.0' }] })
      return open(license, from('AppName=rmscore;AppVersion=1.0;DevicePlatform=WindowsStore;SDKVersion=4.1;'))
    },
    '400 ServiceDisabledForApplicationException',
  ],
  'a tenant that is not activated': [
    async () => {
      await put(tenant, { tenantState: 'not-activated' })
      return publish(tenant)
    },
    '400 NotSignedUpException',
  ],
  'an unknown platform': [
    async () => {
      await put(cluster, { refusedPlatforms: ['Other'] })
      return publish(cluster)
    },
    '400 DevicePlatformNotRecognizedException',
  ],
  'a refused platform': [
    async () => {
      await put(cluster, { refusedPlatforms: ['WindowsStore'] })
      return publish(cluster, from('AppName=rmscore;DevicePlatform=WindowsStore;'))
    },
    '400 DevicePlatformDisabledException',
  ],
  'a defect': [
    async () => {
      const server = cluster.server({ context: { ...cluster.context, configuration: broken } })
      return post(server, cluster, 'publishinglicenses', fromTemplate(cluster))
    },
    '500 UnspecifiedErrorException',
  ],
}

for (const [name, [provoke, problem]] of Object.entries(rows)) {
  test(`${name} is answered ${problem}`, async () => {
    const response = await provoke()
    const { Code, Message } = response.json<Record<string, unknown>>()
    assert.equal(`${response.statusCode} ${parseProblem(response.payload).name}`, problem)
    assert.match(String(Code), /^Microsoft\.RightsManagement\.Exceptions\.[A-Za-z]+Exception$/)
    assert.equal(typeof Message, 'string')
    assert.equal(response.headers['content-type'], 'application/json; charset=utf-8')
    if (response.statusCode === 401) assert.match(String(response.headers['www-authenticate']), /^Bearer /)
  })
}

test('a refused client still finds the service, signs in and leaves its logs', async () => {
  await put(cluster, { refusedPlatforms: ['Android'] })
  const android = { 'x-ms-rms-platform-id': 'AppName=reader;DevicePlatform=Android;' }
  const headers = { ...android, authorization: await cluster.bearer('alice') }
  const server = cluster.server()
  const url = '/my/v2/servicediscovery?email=alice@lakeside.example'
  assert.equal((await server.inject({ url, headers })).statusCode, 200)
  assert.equal((await server.inject({ url: '/my/v2/templates', headers: android })).statusCode, 401)
  assert.equal((await server.inject({ url: '/my/v2/templates', headers })).statusCode, 400)
  assert.equal((await post(server, cluster, 'clientlogs/debug', {}, { headers: android })).statusCode, 200)
})

test('a tenant answers for its own address, for names that it took over, and for addresses of no tenant', async () => {
  await put(tenant, { hostNames: ['0f0f0f0f-1111-4222-8333-666666666666.rms.eu.example'] })
  for (const host of [
    '0F0F0F0F-1111-4222-8333-444444444444.rms.eu.example',
    '0f0f0f0f-1111-4222-8333-666666666666.rms.eu.example',
    'rms.partner.example',
  ]) {
    assert.equal((await discover(tenant, `https://${host}/_wmcs/licensing`)).statusCode, 200, host)
  }
  const elsewhere = await discover(
    cluster,
    'https://0f0f0f0f-1111-4222-8333-555555555555.rms.eu.example/_wmcs/licensing',
  )
  assert.equal(elsewhere.statusCode, 200)
})
