/** Every refusal of the REST resources is a JSON problem: clients read nothing else. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { parseProblem } from '@sealward/protocol'
import { openTestOrganisation, type TestOrganisation } from '../test-organisation.ts'
import { type Call, fromTemplate, policyFor, restCalls, type RestCalls } from './rest-calls.fixture.ts'

let organisation: TestOrganisation
let calls: RestCalls

before(async () => {
  organisation = await openTestOrganisation()
  calls = restCalls(organisation, organisation.server())
})

after(() => organisation.close())

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
    const response = await calls.send(call)
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
    const payload = JSON.stringify({ ...fromTemplate(organisation), TemplateId: other.templateId })
    const request = { method: 'POST', url: '/my/v2/publishinglicenses', headers, payload } as const
    const foreign = (await other.server().inject(request)).json<Record<string, string>>()
    const body = { SerializedPublishingLicense: foreign['SerializedPublishingLicense'] }
    const response = await calls.send({ path: 'enduserlicenses', as: 'bob', body })
    assert.equal(response.statusCode, 400)
    assert.equal(parseProblem(response.payload).name, 'UnrecognizedUrlException')
  } finally {
    await other.close()
  }
  const { json } = await calls.publish(fromTemplate(organisation))
  const license = Buffer.from(String(json['SerializedPublishingLicense']), 'base64').toString('utf8')
  const damaged = Buffer.from(license.replace('<ISSUEDTIME>2026', '<ISSUEDTIME>2025')).toString('base64')
  const response = await calls.send({
    path: 'enduserlicenses',
    as: 'bob',
    body: { SerializedPublishingLicense: damaged },
  })
  assert.equal(response.statusCode, 400)
  assert.equal(parseProblem(response.payload).name, 'BadInputException')
})
