/** The REST resources over the real core: the probe, the answers and their exact members, the refusals. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { parseChallenge, parseDiscovery, parseEndUserLicenseResponse, parseProblem } from '@sealward/protocol'
import { parsePublishingLicenseResponse, parseTemplates } from '@sealward/protocol'
import { openTestOrganisation, publicUrl, type Person, type TestOrganisation } from '../test-organisation.ts'

let organisation: TestOrganisation
let server: FastifyInstance

before(async () => {
  organisation = await openTestOrganisation()
  server = organisation.server()
})

after(() => organisation.close())

interface Call {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD' | 'PATCH' | 'OPTIONS'
  readonly path: string
  readonly as?: Person
  readonly body?: unknown
  readonly headers?: Record<string, string>
}

async function send({ method, path, as, body, headers = {} }: Call) {
  return server.inject({
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    url: `/my/v2/${path}`,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(as === undefined ? {} : { authorization: await organisation.bearer(as) }),
      ...headers,
    },
    ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
}

const fromTemplate = () => ({
  PreferDeprecatedAlgorithms: false,
  AllowAuditedExtraction: true,
  TemplateId: organisation.templateId,
})

function policyFor(user: string, changes: object = {}) {
  return {
    PreferDeprecatedAlgorithms: false,
    AllowAuditedExtraction: false,
    ReferralInfo: 'mailto:alice@lakeside.example',
    SignedApplicationData: { app: 'test' },
    Policy: {
      UserRights: [{ Users: [user], Rights: ['VIEW', 'EDIT'] }],
      allowOfflineAccess: true,
      IntervalTimeInDays: 30,
      EncryptedApplicationData: { secret: 's1' },
      ...changes,
    },
  }
}

async function publish(body: unknown, as: Person = 'alice') {
  const response = await send({ path: 'publishinglicenses', as, body })
  assert.equal(response.statusCode, 200, response.payload)
  return {
    json: response.json<Record<string, unknown>>(),
    response: parsePublishingLicenseResponse(response.payload),
  }
}

async function open(license: string, as: Person) {
  const response = await send({ path: 'enduserlicenses', as, body: { SerializedPublishingLicense: license } })
  assert.equal(response.statusCode, 200, response.payload)
  return {
    json: response.json<Record<string, unknown>>(),
    response: parseEndUserLicenseResponse(response.payload),
  }
}

const known = [
  'servicediscovery?email=alice@lakeside.example',
  'templates',
  'publishinglicenses',
  'enduserlicenses',
  'clientlogs/debug',
  'clientlogs/performance',
  'clientlicensorcertificates',
]

for (const path of known) {
  for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS'] as const) {
    test(`${method} ${path} without token is answered by one challenge`, async () => {
      const body = method === 'POST' ? '{"not even JSON' : undefined
      const response = await send({ method, path, ...(body === undefined ? {} : { body }) })
      assert.equal(response.statusCode, 401)
      const [header = '', another] = [response.headers['www-authenticate']].flat()
      assert.equal(another, undefined)
      assert.equal(header, `Bearer realm="api.rms.rest.com", authorization="${publicUrl}/sealward/authorize"`)
      assert.deepEqual(parseChallenge(header), {
        authorization: `${publicUrl}/sealward/authorize`,
        resource: 'api.rms.rest.com',
      })
      if (method !== 'HEAD') parseProblem(response.payload)
    })
  }
}

for (const authorization of ['Bearer x', 'Bearer', 'Basic YTpi', 'Negotiate x', 'Bearer a b', 'x'.repeat(9_000)]) {
  test(`the credentials ${authorization.slice(0, 20)} are refused with the challenge`, async () => {
    const response = await send({ path: 'templates', headers: { authorization } })
    assert.equal(response.statusCode, 401)
    assert.match(String(response.headers['www-authenticate']), /^Bearer /)
  })
}

test('the challenge of the cloud names the resource, and the scope as realm', async () => {
  const authorization = 'https://login.lakeside.example/oauth2/authorize'
  const challenge = { form: 'cloud', authorization, resource: 'https://api.lakeside.example/', scope: 'rms' } as const
  const cloud = organisation.server({ challenge })
  const headers = { 'x-ms-rms-slc-key': 'AQAB', 'x-ms-rms-service-url': 'https://rms.partner.example/_wmcs/licensing' }
  for (const path of known) {
    const response = await cloud.inject({ url: `/my/v1/${path}`, headers })
    assert.equal(response.statusCode, 401)
    const header = String(response.headers['www-authenticate'])
    assert.equal(
      header,
      `Bearer realm="rms", authorization="${authorization}", resource="https://api.lakeside.example/"`,
    )
    assert.deepEqual(parseChallenge(header), { authorization, resource: 'https://api.lakeside.example/', scope: 'rms' })
  }
  assert.throws(() => organisation.server({ challenge: { ...challenge, resource: 'a,b' } }), /challenge/)
})

test('nothing is there for a host that is not ours', async () => {
  const headers = { authorization: await organisation.bearer('alice'), host: 'evil.example' }
  assert.equal((await server.inject({ url: '/my/v2/servicediscovery', headers })).statusCode, 404)
})

test('v1 and v2 answer alike, in any case of the path', async () => {
  const authorization = await organisation.bearer('alice')
  const answers = []
  for (const path of ['/my/v1/ServiceDiscovery', '/my/v2/servicediscovery', '/My/V2/SERVICEDISCOVERY']) {
    const url = `${path}?email=o'neil+tag%20%C3%A9@lakeside.example`
    const response = await server.inject({ method: 'GET', url, headers: { authorization, host: '127.0.0.1:80' } })
    assert.equal(response.statusCode, 200)
    answers.push(response.payload)
  }
  assert.equal(new Set(answers).size, 1)
  assert.deepEqual(parseDiscovery(answers[0]!), {
    endUserLicenses: `${publicUrl}/my/v2/enduserlicenses`,
    publishingLicenses: `${publicUrl}/my/v2/publishinglicenses`,
    templates: `${publicUrl}/my/v2/templates`,
    clientDebugLogs: `${publicUrl}/my/v2/clientlogs/debug`,
    clientPerformanceLogs: `${publicUrl}/my/v2/clientlogs/performance`,
  })
  assert.equal(answers[0]!.toLowerCase().includes('clientlicensorcertificates'), false)
})

test('templates come in the language asked for, never without description', async () => {
  const german = await send({ path: 'templates', as: 'carol', headers: { 'accept-language': 'de-DE' } })
  assert.deepEqual(german.json(), [
    { Id: organisation.templateId, Name: 'Lakeside Vertraulich', Description: 'Nur für Mitarbeiter' },
  ])
  assert.equal(german.headers['content-type'], 'application/json; charset=utf-8')
  for (const language of ['En-en', 'C', '']) {
    const list = await send({ path: 'templates', as: 'carol', headers: { 'accept-language': language } })
    const [template] = parseTemplates(list.payload)
    assert.deepEqual(template, {
      id: organisation.templateId,
      name: 'Lakeside Confidential',
      description: 'Lakeside Confidential',
    })
  }
})

test('publishing with a template gives exactly the members of the protocol', async () => {
  const { json, response } = await publish(fromTemplate())
  assert.deepEqual(Object.keys(json).sort(), [
    'ContentId',
    'Description',
    'EncryptedApplicationData',
    'Id',
    'Key',
    'Name',
    'Owner',
    'Referrer',
    'SerializedPublishingLicense',
    'SignedApplicationData',
  ])
  assert.equal(response.owner, 'alice@lakeside.example')
  assert.equal(response.id, organisation.templateId)
  assert.equal(response.key.mode, 'cbc4k')
  const bytes = Buffer.from(String(json['SerializedPublishingLicense']), 'base64')
  assert.deepEqual([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf])
  assert.ok(bytes.subarray(3, 8).toString().startsWith('<XrML'))
})

test('the log holds both identifiers of a request, and what the client calls itself', async () => {
  const scenario = '{7963f568-bde9-479c-bff3-39d0956ee5d0}'
  const correlation = '{8ac4eb60-da88-4462-8cd1-121bdf16e460}'
  const response = await send({
    path: 'templates',
    as: 'alice',
    headers: {
      'x-ms-rms-request-id': `${scenario};${correlation}`,
      'x-ms-rms-platform-id': 'AppName=rmscore;AppVersion=1.0;DevicePlatform=WindowsStore;SDKVersion=4.1;',
    },
  })
  assert.equal(response.headers['x-sealward-correlation-id'], correlation)
  const line = organisation.logged.findLast((each) => each.includes(correlation)) ?? '{}'
  const { scenarioId, application } = JSON.parse(line) as Record<string, unknown>
  assert.deepEqual([scenarioId, application], [scenario, 'rmscore 1.0 WindowsStore 4.1'])
})

test('a template may be named without braces and in any case', async () => {
  const TemplateId = organisation.templateId.slice(1, -1).toUpperCase()
  assert.equal((await publish({ ...fromTemplate(), TemplateId })).response.id, organisation.templateId)
})

test('a policy may give roles, each with its rights', async () => {
  const roles = {
    UserRights: undefined,
    UserRoles: [{ Users: ['bob@lakeside.example'], Roles: ['VIEWER', 'COAUTHOR'] }],
  }
  const { json } = await publish(policyFor('bob@lakeside.example', roles))
  const { response } = await open(String(json['SerializedPublishingLicense']), 'bob')
  assert.ok(response.status === 'AccessGranted')
  for (const right of ['VIEW', 'EDIT', 'EXTRACT', 'PRINT']) assert.ok(response.rights.includes(right), right)
  assert.equal(response.rights.includes('OWNER'), false)
})

test('without offline access a licence is never kept', async () => {
  const { json } = await publish(
    policyFor('bob@lakeside.example', { allowOfflineAccess: false, IntervalTimeInDays: 0 }),
  )
  const { json: opened } = await open(String(json['SerializedPublishingLicense']), 'bob')
  assert.equal(opened['allowOfflineAccess'], false)
})

test('the template decides who opens', async () => {
  const { json, response } = await publish(fromTemplate())
  const license = String(json['SerializedPublishingLicense'])
  const granted = await open(license, 'bob')
  assert.ok(granted.response.status === 'AccessGranted')
  assert.deepEqual(granted.response.key, response.key)
  assert.deepEqual([...granted.response.rights].sort(), ['EDIT', 'VIEW'])
  assert.equal(granted.json['FromTemplate'], true)
  const refused = await open(license, 'carol')
  assert.deepEqual(
    { ...refused.json, ContentId: null },
    {
      AccessStatus: 'AccessDenied',
      Id: organisation.templateId,
      Name: 'Lakeside Confidential',
      Description: 'Lakeside Confidential',
      Referrer: 'mailto:help@lakeside.example',
      Owner: 'alice@lakeside.example',
      IssuedTo: 'carol@lakeside.example',
      ContentId: null,
      Key: null,
      Rights: [],
      Roles: null,
      ContentValidUntil: null,
      LicenseValidUntil: null,
      allowOfflineAccess: false,
      FromTemplate: false,
      Policy: null,
      SignedApplicationData: null,
      EncryptedApplicationData: null,
    },
  )
})

test('a custom policy is kept: rights, expiry, application data, and the policy for its owner', async () => {
  const { json } = await publish(policyFor('bob@lakeside.example', { LicenseValidUntil: '2026-11-30T21:49:00Z' }))
  const license = String(json['SerializedPublishingLicense'])
  const granted = await open(license, 'bob')
  assert.ok(granted.response.status === 'AccessGranted')
  assert.equal(granted.json['ContentValidUntil'], '2026-11-30T21:49:00Z')
  assert.match(String(granted.json['LicenseValidUntil']), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  assert.deepEqual(granted.json['SignedApplicationData'], { app: 'test' })
  assert.deepEqual(granted.json['EncryptedApplicationData'], { secret: 's1' })
  assert.equal(granted.json['Policy'], null)
  assert.equal(granted.json['FromTemplate'], false)
  const owner = await open(license, 'alice')
  assert.ok(owner.response.status === 'AccessGranted')
  assert.ok(owner.response.rights.includes('OWNER'))
  assert.ok(owner.response.policy !== undefined)
  const policy = owner.json['Policy'] as Record<string, unknown>
  assert.ok(Array.isArray(policy['UserRights']))
})

test('content that has expired is answered as such', async () => {
  const { json } = await publish(policyFor('bob@lakeside.example', { LicenseValidUntil: '2026-05-04T11:00:00Z' }))
  const { response } = await open(String(json['SerializedPublishingLicense']), 'bob')
  assert.equal(response.status, 'ContentExpired')
})

test('the deprecated mode is delivered under its name', async () => {
  const { json } = await publish({ ...policyFor('bob@lakeside.example'), PreferDeprecatedAlgorithms: true })
  const key = json['Key'] as Record<string, string>
  assert.equal(key['CipherMode'], 'MICROSOFT.ECB')
  assert.equal(Buffer.from(key['Value']!, 'base64').length, 16)
})

test('a licence goes through in every form in which files hold it', async () => {
  const { json, response } = await publish(fromTemplate())
  const text = Buffer.from(String(json['SerializedPublishingLicense']), 'base64').toString('utf8').slice(1)
  const forms = [
    Buffer.from(text, 'utf8'),
    Buffer.from(text, 'utf16le'),
    Buffer.from(`\ufeff${text}`, 'utf16le'),
    Buffer.from(`\ufeff${text}\0`, 'utf16le'),
    Buffer.from(`\ufeff<?xml version="1.0"?>${text}`, 'utf8'),
  ]
  for (const form of forms) {
    const opened = await open(form.toString('base64'), 'bob')
    assert.ok(opened.response.status === 'AccessGranted')
    assert.deepEqual(opened.response.key, response.key)
  }
})

test('client logs are taken and thrown away', async () => {
  for (const path of ['clientlogs/debug', 'clientlogs/performance']) {
    const headers = { 'content-type': 'text/plain' }
    const response = await send({ path, as: 'alice', body: 'anything at all', headers })
    assert.equal(response.statusCode, 200)
    assert.deepEqual(response.json(), {})
  }
})

const bad = { statusCode: 400, name: 'BadInputException' }

const problems: Readonly<Record<string, readonly [Call, { readonly statusCode: number; readonly name: string }]>> = {
  'an unknown resource': [{ path: 'publishedpolicies' }, { statusCode: 404, name: 'ResourceNotFoundException' }],
  'an unknown resource, with a token': [
    { path: 'nothing', as: 'alice' },
    { statusCode: 404, name: 'ResourceNotFoundException' },
  ],
  'a resource that is not offered': [
    { path: 'clientlicensorcertificates', as: 'alice', body: {} },
    { statusCode: 404, name: 'ResourceNotFoundException' },
  ],
  'another method': [
    { path: 'templates', as: 'alice', body: {} },
    { statusCode: 405, name: 'MethodNotAllowedException' },
  ],
  'GET where POST belongs': [
    { path: 'enduserlicenses', as: 'alice' },
    { statusCode: 405, name: 'MethodNotAllowedException' },
  ],
  'no query': [{ path: 'servicediscovery', as: 'alice' }, bad],
  'a query that is not UTF-8': [{ path: 'servicediscovery?email=%ff', as: 'alice' }, bad],
  'what is not JSON': [{ path: 'enduserlicenses', as: 'alice', body: '{' }, bad],
  'an empty body': [{ path: 'enduserlicenses', as: 'alice', body: '' }, bad],
  'a list for an object': [{ path: 'enduserlicenses', as: 'alice', body: [] }, bad],
  'a licence that is a number': [
    { path: 'enduserlicenses', as: 'alice', body: { SerializedPublishingLicense: 1 } },
    bad,
  ],
  'a licence that is no base64': [
    { path: 'enduserlicenses', as: 'alice', body: { SerializedPublishingLicense: '<XrML>' } },
    bad,
  ],
  'a licence in JSON': [
    { path: 'enduserlicenses', as: 'alice', body: { SerializedPublishingLicense: '{"pld":"{}"}' } },
    bad,
  ],
  'a licence that is no licence': [
    {
      path: 'enduserlicenses',
      as: 'alice',
      body: { SerializedPublishingLicense: Buffer.from('<XrML/>').toString('base64') },
    },
    bad,
  ],
  'an unknown template': [
    {
      path: 'publishinglicenses',
      as: 'alice',
      body: {
        PreferDeprecatedAlgorithms: false,
        AllowAuditedExtraction: false,
        TemplateId: '{00000000-0000-0000-0000-000000000001}',
      },
    },
    bad,
  ],
  'a policy for nobody': [{ path: 'publishinglicenses', as: 'alice', body: policyFor('x', { UserRights: [] }) }, bad],
  'another content type': [
    { path: 'enduserlicenses', as: 'alice', body: '{}', headers: { 'content-type': 'text/xml' } },
    { statusCode: 400, name: 'MalformedRequestException' },
  ],
  'another character set': [
    {
      path: 'enduserlicenses',
      as: 'alice',
      body: '{}',
      headers: { 'content-type': 'application/json; charset=iso-8859-1' },
    },
    { statusCode: 400, name: 'MalformedRequestException' },
  ],
  'a compressed body': [
    { path: 'enduserlicenses', as: 'alice', body: '{}', headers: { 'content-encoding': 'gzip' } },
    { statusCode: 400, name: 'MalformedRequestException' },
  ],
}

for (const [name, [call, expected]] of Object.entries(problems)) {
  test(`answers ${name} with a JSON problem`, async () => {
    const response = await send(call)
    assert.deepEqual({ statusCode: response.statusCode, name: parseProblem(response.payload).name }, expected)
    assert.equal(response.headers['content-type'], 'application/json; charset=utf-8')
    assert.match(String(response.headers['x-sealward-correlation-id']), /^\{[0-9a-f-]{36}\}$/)
  })
}

test('a defect is a JSON problem too, and says nothing', async () => {
  const broken = organisation.server({
    context: { ...organisation.context, configuration: () => Promise.reject(new Error('CANARY')) },
  })
  const headers = { authorization: await organisation.bearer('alice') }
  const response = await broken.inject({ method: 'GET', url: '/my/v2/templates', headers })
  assert.equal(response.statusCode, 500)
  assert.equal(parseProblem(response.payload).name, 'UnspecifiedErrorException')
  assert.equal(response.payload.includes('CANARY'), false)
  assert.equal(organisation.logged.join().includes('CANARY'), false)
  assert.match(organisation.logged.at(-1) ?? '', /"level":50.*"stack":"at /)
})

test('a licence of another service is told from a damaged one', async () => {
  const other = await openTestOrganisation()
  try {
    const headers = { authorization: await other.bearer('alice'), 'content-type': 'application/json' }
    const payload = JSON.stringify({ ...fromTemplate(), TemplateId: other.templateId })
    const request = { method: 'POST', url: '/my/v2/publishinglicenses', headers, payload } as const
    const foreign = (await other.server().inject(request)).json<Record<string, string>>()
    const body = { SerializedPublishingLicense: foreign['SerializedPublishingLicense'] }
    const response = await send({ path: 'enduserlicenses', as: 'bob', body })
    assert.equal(response.statusCode, 400)
    assert.equal(parseProblem(response.payload).name, 'UnrecognizedUrlException')
  } finally {
    await other.close()
  }
  const { json } = await publish(fromTemplate())
  const license = Buffer.from(String(json['SerializedPublishingLicense']), 'base64').toString('utf8')
  const damaged = Buffer.from(license.replace('<ISSUEDTIME>2026', '<ISSUEDTIME>2025')).toString('base64')
  const response = await send({ path: 'enduserlicenses', as: 'bob', body: { SerializedPublishingLicense: damaged } })
  assert.equal(response.statusCode, 400)
  assert.equal(parseProblem(response.payload).name, 'BadInputException')
})

test('a target in disguise is no way around signing in', async () => {
  for (const url of ['/m%79/v2/templates', '/my/v2/%74emplates', '/my/v2//templates', '/my/v2/templates/']) {
    const response = await server.inject({ method: 'GET', url })
    assert.equal(response.statusCode, 404, url)
    const basic = { authorization: organisation.basic('alice') }
    const signedIn = await server.inject({ method: 'GET', url, headers: basic })
    assert.notEqual(signedIn.statusCode, 200, url)
  }
})

test('a token of another service is refused', async () => {
  const other = await openTestOrganisation()
  try {
    const headers = { authorization: await other.bearer('alice') }
    const response = await server.inject({ method: 'GET', url: '/my/v2/templates', headers })
    assert.equal(response.statusCode, 401)
  } finally {
    await other.close()
  }
})

test('application data may carry any name', async () => {
  const data = JSON.parse('{"__proto__":"x","constructor":"y","app":"z"}') as Record<string, string>
  const { json } = await publish({ ...policyFor('bob@lakeside.example'), SignedApplicationData: data })
  const { json: opened } = await open(String(json['SerializedPublishingLicense']), 'bob')
  assert.equal(JSON.stringify(opened['SignedApplicationData']), JSON.stringify(data))
})
