/** How the templates that a client keeps follow those of the service (MS-RMPR 3.6.4). */
import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import { createClient, type Client, type ClientOptions } from './client.ts'
import { findTemplate, listTemplates } from './templates.ts'
import { startTestCluster, type TestCluster } from './test-cluster/cluster.fixture.ts'
import { testPassword } from './test-cluster/world.fixture.ts'

const alice = 'alice@lakeside.example'
const day = 86_400_000
const start = new Date('2030-01-01T00:00Z')
const guidOf = (number: number): string => `{00000000-0000-4000-8000-${String(number).padStart(12, '0')}}`
const [first, second, third] = [guidOf(1), guidOf(2), guidOf(3)] as const

let cluster: TestCluster
let folder = ''
before(async () => {
  cluster = await startTestCluster({ [alice]: [] })
})
after(() => cluster.close())
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sealward-templates-'))
  cluster.serverPublicKey = new Uint8Array(4)
  publish({ guid: first, name: 'One', hash: 'a1' }, { guid: second, name: 'Two', hash: 'b1' })
})
afterEach(() => rmSync(folder, { recursive: true }))

function publish(...templates: TestCluster['templates']): void {
  cluster.templates = templates
  cluster.templatesFetched.length = 0
  cluster.requests.length = 0
}

/** @param days since the first day of the tests */
function clientAfter(days: number, options: Partial<ClientOptions> = {}): Client {
  return createClient({
    serviceUrl: cluster.url,
    user: alice,
    password: () => Buffer.from(testPassword),
    storeDirectory: join(folder, 'store'),
    anchors: [cluster.anchor],
    now: () => new Date(start.getTime() + days * day),
    ...options,
  })
}

async function namesOf(client: Client): Promise<readonly string[]> {
  return (await listTemplates(client)).map(({ name }) => name).sort()
}

/** The service is gone; what is kept belongs to its address. */
function offline(client: Client): Client {
  return { ...client, service: { ...client.service, licensing: 'http://127.0.0.1:9/_wmcs/licensing' } }
}

const offlineAfter = (days: number): Client => {
  const client = clientAfter(days, { allowedHosts: ['127.0.0.1:9'] })
  return offline(client)
}

const unknown = { code: 'template-unknown' }

test('only what has changed is fetched, and what is no longer published is forgotten', async () => {
  assert.deepEqual(await namesOf(clientAfter(0)), ['One', 'Two'])
  assert.deepEqual(cluster.templatesFetched, [[first, second]])
  publish(...cluster.templates)
  assert.deepEqual(await namesOf(clientAfter(0)), ['One', 'Two'])
  assert.deepEqual([cluster.requests, cluster.templatesFetched], [['AcquireTemplateInformation'], []])
  publish({ guid: second, name: 'Two, edited', hash: 'b2' }, { guid: third, name: 'Three', hash: 'c1' })
  assert.deepEqual(await namesOf(clientAfter(0)), ['Three', 'Two, edited'])
  assert.deepEqual(cluster.templatesFetched, [[second, third]])
  await assert.rejects(findTemplate(clientAfter(0), first), unknown)
})

test('many are fetched in groups of 25', async () => {
  publish(...Array.from({ length: 60 }, (_, index) => ({ guid: guidOf(index), name: `${index}`, hash: 'a' })))
  assert.equal((await namesOf(clientAfter(0))).length, 60)
  assert.deepEqual(
    cluster.templatesFetched.map(({ length }) => length),
    [25, 25, 10],
  )
})

test('what is kept is used for a day, then compared: an archived template protects nothing any more', async () => {
  await listTemplates(clientAfter(0))
  publish({ guid: second, name: 'Two', hash: 'b1' })
  assert.equal((await findTemplate(clientAfter(0.99), first)).policy.names[0]?.name, 'One')
  assert.deepEqual(cluster.requests, [])
  await assert.rejects(findTemplate(clientAfter(1), first), unknown)
  assert.deepEqual(cluster.templatesFetched, [])
})

test('a clock that is set back makes no list fresh', async () => {
  await listTemplates(clientAfter(2))
  publish()
  await assert.rejects(findTemplate(clientAfter(1), first), unknown)
})

test('offline what is kept counts however old it is, and nothing else', async () => {
  await assert.rejects(listTemplates(offlineAfter(0)), { code: 'service-unreachable' })
  await listTemplates(clientAfter(0))
  assert.equal((await findTemplate(offlineAfter(30), first)).policy.names[0]?.name, 'One')
  assert.deepEqual(await namesOf(offlineAfter(30)), ['One', 'Two'])
  await assert.rejects(findTemplate(offlineAfter(30), third), unknown)
  // A service that refuses is there.
  const refused = { ...clientAfter(30), password: () => Buffer.from('wrong') }
  await assert.rejects(findTemplate(refused, first), { code: 'credentials-refused' })
})

test('what is kept of another server key counts for nothing', async () => {
  await listTemplates(clientAfter(0))
  publish(...cluster.templates)
  cluster.serverPublicKey = new Uint8Array([1, 2, 3])
  assert.deepEqual(await namesOf(clientAfter(0)), ['One', 'Two'])
  assert.deepEqual(cluster.templatesFetched, [[first, second]])
})

test('the file is for the user alone, and refused where it is damaged', async () => {
  await listTemplates(clientAfter(0))
  const [identity = ''] = readdirSync(join(folder, 'store'))
  const path = join(folder, 'store', identity, 'templates.json')
  assert.equal(statSync(path).mode & 0o777, 0o600)
  const whole = readFileSync(path, 'utf8')
  for (const text of ['', whole.slice(0, -10), '[]', 'null', whole.replace('"a1"', '1'), whole.replace('2030-', 'x')]) {
    writeFileSync(path, text)
    await assert.rejects(findTemplate(clientAfter(0), first), { code: 'client-store-refused' }, text)
  }
})
