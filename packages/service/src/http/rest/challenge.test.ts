/** Who has not signed in gets the challenge, at every resource and with every method. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { parseChallenge, parseProblem } from '@sealward/protocol'
import { openTestOrganisation, publicUrl, type TestOrganisation } from '../test-organisation.ts'
import { restCalls, type RestCalls } from './rest-calls.fixture.ts'

let organisation: TestOrganisation
let server: FastifyInstance
let calls: RestCalls

before(async () => {
  organisation = await openTestOrganisation()
  server = organisation.server()
  calls = restCalls(organisation, server)
})

after(() => organisation.close())

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
      const response = await calls.send({ method, path, ...(body === undefined ? {} : { body }) })
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
    const response = await calls.send({ path: 'templates', headers: { authorization } })
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
