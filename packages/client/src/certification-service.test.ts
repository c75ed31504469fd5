import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import { createClient, type Client, type ClientOptions } from './client.ts'
import { startTestCluster, type TestCluster } from './test-cluster/cluster.fixture.ts'
import { testPassword } from './test-cluster/world.fixture.ts'

const bob = 'bob@lakeside.example'
const nowhere = 'http://127.0.0.1:9/_wmcs/certification'
let root: TestCluster
let licensing: TestCluster
let storeDirectory = ''
before(async () => {
  ;[root, licensing] = await Promise.all([startTestCluster({ [bob]: [] }), startTestCluster({ [bob]: [] })])
})
after(async () => {
  await root.close()
  await licensing.close()
})
beforeEach(() => {
  storeDirectory = mkdtempSync(join(tmpdir(), 'sealward-certification-'))
  licensing.certifiedBy = [certificationOf(root)]
  root.requests.length = licensing.requests.length = 0
})
afterEach(() => rmSync(storeDirectory, { recursive: true }))

const certificationOf = ({ url }: TestCluster): string => `${url}/_wmcs/certification`
const hostOf = ({ url }: TestCluster): string => new URL(url).host

function client(options: Partial<ClientOptions> = {}): Client {
  return createClient({
    serviceUrl: licensing.url,
    user: bob,
    password: () => Buffer.from(testPassword),
    storeDirectory,
    anchors: [root.anchor, licensing.anchor],
    ...options,
  })
}

const atRoot = ['GetLicensorCertificate', 'machine!', 'Certify']
const asked = ['404', 'GetLicensorCertificate', 'FindServiceLocationsForUser']

test('a service that only licenses says who certifies; protecting goes on at itself', async () => {
  const one = client({ allowedHosts: [hostOf(root)] })
  await one.publishingIdentity()
  assert.deepEqual(licensing.requests, [...asked, 'GetClientLicensorCert'])
  assert.deepEqual(root.requests, atRoot)
})

test('a certification service on a host that nobody allowed gets no request', async () => {
  await assert.rejects(client().identity(), { code: 'service-host-not-allowed', detail: hostOf(root) })
  assert.deepEqual([licensing.requests, root.requests], [asked, []])
})

test('the address outside is asked if the one inside is not to be had', async () => {
  for (const inside of [nowhere, 'https://elsewhere.example/_wmcs/certification', 'file:///etc/passwd']) {
    licensing.certifiedBy = [inside, `${certificationOf(root)}/certification.asmx`]
    rmSync(storeDirectory, { recursive: true })
    await client({ allowedHosts: [hostOf(root), new URL(nowhere).host] }).identity()
  }
  assert.deepEqual(root.requests, [...atRoot, ...atRoot, ...atRoot])
  licensing.certifiedBy = [nowhere]
  rmSync(storeDirectory, { recursive: true })
  await assert.rejects(client({ allowedHosts: [new URL(nowhere).host] }).identity(), { code: 'service-unreachable' })
})

test('the configured location comes first, for certification and for licensing', async () => {
  const certification = certificationOf(root)
  await client({ serviceLocation: { certification } }).identity()
  assert.deepEqual([licensing.requests, root.requests], [[], atRoot])
  root.requests.length = 0
  const other = { serviceUrl: root.url, serviceLocation: { licensing: `${licensing.url}/_wmcs/licensing` } }
  await client(other).publishingIdentity()
  assert.deepEqual([licensing.requests, root.requests], [['GetClientLicensorCert'], atRoot])
  const wrong = { certification: certificationOf(licensing) }
  rmSync(storeDirectory, { recursive: true })
  await assert.rejects(client({ serviceLocation: wrong }).identity(), { code: 'resource-unknown' })
})

test('a service that nobody vouches for is not asked who certifies', async () => {
  const options = { allowedHosts: [hostOf(root)], anchors: [root.anchor] }
  await assert.rejects(client(options).identity(), { code: 'chain-anchor-untrusted' })
  assert.deepEqual([licensing.requests, root.requests], [['404', 'GetLicensorCertificate'], []])
  // Nor is the one that it names believed because it was named.
  const first = { allowedHosts: [hostOf(root)], anchors: [], trustOnFirstUse: true }
  await assert.rejects(client(first).identity(), { code: 'chain-anchor-untrusted' })
  assert.deepEqual(root.requests, ['GetLicensorCertificate'])
})

test('a machine that another service certified is certified again', async () => {
  licensing.certifiedBy = undefined
  await client().identity()
  licensing.certifiedBy = [certificationOf(root)]
  const later = new Date(Date.now() + 366 * 86_400_000)
  root.now = later
  try {
    await client({ allowedHosts: [hostOf(root)], now: () => later }).identity()
    assert.deepEqual(root.requests, ['GetLicensorCertificate', 'Certify', 'machine!', 'Certify'])
  } finally {
    root.now = new Date()
  }
})
