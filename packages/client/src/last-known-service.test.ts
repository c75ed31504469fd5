/** A client that finds no service opens what its user opened before, and sends nothing to anybody (threat D7). */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { createClient, type Client, type ClientOptions } from './client.ts'
import { discoverService, requireDiscovered } from './discovery/discover-service.ts'
import { lastKnownService } from './last-known-service.ts'
import { openDocument } from './open.ts'
import { protectFile } from './protect.ts'
import { startTestCluster, type TestCluster } from './test-cluster/cluster.fixture.ts'
import { testPassword } from './test-cluster/world.fixture.ts'

const [alice, bob] = ['alice@lakeside.example', 'bob@lakeside.example'] as const
const day = 86_400_000

let cluster: TestCluster
let other: TestCluster
let folder: string
let store: string
let opened: string
let unopened: string

before(async () => {
  ;[cluster, other] = await Promise.all([
    startTestCluster({ [alice]: [], [bob]: [] }),
    startTestCluster({ [alice]: [], [bob]: [] }),
  ])
  folder = mkdtempSync(join(tmpdir(), 'sealward-last-known-'))
  store = join(folder, 'store')
  ;[opened = '', unopened = ''] = await Promise.all(
    ['opened', 'unopened'].map(async (name) => {
      const clear = join(folder, `${name}.txt`)
      writeFileSync(clear, `${name} by bob`)
      const output = join(folder, `${name}.ptxt`)
      await protectFile(clientOf(alice), clear, { grants: [{ to: bob, rights: ['VIEW'] }] }, { output })
      return output
    }),
  )
  // Of two services the one that was used last is meant.
  await clientOf(bob, {
    serviceUrl: other.url,
    anchors: [other.anchor],
    now: () => new Date(Date.now() - day),
  }).identity()
  await openDocument(clientOf(bob), opened, { write: () => undefined })
})
after(async () => {
  await Promise.all([cluster.close(), other.close()])
  rmSync(folder, { recursive: true })
})

function clientOf(user: string, options: Partial<ClientOptions> = {}): Client {
  return createClient({
    serviceUrl: cluster.url,
    user,
    password: () => Buffer.from(testPassword),
    storeDirectory: store,
    anchors: [cluster.anchor],
    ...options,
  })
}

function inAYear(): Date {
  return new Date(Date.now() + 400 * day)
}

/** What a client does whose directory and name server are silent. */
async function offlineClient(user: string, options: Partial<ClientOptions> = {}): Promise<Client> {
  const discovery = await discoverService({
    user,
    allowedHosts: [],
    anchors: [],
    askHosts: true,
    now: () => new Date(),
    settings: {
      scp: { servers: ['ldaps://127.0.0.1:9'] },
      srv: { servers: ['nowhere'] },
      lastKnown: () => lastKnownService(store, user),
    },
  })
  const { url, source, admission } = requireDiscovered(discovery)
  assert.deepEqual([source, admission], ['store', 'offline'])
  assert.deepEqual(
    discovery.steps.map((step) => [step.source, step.outcome]),
    [
      ['configuration', 'nothing'],
      ['scp', 'failed'],
      ['srv', 'failed'],
      ['cloud', 'off'],
      ['store', 'taken'],
    ],
  )
  return clientOf(user, { serviceUrl: url, offline: true, ...options })
}

test('what was opened before opens again, with the service that was used last; nothing is sent', async () => {
  assert.equal(lastKnownService(store, bob.toUpperCase())?.url, cluster.url)
  const client = await offlineClient(bob)
  cluster.requests.length = 0
  const { from, rights } = await openDocument(client, opened, { write: () => undefined })
  assert.deepEqual([from, rights], ['store', ['VIEW']])
  const refused = { code: 'service-not-discovered' }
  await assert.rejects(openDocument(client, unopened, { write: () => undefined }), refused)
  assert.deepEqual([cluster.requests, other.requests.slice(-1)], [[], ['Certify']])
})

test('a certificate that is over is not renewed, and nobody is asked for a password', async () => {
  let asked = 0
  const password = () => {
    asked++
    return Buffer.from(testPassword)
  }
  const client = await offlineClient(bob, { now: inAYear, password })
  cluster.requests.length = 0
  const refused = { code: 'service-not-discovered' }
  await assert.rejects(openDocument(client, opened, { write: () => undefined }), refused)
  assert.deepEqual([cluster.requests, asked], [[], 0])
})

test('roots that are not trusted are not trusted offline either', async () => {
  const client = await offlineClient(bob, { anchors: [other.anchor] })
  await assert.rejects(openDocument(client, opened, { write: () => undefined }), { code: 'service-not-discovered' })
})

test('who has no certificate here has no service', async () => {
  assert.equal(lastKnownService(store, 'carol@lakeside.example'), undefined)
  assert.equal(lastKnownService(join(folder, 'nothing'), bob), undefined)
  const settings = { lastKnown: () => lastKnownService(store, 'carol@lakeside.example') }
  const rules = { allowedHosts: [], anchors: [], askHosts: true, now: () => new Date() }
  const { service, steps } = await discoverService({ ...rules, settings })
  assert.deepEqual([service, steps.at(-1)?.source, steps.at(-1)?.outcome], [undefined, 'store', 'nothing'])
})
