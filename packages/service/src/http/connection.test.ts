import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createConnections } from './connection.ts'

const tls = { certificate: '', key: '' }
const plain = { encryptedByProxy: false }
const byProxy = { encryptedByProxy: true }
const proxies = ['10.1.2.0/24', '2001:db8::7', '127.0.0.9']

const isProxy: Readonly<Record<string, boolean>> = {
  '10.1.2.0': true,
  '10.1.2.255': true,
  '::ffff:10.1.2.3': true,
  '2001:db8::7': true,
  '2001:DB8:0::7': true,
  '10.1.3.1': false,
  '2001:db8::8': false,
  'proxy.example': false,
  '': false,
}

for (const [address, expected] of Object.entries(isProxy)) {
  test(`${address || 'no address'} is ${expected ? 'a proxy' : 'no proxy'}`, () => {
    assert.equal(createConnections(plain, proxies).isProxy(address), expected)
    assert.equal(createConnections(plain, []).isProxy(address), false)
  })
}

/** Listener, peer, X-Forwarded-Proto, encrypted, confidential. */
const ways = [
  [{ ...plain, tls }, '192.0.2.1', undefined, true, true],
  [{ ...plain, tls }, '192.0.2.1', 'http', true, true],
  [{ ...plain, tls }, '10.1.2.3', 'http', false, false],
  [{ ...plain, tls }, '10.1.2.3', 'https', true, true],
  [plain, '192.0.2.1', 'https', false, false],
  [plain, '127.0.0.1', undefined, false, true],
  [plain, '::1', 'http', false, true],
  [plain, '127.0.0.9', undefined, false, false],
  [plain, '127.0.0.9', 'http', false, false],
  [plain, '127.0.0.9', 'https', true, true],
  [plain, '10.1.2.3', 'https', false, false],
  [byProxy, '10.1.2.3', undefined, true, true],
  [byProxy, '10.1.2.3', 'https', true, true],
  [byProxy, '10.1.2.3', 'HTTPS, https', true, true],
  [byProxy, '10.1.2.3', 'https, http', false, false],
  [byProxy, '10.1.2.3', '', false, false],
  [byProxy, '192.0.2.1', 'https', false, false],
] as const

for (const [listener, peer, forwardedProtocol, encrypted, confidential] of ways) {
  test(`${JSON.stringify(listener)}, ${peer} says ${forwardedProtocol}: ${encrypted}, ${confidential}`, () => {
    const connections = createConnections(listener, proxies)
    assert.equal(connections.isEncrypted({ peer, forwardedProtocol }), encrypted)
    assert.equal(connections.isConfidential({ peer, forwardedProtocol }), confidential)
  })
}

test('a proxy that encrypts is believed from anywhere only as long as none is listed', () => {
  const way = { peer: '192.0.2.1', forwardedProtocol: undefined }
  assert.equal(createConnections(byProxy, []).isConfidential(way), true)
  assert.equal(createConnections(byProxy, ['192.0.2.2']).isConfidential(way), false)
})

for (const wrong of [
  '',
  'proxy.example',
  '10.0.0.0/33',
  '10.0.0.0/',
  '10.0.0.0/8/8',
  '2001:db8::/129',
  '10.0.0.0/-1',
]) {
  test(`refuses ${wrong || 'an empty text'} as proxy`, () => {
    assert.throws(() => createConnections(plain, [wrong]), { code: 'configuration-invalid' })
  })
}
