import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import { createClient, type Client, type ClientOptions, type Door } from './client.ts'
import { openDocument } from './open.ts'
import { protectFile } from './protect.ts'
import type { Publishing } from './publication.ts'
import { startTestCluster, type TestCluster } from './test-cluster/cluster.fixture.ts'
import { testPassword, tokenOf } from './test-cluster/world.fixture.ts'

const alice = 'alice@lakeside.example'
const bob = 'bob@lakeside.example'
const forBob = { grants: [{ to: bob, rights: ['VIEW'] }] }
let cluster: TestCluster
let folder = ''
before(async () => {
  cluster = await startTestCluster({ [alice]: [], [bob]: [] })
})
after(() => cluster.close())
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sealward-licensor-'))
  cluster.requests.length = 0
  cluster.now = new Date()
  cluster.refusing = undefined
})
afterEach(() => rmSync(folder, { recursive: true }))

function clientOf(user: string, options: Partial<ClientOptions> = {}): Client {
  return createClient({
    serviceUrl: cluster.url,
    user,
    password: () => Buffer.from(testPassword),
    token: () => tokenOf(user),
    storeDirectory: join(folder, 'store'),
    anchors: [cluster.anchor],
    ...options,
  })
}

let made = 0

async function protect(client: Client, publishing: Publishing): Promise<string> {
  const path = join(folder, `note ${made++}.txt`)
  writeFileSync(path, 'a note')
  return (await protectFile(client, path, forBob, { publishing })).path
}

async function textOf(client: Client, path: string): Promise<string> {
  const pieces: Uint8Array[] = []
  await openDocument(client, path, { write: (bytes) => void pieces.push(Uint8Array.from(bytes)) })
  return Buffer.concat(pieces).toString()
}

const ways: readonly (readonly [Door, Publishing])[] = [
  ['soap', 'online'],
  ['soap', 'offline'],
  ['rest', 'online'],
]

for (const refusing of ['publishing-not-onboarded', 'service-read-only'] as const) {
  test(`whom the service lets only open (${refusing}) opens, and is told why protecting fails, at both doors`, async () => {
    const path = await protect(clientOf(alice), 'online')
    cluster.refusing = refusing
    for (const [door, publishing] of ways) {
      const reader = clientOf(bob, { door })
      assert.equal(await textOf(reader, path), 'a note', door)
      await assert.rejects(protect(reader, publishing), { code: refusing }, `${door} ${publishing}`)
    }
  })
}

test('opening asks for no client licensor certificate; protecting asks once, however many calls need it', async () => {
  const path = await protect(clientOf(alice), 'online')
  cluster.requests.length = 0
  const reader = clientOf(bob)
  await textOf(reader, path)
  assert.deepEqual(cluster.requests, ['GetLicensorCertificate', 'machine!', 'Certify', 'AcquireLicense'])
  cluster.requests.length = 0
  await Promise.all([reader.publishingIdentity(), reader.publishingIdentity()])
  await clientOf(bob).publishingIdentity()
  assert.deepEqual(cluster.requests, ['GetClientLicensorCert'])
})

test('a stored certificate goes on working offline, for those who would get no other one too', async () => {
  await protect(clientOf(alice), 'offline')
  cluster.refusing = 'publishing-not-onboarded'
  cluster.requests.length = 0
  const path = await protect(clientOf(alice), 'offline')
  assert.equal(await textOf(clientOf(alice), path), 'a note')
  assert.deepEqual(cluster.requests, [])
  // What the service signs it still refuses.
  await assert.rejects(protect(clientOf(alice), 'online'), { code: 'publishing-not-onboarded' })
})

test('a certificate that is over or damaged is asked for again; a refusal is not remembered', async () => {
  let now = new Date()
  const author = clientOf(alice, { now: () => now })
  const { clientLicensorChain: first } = await author.publishingIdentity()
  now = new Date(now.getTime() + 366 * 86_400_000)
  cluster.now = now
  cluster.refusing = 'service-read-only'
  await assert.rejects(author.publishingIdentity(), { code: 'service-read-only' })
  cluster.refusing = undefined
  const { clientLicensorChain: second } = await author.publishingIdentity()
  assert.notDeepEqual(second, first)
  const [text = ''] = second
  author.store.writeChain('client-licensor', [text.replace(alice, bob)])
  cluster.requests.length = 0
  await clientOf(alice, { now: () => now }).publishingIdentity()
  assert.deepEqual(cluster.requests, ['GetClientLicensorCert'])
})

test('a certificate of somebody else is none', async () => {
  const [one, other] = [clientOf(alice), clientOf(bob)]
  const { clientLicensorChain } = await other.publishingIdentity()
  one.store.writeChain('client-licensor', clientLicensorChain)
  assert.notDeepEqual((await one.publishingIdentity()).clientLicensorChain, clientLicensorChain)
})
