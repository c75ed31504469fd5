/** N1: whatever addresses a licence names, its reader's machine sends nothing there, not even the question for a name. */
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { openProtected } from '@sealward/formats'
import { isRightsError, softwareKeyHandle, writeRefresh } from '@sealward/xrml'
import { hostileUrls } from '../../../test/hostile/hostile-urls.ts'
import { outboundAttempts } from '../../../test/hostile/outbound-attempts.ts'
import { createClient, type Client } from './client.ts'
import { openFileSource } from './file-source.ts'
import { openDocument } from './open.ts'
import { protectFile } from './protect.ts'
import { recoverDocument } from './recover-document.ts'
import { startTestCluster, type TestCluster } from './test-cluster/cluster.fixture.ts'
import { testPassword } from './test-cluster/world.fixture.ts'

const [alice, bob] = ['alice@lakeside.example', 'bob@lakeside.example'] as const
const authority = softwareKeyHandle(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey)
const forBob = { grants: [{ to: bob, rights: ['VIEW'] }] }

let cluster: TestCluster
let folder: string
let reader: Client
/** Its licence names the service. */
let document: string
let stores = 0

before(async () => {
  cluster = await startTestCluster({ [alice]: [], [bob]: [] })
  folder = mkdtempSync(join(tmpdir(), 'sealward-hostile-urls-'))
  writeFileSync(join(folder, 'note.txt'), 'by alice')
  document = await protect()
  reader = clientOf(bob)
  await reader.identity()
})
after(async () => {
  await cluster.close()
  rmSync(folder, { recursive: true })
})

function clientOf(user: string): Client {
  return createClient({
    serviceUrl: cluster.url,
    user,
    password: () => Buffer.from(testPassword),
    storeDirectory: join(folder, `store-${++stores}`),
    anchors: [cluster.anchor],
    allowedHosts: ['rights.lakeside.example'],
  })
}

async function protect(): Promise<string> {
  const output = join(folder, `note-${++stores}.ptxt`)
  await protectFile(clientOf(alice), join(folder, 'note.txt'), forBob, { publishing: 'offline', output })
  return output
}

/** Beside the service itself. */
async function strangersAsked(work: () => Promise<unknown>): Promise<readonly string[]> {
  const attempts = await outboundAttempts(async () => {
    await assert.rejects(work, (error) => isRightsError(error))
  })
  return attempts.filter((each) => each !== new URL(cluster.url).host)
}

const open = (path: string): Promise<unknown> => openDocument(reader, path, { write: () => undefined })

test('N1: an attempt would be seen', async () => {
  const seen = await outboundAttempts(async () => {
    await assert.rejects(fetch('http://127.0.0.1:9999/'))
    await assert.rejects(fetch('http://nowhere.invalid/'))
  })
  assert.deepEqual(seen, ['127.0.0.1:9999', 'nowhere.invalid'])
})

for (const url of hostileUrls) {
  test(`N1: ${url} in a licence`, async () => {
    cluster.licensingUrls = [url, url]
    cluster.demanding = []
    const forged = await protect()
    const source = openFileSource(forged)
    const content = openProtected(source)
    source.close()
    assert.deepEqual(await strangersAsked(() => open(forged)), [])
    assert.deepEqual(await strangersAsked(() => recoverDocument(reader, content)), [])
  })

  test(`N1: ${url} as the address of a revocation list`, async () => {
    const listId = '0e1b0a1c-1111-4222-8333-444455556666'
    cluster.demanding = [writeRefresh({ listId, url, publicKey: authority.publicKey }, 3_600_000)]
    assert.deepEqual(await strangersAsked(() => open(document)), [])
  })
}
