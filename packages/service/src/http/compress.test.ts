import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { gunzipSync, inflateSync } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import { readSoapAnswer, writeSoapCall, type SoapVersion } from '@sealward/protocol'
import { acceptedCoding } from './compress.ts'
import { openTestOrganisation, type TestOrganisation } from './test-organisation.ts'

let organisation: TestOrganisation
let server: FastifyInstance

before(async () => {
  organisation = await openTestOrganisation()
  server = organisation.server()
})
after(() => organisation.close())

function ask(acceptEncoding: string | undefined, soapVersion: SoapVersion = '1.1') {
  const { headers, body } = writeSoapCall('GetLicensorCertificate', {}, { soapVersion })
  return server.inject({
    method: 'POST',
    url: '/_wmcs/licensing/server.asmx',
    headers: {
      'content-type': headers.contentType,
      ...(acceptEncoding === undefined ? {} : { 'accept-encoding': acceptEncoding }),
    },
    payload: Buffer.from(body, 'utf8'),
  })
}

for (const [header, expected] of [
  [undefined, undefined],
  ['', undefined],
  ['identity', undefined],
  ['br', undefined],
  ['gzip, deflate', 'gzip'],
  ['deflate, gzip', 'gzip'],
  ['GZIP', 'gzip'],
  ['x-gzip', 'gzip'],
  ['deflate', 'deflate'],
  ['gzip;q=0, deflate', 'deflate'],
  ['gzip;q=0.2, deflate;q=0.8', 'deflate'],
  ['gzip;q=0', undefined],
  ['*', 'gzip'],
  ['*;q=0', undefined],
  ['gzip;q=0, *', 'deflate'],
  [`gzip${' '.repeat(2_000)}`, undefined],
] as const) {
  test(`Accept-Encoding: ${header?.trim().slice(0, 40) ?? 'none'} gives ${expected ?? 'the answer as it is'}`, () => {
    assert.equal(acceptedCoding(header), expected)
  })
}

test('an answer is the same text, whichever coding it comes in', async () => {
  for (const soapVersion of ['1.1', '1.2'] as const) {
    const plain = await ask(undefined, soapVersion)
    assert.equal(plain.headers['content-encoding'], undefined)
    for (const [coding, decode] of [
      ['gzip', gunzipSync],
      ['deflate', inflateSync],
    ] as const) {
      const answer = await ask(coding, soapVersion)
      assert.equal(answer.headers['content-encoding'], coding)
      assert.equal(answer.headers['vary'], 'accept-encoding')
      assert.equal(Number(answer.headers['content-length']), answer.rawPayload.length)
      assert.ok(answer.rawPayload.length < plain.rawPayload.length)
      assert.equal(answer.headers['content-type'], plain.headers['content-type'])
      const text = decode(answer.rawPayload)
      assert.deepEqual(text, plain.rawPayload)
      assert.equal(readSoapAnswer('GetLicensorCertificate', text).kind, 'response')
    }
  }
})

test('small answers, faults among them, and those of other doors go as they are', async () => {
  const headers = { 'accept-encoding': 'gzip', authorization: await organisation.bearer('alice') }
  const fault = await server.inject({ method: 'POST', url: '/_wmcs/licensing/license.asmx', headers, payload: '<x/>' })
  assert.equal(fault.statusCode, 500)
  assert.match(fault.payload, /Fault/)
  for (const url of ['/my/v2/templates', '/healthz']) {
    const answer = await server.inject({ url, headers })
    assert.equal(answer.statusCode, 200)
    assert.equal(answer.headers['content-encoding'], undefined, url)
  }
})
