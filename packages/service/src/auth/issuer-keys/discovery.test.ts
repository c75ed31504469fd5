/** What an identity provider may answer, and what is asked at all (threat N1), against a server on loopback. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { after, before, beforeEach, test } from 'node:test'
import { makeLoopbackCertificate } from '../../tls/self-signed.ts'
import { standardLimits } from '../../core/limits.ts'
import { discoverKeys, fetchKeys } from './discovery.ts'
import type { DocumentSource } from './fetch-document.ts'

const issuer = 'http://adfs.lakeside.example/adfs/services/trust'
const keys = { keys: [{ kty: 'OKP', crv: 'Ed25519', x: 'AA', kid: 'one' }] }
const hour = 3_600_000
const { certificate, key } = makeLoopbackCertificate(
  new Date(Date.now() - hour),
  new Date(Date.now() + hour),
  randomBytes(16),
)

let server: Server
let host = ''
let source: DocumentSource
let document: object
let answers: Readonly<Record<string, { readonly status?: number; readonly headers?: object; readonly body: string }>>
const asked: string[] = []

before(async () => {
  server = createServer({ cert: certificate, key }, (request, response) => {
    asked.push(request.url ?? '')
    const { status = 200, headers = {}, body } = answers[request.url ?? ''] ?? { status: 404, body: '' }
    response.writeHead(status, { ...headers }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  host = `localhost:${(server.address() as AddressInfo).port}`
  source = { host, ca: certificate, loopbackAllowed: true, limits: standardLimits }
})
after(() => {
  server.close()
  server.closeAllConnections()
})
beforeEach(() => {
  asked.length = 0
  document = { issuer: `https://${host}/adfs`, access_token_issuer: issuer, jwks_uri: `https://${host}/keys` }
  answers = { '/keys': { body: JSON.stringify(keys) } }
})

const discover = (text = JSON.stringify(document), change: Partial<DocumentSource> = {}) => {
  answers = { ...answers, '/discovery': { body: text } }
  return discoverKeys(`https://${host}/discovery`, issuer, { ...source, ...change })
}

test('the document leads to the keys, also of an issuer that signs access tokens under another name', async () => {
  assert.deepEqual(await discover(), keys)
  document = { issuer, jwks_uri: `https://${host}/keys` }
  assert.deepEqual(await discover(), keys)
  assert.deepEqual(await fetchKeys(`https://${host}/keys`, source), keys)
  assert.deepEqual(asked, ['/discovery', '/keys', '/discovery', '/keys', '/keys'])
})

const big = JSON.stringify({ keys: [], padding: 'x'.repeat(1024 * 1024) })
const refused: Readonly<Record<string, readonly [() => Promise<unknown>, RegExp]>> = {
  'another issuer': [() => discover(JSON.stringify({ ...document, access_token_issuer: 'x' })), /another issuer/],
  'no JSON': [() => discover('<html>'), /no JSON/],
  'another shape': [() => discover('[]'), /no discovery document/],
  'keys on another host': [
    () => discover(JSON.stringify({ ...document, jwks_uri: 'https://keys.elsewhere.example/keys' })),
    /another host, keys\.elsewhere\.example/,
  ],
  'keys on another port': [
    () => discover(JSON.stringify({ ...document, jwks_uri: 'https://localhost:1/' })),
    /another host/,
  ],
  'keys over plain HTTP': [
    () => discover(JSON.stringify({ ...document, jwks_uri: `http://${host}/keys` })),
    /https URL/,
  ],
  'keys in a file': [() => discover(JSON.stringify({ ...document, jwks_uri: 'file:///etc/passwd' })), /https URL/],
  'a redirect': [
    () => {
      answers = { '/keys': { status: 302, headers: { location: `https://${host}/discovery` }, body: '' } }
      return discover()
    },
    /HTTP status 302/,
  ],
  'keys without end': [
    () => {
      answers = { '/keys': { body: big } }
      return discover()
    },
    /more than 1048576 bytes/,
  ],
  'keys above a limit that was lowered': [
    () => discover(undefined, { limits: { ...standardLimits, outboundBytes: 16 } }),
    /more than 16 bytes/,
  ],
  'an answer that never comes': [
    () => discover(undefined, { limits: { ...standardLimits, outboundSeconds: 0 } }),
    /no answer in time/,
  ],
  'a certificate of nobody': [
    () => fetchKeys(`https://${host}/keys`, { host, loopbackAllowed: true, limits: standardLimits }),
    /SELF_SIGNED/,
  ],
}
for (const [name, [ask, detail]] of Object.entries(refused)) {
  test(`is unavailable with ${name}`, async () => {
    await assert.rejects(ask, (error: Error & { code?: string; detail?: string }) => {
      assert.equal(error.code, 'identity-provider-unavailable')
      assert.match(error.detail ?? '', detail)
      return true
    })
    assert.ok(!asked.includes('/discovery', 1), 'it went after the redirect')
  })
}

test('outside of development nothing on this machine or next to it is asked, by name or by number', async () => {
  const { port } = server.address() as AddressInfo
  for (const name of [
    'localhost',
    '127.0.0.1',
    '127.8.9.10',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '0.0.0.0',
    '169.254.169.254',
    '[::ffff:169.254.169.254]',
    '[fe80::1]',
    '[::]',
    '224.0.0.1',
    '2130706433',
    '0x7f.1',
  ]) {
    const url = new URL(`https://${name}:${port}/keys`)
    await assert.rejects(
      fetchKeys(url.href, { host: url.host, ca: certificate, loopbackAllowed: false, limits: standardLimits }),
      {
        code: 'identity-provider-unavailable',
        detail: 'an address that is never asked',
      },
    )
  }
  assert.deepEqual(asked, [])
})
