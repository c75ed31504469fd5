import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import { isRightsError, type ErrorCode } from '@sealward/xrml'
import { createClient, type Client, type ClientOptions } from './client.ts'
import { startTestCluster, type TestCluster } from './test-cluster/cluster.fixture.ts'
import { testPassword } from './test-cluster/world.fixture.ts'

const bob = 'bob@lakeside.example'
let cluster: TestCluster
let other: TestCluster
let storeDirectory = ''
before(async () => {
  cluster = await startTestCluster({ [bob]: ['robert@lakeside.example'] })
  other = await startTestCluster({ [bob]: [] })
})
after(async () => {
  await cluster.close()
  await other.close()
})
beforeEach(() => {
  storeDirectory = mkdtempSync(join(tmpdir(), 'sealward-bootstrap-'))
  cluster.requests.length = 0
  cluster.now = new Date()
})
afterEach(() => rmSync(storeDirectory, { recursive: true }))

function password(): Uint8Array {
  return Buffer.from(testPassword)
}

function client(options: Partial<ClientOptions> = {}): Client {
  return createClient({
    serviceUrl: cluster.url,
    user: bob,
    password,
    storeDirectory,
    anchors: [cluster.anchor],
    ...options,
  })
}

function code(...codes: ErrorCode[]): (error: unknown) => boolean {
  return (error) => isRightsError(error, ...codes) || assert.fail(String(error))
}

const everything = ['GetLicensorCertificate', 'machine!', 'Certify']

test('a user is certified once; later clients use what is in the store', async () => {
  const first = await client().identity()
  assert.deepEqual(cluster.requests, everything)
  assert.deepEqual(first.account.addresses, [bob, 'robert@lakeside.example'])
  const second = await client().identity()
  assert.equal(second.accountKey.publicKey.fingerprint, first.accountKey.publicKey.fingerprint)
  assert.deepEqual(cluster.requests, everything)
})

test('one client asks once, however many calls need the identity', async () => {
  const one = client()
  await Promise.all([one.identity(), one.identity(), one.identity()])
  assert.deepEqual(cluster.requests, everything)
})

test('expired certificates are asked for again, with the same machine key', async () => {
  let now = new Date()
  const one = client({ now: () => now })
  await one.identity()
  cluster.requests.length = 0
  now = new Date(now.getTime() + 366 * 86_400_000)
  cluster.now = now
  await one.identity()
  assert.deepEqual(cluster.requests, ['GetLicensorCertificate', 'Certify'])
})

test('a service that is not below a pinned key is asked for nothing further', async () => {
  await assert.rejects(client({ anchors: [other.anchor] }).identity(), code('chain-anchor-untrusted'))
  await assert.rejects(client({ anchors: [] }).identity(), code('chain-anchor-untrusted'))
  assert.deepEqual(cluster.requests, ['GetLicensorCertificate', 'GetLicensorCertificate'])
})

test('trust on first use holds on to the first root', async () => {
  await client({ anchors: [], trustOnFirstUse: true }).identity()
  const store = client().store
  assert.deepEqual(store.readAnchors(), [cluster.anchor])
  store.writeAnchors([other.anchor])
  await assert.rejects(client({ anchors: [], trustOnFirstUse: true }).identity(), code('chain-anchor-untrusted'))
})

test('damaged certificates in the store are replaced', async () => {
  const one = client()
  await one.identity()
  const [text = ''] = one.store.readChain('account') ?? []
  one.store.writeChain('account', [text.replace(bob, 'eve@lakeside.example')])
  cluster.requests.length = 0
  await client().identity()
  assert.deepEqual(cluster.requests, ['GetLicensorCertificate', 'Certify'])
})

test('wrong passwords, missing passwords and unreachable services are told apart', async () => {
  await assert.rejects(client({ password: () => Buffer.from('wrong') }).identity(), code('credentials-refused'))
  const options = { serviceUrl: cluster.url, user: bob, storeDirectory, anchors: [cluster.anchor] }
  await assert.rejects(createClient(options).identity(), code('credentials-missing'))
  const nowhere = client({ serviceUrl: 'http://127.0.0.1:9' })
  await assert.rejects(nowhere.identity(), code('service-unreachable'))
})

test('everything in the store is readable by its owner alone', async () => {
  await client().publishingIdentity()
  for (const name of readdirSync(storeDirectory, { recursive: true, encoding: 'utf8' })) {
    assert.equal(statSync(join(storeDirectory, name)).mode & 0o077, 0, name)
  }
})
