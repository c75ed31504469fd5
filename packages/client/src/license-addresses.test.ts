/** Which of the two addresses of a licence is asked (MS-RMPR 3.7.4.2, threat D7). */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, test } from 'node:test'
import { openProtected } from '@sealward/formats'
import { createClient, type Client, type ClientOptions } from './client.ts'
import { openFileSource } from './file-source.ts'
import { openDocument } from './open.ts'
import { protectFile } from './protect.ts'
import { recoverDocument } from './recover-document.ts'
import { startTestCluster, type TestCluster } from './test-cluster/cluster.fixture.ts'
import { testPassword } from './test-cluster/world.fixture.ts'

const [alice, bob, carol] = ['alice@lakeside.example', 'bob@lakeside.example', 'carol@lakeside.example'] as const
const foreign = 'https://rms.corp.test/_wmcs/licensing'

let cluster: TestCluster
let other: TestCluster
let folder: string
let closedHost: string
let stores = 0

before(async () => {
  const users = { [alice]: [], [bob]: [], [carol]: [] }
  ;[cluster, other] = await Promise.all([startTestCluster(users), startTestCluster(users)])
  folder = mkdtempSync(join(tmpdir(), 'sealward-license-addresses-'))
  closedHost = `127.0.0.1:${await closedPort()}`
})
after(async () => {
  await Promise.all([cluster.close(), other.close()])
  rmSync(folder, { recursive: true })
})
beforeEach(() => {
  cluster.requests.length = 0
  other.requests.length = 0
})

function closedPort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

function clientOf(user: string, options: Partial<ClientOptions> = {}): Client {
  return createClient({
    serviceUrl: cluster.url,
    user,
    password: () => Buffer.from(testPassword),
    storeDirectory: join(folder, `store-${++stores}`),
    anchors: [cluster.anchor],
    ...options,
  })
}

/** @returns path of a document for Bob whose licence carries these addresses */
async function documentWith(inside: string, outside: string): Promise<string> {
  const plain = join(folder, `note-${++stores}.txt`)
  writeFileSync(plain, 'by alice')
  cluster.licensingUrls = [inside, outside]
  const policy = { grants: [{ to: bob, rights: ['VIEW'] }] }
  const { path } = await protectFile(clientOf(alice), plain, policy, { publishing: 'offline' })
  cluster.requests.length = 0
  return path
}

const licensingOf = (origin: string): string => `${origin}/_wmcs/licensing`
const own = (): string => licensingOf(cluster.url)
const hostOf = ({ url }: TestCluster): string => new URL(url).host

function open(user: string, path: string, options: Partial<ClientOptions> = {}): Promise<unknown> {
  return openDocument(clientOf(user, options), path, { write: () => undefined })
}

test('where only the outer address may be asked, it is asked, and nobody is looked for', async () => {
  await open(bob, await documentWith(foreign, own()), {
    findLicensing: () => assert.fail('nobody has to be looked for'),
  })
  assert.deepEqual(cluster.requests.slice(-1), ['AcquireLicense'])
})

test('an address that is none hides no other', async () => {
  await open(bob, await documentWith('file:///etc/passwd', own()))
  assert.deepEqual(cluster.requests.slice(-1), ['AcquireLicense'])
})

test('the inner address counts while it can be reached', async () => {
  await open(bob, await documentWith(own(), licensingOf(other.url)), { allowedHosts: [hostOf(other)] })
  assert.deepEqual([cluster.requests.slice(-1), other.requests], [['AcquireLicense'], []])
})

test('where the inner address cannot be reached, or is not encrypted, the outer one is asked', async () => {
  for (const inside of [closedHost, 'rms.corp.test']) {
    await open(bob, await documentWith(licensingOf(`http://${inside}`), own()), { allowedHosts: [inside] })
    assert.deepEqual(cluster.requests.slice(-1), ['AcquireLicense'])
  }
})

test('a refusal is an answer: nobody else is asked', async () => {
  const path = await documentWith(own(), licensingOf(other.url))
  await assert.rejects(open(carol, path, { allowedHosts: [hostOf(other)] }), { code: 'no-rights' })
  assert.deepEqual(other.requests, [])
})

test('where neither may be asked, nobody is, except whom discovery has admitted', async () => {
  const path = await documentWith(foreign, licensingOf(other.url))
  await assert.rejects(open(bob, path), { code: 'service-host-not-allowed' })
  assert.deepEqual([cluster.requests.includes('AcquireLicense'), other.requests], [false, []])
  await open(bob, path, { findLicensing: () => Promise.resolve(own()) })
  assert.deepEqual(cluster.requests.slice(-1), ['AcquireLicense'])
})

test('where neither can be reached, that is said', async () => {
  const closed = licensingOf(`http://${closedHost}`)
  const path = await documentWith(closed, `${closed}2`)
  await assert.rejects(open(bob, path, { allowedHosts: [closedHost] }), { code: 'service-unreachable' })
})

test('a decommissioned cluster is asked in the same order', async () => {
  for (const [inside, outside] of [
    [foreign, own()],
    [licensingOf(`http://${closedHost}`), own()],
    [own(), licensingOf(other.url)],
  ] as const) {
    const source = openFileSource(await documentWith(inside, outside))
    const content = openProtected(source)
    source.close()
    const client = clientOf(alice, { allowedHosts: [closedHost, hostOf(other)] })
    // The cluster of the tests is in operation.
    await assert.rejects(recoverDocument(client, content), { code: 'service-refused' })
    assert.deepEqual([cluster.requests, other.requests], [['AcquireContentKey'], []])
  }
})
