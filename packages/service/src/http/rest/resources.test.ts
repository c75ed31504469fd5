/** The REST resources over the real core: the answers and their exact members. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { parseDiscovery, parseTemplates } from '@sealward/protocol'
import { openTestOrganisation, publicUrl, type TestOrganisation } from '../test-organisation.ts'
import { fromTemplate, policyFor, restCalls, type RestCalls } from './rest-calls.fixture.ts'

let organisation: TestOrganisation
let server: FastifyInstance
let calls: RestCalls

before(async () => {
  organisation = await openTestOrganisation()
  server = organisation.server()
  calls = restCalls(organisation, server)
})

after(() => organisation.close())

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
  const german = await calls.send({ path: 'templates', as: 'carol', headers: { 'accept-language': 'de-DE' } })
  assert.deepEqual(german.json(), [
    { Id: organisation.templateId, Name: 'Lakeside Vertraulich', Description: 'Nur für Mitarbeiter' },
  ])
  assert.equal(german.headers['content-type'], 'application/json; charset=utf-8')
  for (const language of ['En-en', 'C', '']) {
    const list = await calls.send({ path: 'templates', as: 'carol', headers: { 'accept-language': language } })
    const [template] = parseTemplates(list.payload)
    assert.deepEqual(template, {
      id: organisation.templateId,
      name: 'Lakeside Confidential',
      description: 'Lakeside Confidential',
    })
  }
})

test('publishing with a template gives exactly the members of the protocol', async () => {
  const { json, response } = await calls.publish(fromTemplate(organisation))
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
  const response = await calls.send({
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
  assert.equal(
    (await calls.publish({ ...fromTemplate(organisation), TemplateId })).response.id,
    organisation.templateId,
  )
})

test('a policy may give roles, each with its rights', async () => {
  const roles = {
    UserRights: undefined,
    UserRoles: [{ Users: ['bob@lakeside.example'], Roles: ['VIEWER', 'COAUTHOR'] }],
  }
  const { json } = await calls.publish(policyFor('bob@lakeside.example', roles))
  const { response } = await calls.open(String(json['SerializedPublishingLicense']), 'bob')
  assert.ok(response.status === 'AccessGranted')
  for (const right of ['VIEW', 'EDIT', 'EXTRACT', 'PRINT']) assert.ok(response.rights.includes(right), right)
  assert.equal(response.rights.includes('OWNER'), false)
})

test('without offline access a licence is never kept', async () => {
  const { json } = await calls.publish(
    policyFor('bob@lakeside.example', { allowOfflineAccess: false, IntervalTimeInDays: 0 }),
  )
  const { json: opened } = await calls.open(String(json['SerializedPublishingLicense']), 'bob')
  assert.equal(opened['allowOfflineAccess'], false)
})

test('the template decides who opens', async () => {
  const { json, response } = await calls.publish(fromTemplate(organisation))
  const license = String(json['SerializedPublishingLicense'])
  const granted = await calls.open(license, 'bob')
  assert.ok(granted.response.status === 'AccessGranted')
  assert.deepEqual(granted.response.key, response.key)
  assert.deepEqual([...granted.response.rights].sort(), ['EDIT', 'VIEW'])
  assert.equal(granted.json['FromTemplate'], true)
  const refused = await calls.open(license, 'carol')
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
  const { json } = await calls.publish(policyFor('bob@lakeside.example', { LicenseValidUntil: '2026-11-30T21:49:00Z' }))
  const license = String(json['SerializedPublishingLicense'])
  const granted = await calls.open(license, 'bob')
  assert.ok(granted.response.status === 'AccessGranted')
  assert.equal(granted.json['ContentValidUntil'], '2026-11-30T21:49:00Z')
  assert.match(String(granted.json['LicenseValidUntil']), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  assert.deepEqual(granted.json['SignedApplicationData'], { app: 'test' })
  assert.deepEqual(granted.json['EncryptedApplicationData'], { secret: 's1' })
  assert.equal(granted.json['Policy'], null)
  assert.equal(granted.json['FromTemplate'], false)
  const owner = await calls.open(license, 'alice')
  assert.ok(owner.response.status === 'AccessGranted')
  assert.ok(owner.response.rights.includes('OWNER'))
  assert.ok(owner.response.policy !== undefined)
  const policy = owner.json['Policy'] as Record<string, unknown>
  assert.ok(Array.isArray(policy['UserRights']))
})

test('content that has expired is answered as such', async () => {
  const { json } = await calls.publish(policyFor('bob@lakeside.example', { LicenseValidUntil: '2026-05-04T11:00:00Z' }))
  const { response } = await calls.open(String(json['SerializedPublishingLicense']), 'bob')
  assert.equal(response.status, 'ContentExpired')
})

test('the deprecated mode is delivered under its name', async () => {
  const { json } = await calls.publish({ ...policyFor('bob@lakeside.example'), PreferDeprecatedAlgorithms: true })
  const key = json['Key'] as Record<string, string>
  assert.equal(key['CipherMode'], 'MICROSOFT.ECB')
  assert.equal(Buffer.from(key['Value']!, 'base64').length, 16)
})

test('a licence goes through in every form in which files hold it', async () => {
  const { json, response } = await calls.publish(fromTemplate(organisation))
  const text = Buffer.from(String(json['SerializedPublishingLicense']), 'base64').toString('utf8').slice(1)
  const forms = [
    Buffer.from(text, 'utf8'),
    Buffer.from(text, 'utf16le'),
    Buffer.from(`\ufeff${text}`, 'utf16le'),
    Buffer.from(`\ufeff${text}\0`, 'utf16le'),
    Buffer.from(`\ufeff<?xml version="1.0"?>${text}`, 'utf8'),
  ]
  for (const form of forms) {
    const opened = await calls.open(form.toString('base64'), 'bob')
    assert.ok(opened.response.status === 'AccessGranted')
    assert.deepEqual(opened.response.key, response.key)
  }
})

test('client logs are taken and thrown away', async () => {
  for (const path of ['clientlogs/debug', 'clientlogs/performance']) {
    const headers = { 'content-type': 'text/plain' }
    const response = await calls.send({ path, as: 'alice', body: 'anything at all', headers })
    assert.equal(response.statusCode, 200)
    assert.deepEqual(response.json(), {})
  }
})

test('application data may carry any name', async () => {
  const data = JSON.parse('{"__proto__":"x","constructor":"y","app":"z"}') as Record<string, string>
  const { json } = await calls.publish({ ...policyFor('bob@lakeside.example'), SignedApplicationData: data })
  const { json: opened } = await calls.open(String(json['SerializedPublishingLicense']), 'bob')
  assert.equal(JSON.stringify(opened['SignedApplicationData']), JSON.stringify(data))
})
