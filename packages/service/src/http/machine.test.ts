import assert from 'node:assert/strict'
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { after, before, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { parseProblem } from '@sealward/protocol'
import { parseMachineCertificate, parseXrml, publicKeyFromKeyObject } from '@sealward/xrml'
import { openTestOrganisation, type TestOrganisation } from './test-organisation.ts'

let organisation: TestOrganisation
let server: FastifyInstance
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pem = (key: KeyObject): string => String(key.export({ type: 'spki', format: 'pem' }))
const modulus = Buffer.from(publicKeyFromKeyObject(publicKey).modulus).toString('base64')

before(async () => {
  organisation = await openTestOrganisation()
  server = organisation.server()
})

after(() => organisation.close())

async function enrol(body: unknown, authorization: string | undefined) {
  return server.inject({
    method: 'POST',
    url: '/sealward/v1/machine',
    headers: { 'content-type': 'application/json', ...(authorization === undefined ? {} : { authorization }) },
    payload: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

for (const scheme of ['basic', 'bearer'] as const) {
  for (const [form, body] of Object.entries({ modulus: { modulus }, PEM: { publicKey: pem(publicKey) } })) {
    test(`certifies the key of a machine, as ${form}, for a caller by ${scheme}`, async () => {
      const authorization = scheme === 'basic' ? organisation.basic('alice') : await organisation.bearer('alice')
      const response = await enrol(body, authorization)
      assert.equal(response.statusCode, 200)
      const { chain } = response.json<{ chain: readonly string[] }>()
      const certificate = parseMachineCertificate(parseXrml(chain[0]!))
      assert.ok(certificate.principal.publicKey.keyObject.equals(publicKey))
      assert.equal(chain.length, 2)
    })
  }
}

test('needs a caller, and offers both schemes', async () => {
  const response = await enrol({ modulus }, undefined)
  assert.equal(response.statusCode, 401)
  const offered = response.headers['www-authenticate'] as unknown as readonly string[]
  assert.equal(offered.length, 2)
  assert.match(offered[0]!, /^Basic /)
  assert.match(offered[1]!, /^Bearer /)
})

const small = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey
const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey

const refused: Readonly<Record<string, unknown>> = {
  'no JSON': '{',
  nothing: {},
  'both forms': { modulus, publicKey: pem(publicKey) },
  'an unknown member': { modulus, more: 1 },
  'a modulus that is no base64': { modulus: '!' },
  'a modulus that is too long': { modulus: 'A'.repeat(2_000) },
  'a key of the wrong size': { publicKey: pem(small) },
  'a key that is not RSA': { publicKey: pem(curve) },
  'a private key': { publicKey: String(privateKey.export({ type: 'pkcs8', format: 'pem' })) },
}

for (const [name, body] of Object.entries(refused)) {
  test(`refuses ${name}`, async () => {
    const response = await enrol(body, organisation.basic('alice'))
    assert.equal(response.statusCode, 400)
    assert.equal(parseProblem(response.payload).name, 'BadInputException')
  })
}

test('other addresses and the health check', async () => {
  const unknown = await server.inject({ method: 'GET', url: '/sealward/v1/nothing' })
  assert.equal(unknown.statusCode, 404)
  assert.equal(parseProblem(unknown.payload).name, 'ResourceNotFoundException')
  const bad = await server.inject({ method: 'GET', url: '/%E0%A4%A' })
  assert.equal(bad.statusCode, 404)
  parseProblem(bad.payload)
  const health = await server.inject({ method: 'GET', url: '/healthz' })
  assert.equal(health.statusCode, 200)
  assert.deepEqual(health.json(), { status: 'ok' })
})
