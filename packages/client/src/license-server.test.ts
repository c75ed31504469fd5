/** Over REST: whose service opens a licence of another host, and that nobody else gets a token (threat D7). */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, test } from 'node:test'
import { createClient, type Client, type ClientOptions } from './client.ts'
import { openDocument } from './open.ts'
import { protectFile } from './protect.ts'
import { startTestCluster, type TestCluster } from './test-cluster/cluster.fixture.ts'
import { testPassword, tokenOf } from './test-cluster/world.fixture.ts'

const [alice, bob] = ['alice@lakeside.example', 'bob@lakeside.example'] as const

let own: TestCluster
let found: TestCluster
let folder: string
let document: string

before(async () => {
  ;[own, found] = await Promise.all([
    startTestCluster({ [alice]: [], [bob]: [] }),
    startTestCluster({ [alice]: [], [bob]: [] }),
  ])
  folder = mkdtempSync(join(tmpdir(), 'sealward-license-server-'))
  writeFileSync(join(folder, 'note.txt'), 'by alice')
  document = join(folder, 'note.ptxt')
  const policy = { grants: [{ to: bob, rights: ['VIEW'] }] }
  await protectFile(clientOf(alice, { serviceUrl: found.url }), join(folder, 'note.txt'), policy, { output: document })
})
after(async () => {
  await Promise.all([own.close(), found.close()])
  rmSync(folder, { recursive: true })
})
beforeEach(() => {
  for (const { requests, discoveries } of [own, found]) {
    requests.length = 0
    discoveries.length = 0
  }
})

function clientOf(user: string, options: Partial<ClientOptions> = {}): Client {
  const token = () => tokenOf(user)
  return createClient({
    serviceUrl: own.url,
    user,
    token,
    door: 'rest',
    storeDirectory: join(folder, 'store'),
    ...options,
  })
}

/** Each question comes twice: for the challenge, and with the token. */
function discoveriesAt({ discoveries }: TestCluster): readonly string[] {
  return [...new Set(discoveries)]
}

/** What a cluster of the tests says to the licence of another one. */
const notItsOwn = { code: 'service-answer-refused' }

function open(options: Partial<ClientOptions>): Promise<unknown> {
  return openDocument(clientOf(bob, options), document, { write: () => undefined })
}

test('the service that discovery has admitted is asked, by the address in the licence', async () => {
  const asked: (readonly string[])[] = []
  const licensing = `${found.url}/_wmcs/licensing`
  await open({
    findLicensing: (urls) => {
      asked.push(urls)
      return Promise.resolve(licensing)
    },
  })
  assert.deepEqual(asked, [[licensing]])
  assert.deepEqual(discoveriesAt(found), [`service=${licensing}`])
  assert.deepEqual(found.requests.slice(-1), ['POST endUserLicenses!'])
  assert.deepEqual(own.requests, [])
})

test('where discovery admits nobody, the own service is asked, and the host in the licence gets nothing', async () => {
  for (const options of [{}, { findLicensing: () => Promise.resolve(undefined) }]) {
    await assert.rejects(open(options), notItsOwn)
  }
  assert.deepEqual(discoveriesAt(own), [`email=${bob}`])
  assert.deepEqual(found.requests, [])
})

test('where only the outer address is that of an allowed host, nobody is looked for either', async () => {
  own.licensingUrls = ['https://rms.corp.test/_wmcs/licensing', `${own.url}/_wmcs/licensing`]
  const author = clientOf(alice, {
    door: 'soap',
    password: () => Buffer.from(testPassword),
    anchors: [own.anchor],
  })
  const outer = join(folder, 'outer.ptxt')
  const policy = { grants: [{ to: bob, rights: ['VIEW'] }] }
  await protectFile(author, join(folder, 'note.txt'), policy, { output: outer, publishing: 'offline' })
  own.requests.length = 0
  const reader = clientOf(bob, { findLicensing: () => assert.fail('nobody has to be looked for') })
  await openDocument(reader, outer, { write: () => undefined })
  assert.deepEqual(own.requests.slice(-1), ['POST endUserLicenses!'])
})

test('a host that is allowed needs no discovery', async () => {
  await assert.rejects(
    open({ allowedHosts: [new URL(found.url).host], findLicensing: () => assert.fail('nobody has to be looked for') }),
    notItsOwn,
  )
  assert.deepEqual([discoveriesAt(own), found.requests], [[`email=${bob}`], []])
})
