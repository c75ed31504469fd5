/** Use licences that demand a revocation list: what opens, what does not, and which lists are believed. */
import assert from 'node:assert/strict'
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, suite, test } from 'node:test'
import { memorySink, openProtected } from '@sealward/formats'
import {
  isRightsError,
  issueRevocationList,
  revocationListLengthMost,
  softwareKeyHandle,
  writeRefresh,
  type ErrorCode,
  type RevocationEntry,
} from '@sealward/xrml'
import { createClient, type Client, type ClientOptions } from './client.ts'
import { openFileSource } from './file-source.ts'
import { openDocument } from './open.ts'
import { protectFile } from './protect.ts'
import { readPublishedLicense } from './published-license.ts'
import { startTestCluster, type TestCluster } from './test-cluster/cluster.fixture.ts'
import { testPassword } from './test-cluster/world.fixture.ts'

const alice = 'alice@lakeside.example'
const bob = 'bob@lakeside.example'
const hour = 3_600_000
const listId = '0e1b0a1c-1111-4222-8333-444455556666'
const authority = softwareKeyHandle(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey)
const stranger = softwareKeyHandle(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey)

let cluster: TestCluster
let lists: Server
let host = ''
/** What the list's address answers; nothing is a failure. */
let served: string | undefined
let asked = 0
let folder = ''
let document = ''
let now: Date

before(async () => {
  cluster = await startTestCluster({ [alice]: [], [bob]: [] })
  lists = createServer((_request, response) => {
    asked++
    if (served === undefined) response.writeHead(503).end()
    else response.end(served)
  })
  await new Promise<void>((resolve) => lists.listen(0, '127.0.0.1', resolve))
  host = `127.0.0.1:${(lists.address() as AddressInfo).port}`
})
after(async () => {
  lists.closeAllConnections()
  lists.close()
  await cluster.close()
})
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sealward-lists-'))
  now = new Date(Math.floor(Date.now() / 60_000) * 60_000)
  cluster.now = now
  demand(`http://${host}/list`)
  served = await listOf([])
  asked = 0
  const path = join(folder, 'plan.docx')
  writeFileSync(path, Buffer.concat([Buffer.from('PK\x03\x04'), randomBytes(500)]))
  document = join(folder, 'protected.docx')
  await protectFile(
    clientOf(alice),
    path,
    { grants: [{ to: bob, rights: ['VIEW'] }] },
    { publishing: 'online', output: document },
  )
})
afterEach(() => rmSync(folder, { recursive: true }))

function demand(url: string): void {
  cluster.demanding = [writeRefresh({ listId, url, publicKey: authority.publicKey }, hour)]
}

function listOf(entries: readonly RevocationEntry[], issuedAt = now, key = authority, id = listId): Promise<string> {
  return issueRevocationList({ id, issuedAt, entries, key })
}

function clientOf(user: string, options: Partial<ClientOptions> = {}): Client {
  return createClient({
    serviceUrl: cluster.url,
    user,
    password: () => Buffer.from(testPassword),
    storeDirectory: join(folder, 'store'),
    anchors: [cluster.anchor],
    allowedHosts: [host],
    now: () => now,
    ...options,
  })
}

async function open(client = clientOf(bob)): Promise<string> {
  const { from } = await openDocument(client, document, memorySink())
  return from
}

function later(milliseconds: number): void {
  now = new Date(now.getTime() + milliseconds)
  cluster.now = now
}

function code(...codes: ErrorCode[]): (error: unknown) => boolean {
  return (error) => isRightsError(error, ...codes) || assert.fail(String(error))
}

const everyone: readonly RevocationEntry[] = [{ type: 'issuer-id', object: { idType: 'x', id: 'somebody else' } }]

/** What names the one document, read from the licence itself. */
async function revokedDocument(): Promise<RevocationEntry> {
  const { contentId } = await openDocument(clientOf(bob), document, memorySink())
  return { type: 'content-id', object: { idType: 'MS-GUID', id: `{${contentId}}` } }
}

suite('a licence that demands a list', () => {
  test('opens beside a fresh one, offline too, until the list is too old', async () => {
    assert.equal(await open(), 'service')
    assert.equal(asked, 1)
    served = undefined
    assert.equal(await open(), 'store')
    later(hour)
    assert.equal(await open(), 'store')
    assert.equal(asked, 1)
    later(2 * 60_000)
    await assert.rejects(open(), code('revocation-list-stale'))
    served = await listOf(everyone)
    assert.equal(await open(), 'store')
  })

  test('does not open once the list names its document, and opens again when it is given free', async () => {
    const entry = await revokedDocument()
    served = await listOf([...everyone, entry])
    // The list that is at hand is good for an hour; then the new one is fetched.
    assert.equal(await open(), 'store')
    later(hour + 2 * 60_000)
    served = await listOf([...everyone, entry])
    await assert.rejects(open(), code('content-revoked'))
    served = await listOf(everyone)
    assert.equal(await open(), 'store')
  })

  test('a person whose certificate is revoked opens nothing', async () => {
    const { publicKey } = (await clientOf(bob).identity()).accountKey
    served = await listOf([{ type: 'principal-key', publicKey }])
    await assert.rejects(open(), code('account-excluded'))
  })

  test('of which only the licence is revoked, is asked for anew', async () => {
    assert.equal(await open(), 'service')
    const [stored] = clientOf(bob).store.readUseLicense(storedName()) ?? []
    const [, id = ''] = /Content-License"><ID type="MS-GUID">(\{[^}]+\})/.exec(stored ?? '') ?? []
    later(hour + 2 * 60_000)
    served = await listOf([{ type: 'license-id', object: { idType: 'MS-GUID', id } }])
    assert.equal(await open(), 'service')
  })
})

function storedName() {
  const source = openFileSource(document)
  const { license } = readPublishedLicense(openProtected(source).licenseText)
  source.close()
  const contentId = license.work.object.id.slice(1, -1).toLowerCase()
  return { contentId, bodyText: license.document.bodyText }
}

suite('hostile lists', () => {
  const hostile: readonly (readonly [string, () => Promise<string> | string, ErrorCode])[] = [
    ['of another key', () => listOf([], now, stranger), 'revocation-list-invalid'],
    ['under another identifier', () => listOf([], now, authority, listId.replace('0', '9')), 'revocation-list-invalid'],
    [
      'that was changed',
      async () => (await listOf(everyone)).replace('somebody else', 'nobody'),
      'revocation-list-invalid',
    ],
    ['that is too large', () => 'x'.repeat(revocationListLengthMost + 1), 'revocation-list-invalid'],
    ['larger than any answer may be', () => 'x'.repeat(17 * 1024 * 1024), 'revocation-list-invalid'],
    ['that is none', () => '<html>sign in</html>', 'revocation-list-invalid'],
    ['that is too old', () => listOf([], new Date(now.getTime() - 2 * hour)), 'revocation-list-stale'],
  ]
  for (const [name, text, refusal] of hostile) {
    test(`a list ${name} is refused, and nothing opens`, async () => {
      served = await text()
      await assert.rejects(open(), code(refusal))
    })
  }

  test('an older list does not replace a newer one that was seen', async () => {
    const older = await listOf([])
    later(30 * 60_000)
    served = await listOf(everyone)
    assert.equal(await open(), 'service')
    later(hour + 2 * 60_000)
    served = older
    await assert.rejects(open(), code('revocation-list-replaced'))
  })

  test('nobody is asked whom the configuration does not name (threat N1)', async () => {
    for (const [url, refusal] of [
      ['http://169.254.169.254/latest/meta-data/', 'service-url-refused'],
      ['https://lists.evil.example/list', 'service-host-not-allowed'],
      [`https://lists.evil.example/sealward/v1/revocation-lists/${'a'.repeat(64)}`, 'service-host-not-allowed'],
      ['file:///etc/passwd', 'service-url-refused'],
      ['', 'service-url-refused'],
    ] as const) {
      demand(url)
      await assert.rejects(open(), code(refusal), url)
    }
    demand(`http://${host}/list`)
    await assert.rejects(open(clientOf(bob, { allowedHosts: [] })), code('service-host-not-allowed'))
    assert.equal(asked, 0)
  })

  test('the list of a former service is asked for where its licences are answered', async () => {
    demand(`https://old-rms.lakeside.example/sealward/v1/revocation-lists/${'a'.repeat(64)}`)
    const to = `http://${host}/_wmcs/licensing`
    const client = clientOf(bob, { redirections: [{ from: 'https://old-rms.lakeside.example/_wmcs/licensing', to }] })
    assert.equal(await open(client), 'service')
    assert.equal(asked, 1)
  })
})
