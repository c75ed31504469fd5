/** What the service locator of a forest's entry leads to (MS-RMPR 3.1.4.4), and that it leads nowhere else (threat D7). */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import { createClient, type Client, type ClientOptions } from './client.ts'
import { carryOutReset, planReset } from './reset-store.ts'
import { listStoredIdentities } from './stored-identities.ts'
import { listTemplates } from './templates.ts'
import { startTestCluster, type TestCluster } from './test-cluster/cluster.fixture.ts'
import { testPassword } from './test-cluster/world.fixture.ts'

const bob = 'bob@lakeside.example'
const closed = '127.0.0.1:9'
let entry: TestCluster
let other: TestCluster
let storeDirectory = ''
before(async () => {
  ;[entry, other] = await Promise.all([startTestCluster({ [bob]: [] }), startTestCluster({ [bob]: [] })])
})
after(async () => {
  await entry.close()
  await other.close()
})
beforeEach(() => {
  storeDirectory = mkdtempSync(join(tmpdir(), 'sealward-locator-'))
  entry.located = {}
  entry.requests.length = other.requests.length = 0
})
afterEach(() => rmSync(storeDirectory, { recursive: true }))

const at = (cluster: TestCluster, part: 'certification' | 'licensing'): string => `${cluster.url}/_wmcs/${part}`
const hostOf = ({ url }: TestCluster): string => new URL(url).host

/** As discovery makes it of an entry. */
function client(options: Partial<ClientOptions> = {}): Client {
  return createClient({
    serviceUrl: entry.url,
    serviceLocation: { certification: at(entry, 'certification'), found: true },
    user: bob,
    password: () => Buffer.from(testPassword),
    storeDirectory,
    anchors: [entry.anchor, other.anchor],
    allowedHosts: [hostOf(other), closed],
    ...options,
  })
}

/** Whom discovery has admitted is verified, then asked once. */
const asked = ['GetLicensorCertificate', 'FindServiceLocationsForUser']

test('both services are where the locator says, inside first, and that is remembered', async () => {
  entry.located = {
    CertificationInternalService: at(other, 'certification'),
    CertificationService: 'https://unasked.example/_wmcs/certification',
    LicensingInternalService: `${at(other, 'licensing')}/license.asmx`,
    LicensingService: 'https://unasked.example/_wmcs/licensing',
  }
  await client().publishingIdentity()
  assert.deepEqual(entry.requests, asked)
  const verifying = ['GetLicensorCertificate', 'GetLicensorCertificate']
  assert.deepEqual(other.requests, [...verifying, 'machine!', 'Certify', 'GetClientLicensorCert'])
  entry.requests.length = other.requests.length = 0
  await listTemplates(client())
  assert.deepEqual([entry.requests, other.requests[0]], [[], 'AcquireTemplateInformation'])
  for (const identity of listStoredIdentities(storeDirectory)) carryOutReset(planReset(identity))
  await listTemplates(client())
  assert.equal(entry.requests[0], 'AcquireTemplateInformation', 'a reset forgets it')
})

test('the address outside is asked where the one inside cannot be reached', async () => {
  entry.located = {
    CertificationInternalService: `http://${closed}/_wmcs/certification`,
    CertificationService: at(other, 'certification'),
    LicensingInternalService: `http://${closed}/_wmcs/licensing`,
    LicensingService: at(other, 'licensing'),
  }
  await client().publishingIdentity()
  assert.deepEqual(entry.requests, asked)
  assert.deepEqual(other.requests.slice(-3), ['machine!', 'Certify', 'GetClientLicensorCert'])
})

test('nobody is followed to a host that nobody allowed: what the entry names stays in use', async () => {
  for (const to of [other.url, 'https://elsewhere.example', 'file:///etc', 'http://127.evil.example']) {
    entry.located = {
      CertificationInternalService: `${to}/_wmcs/certification`,
      CertificationService: `${to}/_wmcs/certificationexternal`,
      LicensingInternalService: `${to}/_wmcs/licensing`,
      LicensingService: `${to}/_wmcs/licensingexternal`,
    }
    rmSync(storeDirectory, { recursive: true })
    await client({ allowedHosts: ['127.evil.example'] }).publishingIdentity()
    assert.deepEqual(entry.requests.slice(-3), ['machine!', 'Certify', 'GetClientLicensorCert'])
    assert.deepEqual(other.requests, [])
  }
})

test('a locator that fails keeps nobody from what the entry names', async () => {
  entry.located = undefined
  await client().publishingIdentity()
  assert.deepEqual(entry.requests, [...asked, 'machine!', 'Certify', 'GetClientLicensorCert'])
})

test('a host that is no longer allowed is not asked for being remembered', async () => {
  entry.located = { LicensingInternalService: at(other, 'licensing') }
  await client().identity()
  other.requests.length = entry.requests.length = 0
  await client({ allowedHosts: [] }).publishingIdentity()
  assert.deepEqual([entry.requests, other.requests], [['GetClientLicensorCert'], []])
})

test('an allowed host whose chain nobody vouches for is refused', async () => {
  entry.located = { LicensingInternalService: at(other, 'licensing') }
  await assert.rejects(client({ anchors: [entry.anchor] }).identity(), { code: 'chain-anchor-untrusted' })
  assert.deepEqual(other.requests, ['GetLicensorCertificate'])
})

test('a configured location is not asked where the services are', async () => {
  entry.located = { CertificationInternalService: at(other, 'certification') }
  await client({ serviceLocation: { certification: at(entry, 'certification') } }).identity()
  assert.deepEqual([entry.requests, other.requests], [['GetLicensorCertificate', 'machine!', 'Certify'], []])
})
