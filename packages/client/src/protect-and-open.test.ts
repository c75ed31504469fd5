import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import { memorySink, openProtected } from '@sealward/formats'
import { isRightsError, issueOwnerUseLicense, writeContentKey, type ErrorCode } from '@sealward/xrml'
import { createClient, type Client, type ClientOptions } from './client.ts'
import { licenseDocument } from './document-license.ts'
import { openFileSource } from './file-source.ts'
import { openDocument } from './open.ts'
import { protectFile } from './protect.ts'
import { readPublishedLicense } from './published-license.ts'
import { listTemplates } from './templates.ts'
import { startTestCluster, type TestCluster } from './test-cluster/cluster.fixture.ts'
import { testPassword, tokenOf } from './test-cluster/world.fixture.ts'
import { unprotectFile } from './unprotect.ts'

const alice = 'alice@lakeside.example'
const bob = 'bob@lakeside.example'
const carol = 'carol@lakeside.example'
const forBob = { grants: [{ to: bob, rights: ['VIEW'] }] }
const docx = Buffer.concat([Buffer.from('PK\x03\x04'), randomBytes(20_000)])

let cluster: TestCluster
let folder = ''
before(async () => {
  cluster = await startTestCluster({ [alice]: ['a@lakeside.example'], [bob]: [], [carol]: [] })
})
after(() => cluster.close())
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sealward-client-'))
  cluster.requests.length = 0
  cluster.now = new Date()
})
afterEach(() => rmSync(folder, { recursive: true }))

function clientOf(user: string, options: Partial<ClientOptions> = {}): Client {
  return createClient({
    serviceUrl: cluster.url,
    user,
    password: () => Buffer.from(testPassword),
    token: () => tokenOf(user),
    storeDirectory: join(tmpdir(), `sealward-client-store-${process.pid}`),
    anchors: [cluster.anchor],
    ...options,
  })
}
after(() => rmSync(join(tmpdir(), `sealward-client-store-${process.pid}`), { recursive: true, force: true }))

function write(name: string, bytes: Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

async function contentOf(
  client: Client,
  path: string,
): Promise<{ bytes: Uint8Array; from: string; rights: readonly string[] }> {
  const sink = memorySink()
  const { from, rights } = await openDocument(client, path, sink)
  return { bytes: sink.bytes(), from, rights }
}

function code(...codes: ErrorCode[]): (error: unknown) => boolean {
  return (error) => isRightsError(error, ...codes) || assert.fail(String(error))
}

for (const publishing of ['online', 'offline'] as const) {
  test(`a document published ${publishing} over SOAP opens for its reader and its owner, and for nobody else`, async () => {
    const path = write('plan.docx', docx)
    const output = join(folder, 'protected.docx')
    await protectFile(clientOf(alice), path, forBob, { publishing, output })
    assert.deepEqual(readFileSync(path), docx)
    const read = await contentOf(clientOf(bob), output)
    assert.deepEqual([Buffer.from(read.bytes), read.from, read.rights], [docx, 'service', ['VIEW']])
    const owned = await contentOf(clientOf(alice), output)
    assert.deepEqual([owned.rights, owned.from], [['OWNER'], publishing === 'offline' ? 'document' : 'service'])
    await assert.rejects(contentOf(clientOf(carol), output), code('no-rights'))
  })
}

test('published over REST, opened over SOAP, and the reverse', async () => {
  for (const name of ['plan.docx', 'notes.txt']) {
    const path = write(name, docx)
    for (const [first, second] of [
      ['rest', 'soap'],
      ['soap', 'rest'],
      ['rest', 'rest'],
    ] as const) {
      const output = join(folder, `${first}-${second}-${name}`)
      await protectFile(clientOf(alice, { door: first }), path, forBob, { output })
      const read = await contentOf(clientOf(bob, { door: second }), output)
      assert.deepEqual([Buffer.from(read.bytes), read.rights], [docx, ['VIEW']])
    }
  }
})

test('over REST the licence goes as the file has it, and one in UTF-8 without byte order mark gets that mark alone', async () => {
  const reader = clientOf(bob, { door: 'rest' })
  const mark = Buffer.from('\ufeff')
  for (const [name, options, pfileEnd] of [
    ['plan.docx', {}, undefined],
    ['notes.txt', { pfile: '3.0' }, ''],
    ['notes.txt', { pfile: '2.1' }, '\0'],
  ] as const) {
    const output = join(folder, `protected-${name}`)
    await protectFile(clientOf(alice), write(name, docx), forBob, { output, overwrite: true, ...options })
    const source = openFileSource(output)
    const file = openProtected(source)
    source.close()
    const stored = Buffer.from(file.licenseBytes)
    const form = pfileEnd === undefined ? file.licenseText : `\ufeff${file.licenseText}${pfileEnd}`
    assert.equal(stored.toString(), form)
    const wide = Buffer.from(`${file.licenseText}\0`, 'utf16le')
    cluster.restLicenses.length = 0
    await licenseDocument(reader, file)
    const { rights } = await licenseDocument(reader, { ...file, licenseBytes: wide })
    assert.deepEqual(rights, ['VIEW'])
    const sent = pfileEnd === undefined ? Buffer.concat([mark, stored]) : stored
    assert.deepEqual(
      cluster.restLicenses.map((bytes) => Buffer.from(bytes)),
      [sent, wide],
    )
  }
})

test('no licence and no policy is sent over REST before the challenge is answered', async () => {
  const path = write('notes.txt', docx)
  await protectFile(clientOf(alice, { door: 'rest' }), path, forBob)
  assert.deepEqual(cluster.requests, [
    'GET serviceDiscovery',
    'GET serviceDiscovery!',
    'GET publishingLicenses',
    'POST publishingLicenses!',
  ])
})

test('files of every size and shape come back byte for byte', async () => {
  const client = clientOf(alice)
  for (const size of [0, 1, 15, 16, 17, 4095, 4096, 4097, 8192]) {
    for (const [name, options] of [
      ['a.txt', {}],
      ['b.vsdx.bin', { pfile: '2.1' }],
      ['noextension', {}],
      ['odd.c++', {}],
      ['c.docx', {}],
      ['d.xlsx', { office: 'aes128-ecb' }],
    ] as const) {
      const isDocument = name.endsWith('x')
      const bytes = Buffer.concat([Buffer.from(isDocument ? 'PK\x03\x04' : ''), randomBytes(size)])
      const path = write(name, bytes)
      const copy = await protectFile(client, path, forBob, { publishing: 'offline', original: 'replace', ...options })
      assert.equal(existsSync(path), isDocument)
      await assert.rejects(protectFile(client, copy.path, forBob), code('file-already-protected'))
      const back = await unprotectFile(client, copy.path, { original: 'replace' })
      assert.deepEqual([back.path, readFileSync(path)], [path, bytes])
      assert.deepEqual(readdirSync(folder), [name])
      rmSync(path)
    }
  }
})

test('a right to view does not take protection off; nothing is written', async () => {
  const path = write('plan.docx', docx)
  await protectFile(clientOf(alice), path, forBob, { original: 'replace' })
  const original = readFileSync(path)
  await assert.rejects(unprotectFile(clientOf(bob), path, { original: 'replace' }), code('right-missing'))
  assert.deepEqual([readFileSync(path), readdirSync(folder)], [original, ['plan.docx']])
})

test('a right to export takes it off; permissions and times of the file stay', async () => {
  const path = write('plan.docx', docx)
  await protectFile(
    clientOf(alice),
    path,
    { grants: [{ to: bob, rights: ['view', 'export'] }] },
    { original: 'replace' },
  )
  const { mtimeMs, mode } = statSync(path)
  await unprotectFile(clientOf(bob), path, { original: 'replace' })
  assert.deepEqual(readFileSync(path), docx)
  assert.ok(Math.abs(statSync(path).mtimeMs - mtimeMs) < 1)
  assert.equal(statSync(path).mode, mode)
})

test('a kept licence opens without the service, and only while its interval lasts', async () => {
  let now = new Date()
  const reader = clientOf(bob, { now: () => now, storeDirectory: join(folder, 'store') })
  const path = write('notes.txt', docx)
  const policy = { grants: [{ to: bob, rights: ['VIEW'] }], offlineDays: 2 }
  const { path: output } = await protectFile(clientOf(alice), path, policy)
  assert.equal((await contentOf(reader, output)).from, 'service')
  cluster.requests.length = 0
  assert.equal((await contentOf(reader, output)).from, 'store')
  assert.deepEqual(cluster.requests, [])
  now = new Date(now.getTime() + 3 * 86_400_000)
  cluster.now = now
  assert.equal((await contentOf(reader, output)).from, 'service')
})

test('a clock that is set back does not revive a licence', async () => {
  let now = new Date()
  const start = now
  const reader = clientOf(bob, { now: () => now, storeDirectory: join(folder, 'store') })
  const path = write('notes.txt', docx)
  const policy = { grants: [{ to: bob, rights: ['VIEW'] }], offlineDays: 2 }
  const { path: output } = await protectFile(clientOf(alice), path, policy)
  await contentOf(reader, output)
  reader.store.currentTime(new Date(start.getTime() + 3 * 86_400_000))
  now = start
  assert.equal((await contentOf(reader, output)).from, 'service')
})

test('where the owner forbids keeping licences none is kept', async () => {
  const path = write('notes.txt', docx)
  const reader = clientOf(bob, { storeDirectory: join(folder, 'store') })
  for (const policy of [{ templateId: cluster.templateId }, { ...forBob, offlineDays: 0 }]) {
    const { path: output } = await protectFile(clientOf(alice), path, policy, { overwrite: true })
    assert.equal((await contentOf(reader, output)).from, 'service')
    assert.equal((await contentOf(reader, output)).from, 'service')
  }
})

test('templates are listed over both doors and used offline from the store', async () => {
  for (const door of ['soap', 'rest'] as const) {
    const [template] = await listTemplates(clientOf(alice, { door }))
    assert.deepEqual(template, { id: cluster.templateId, name: 'Staff only', description: 'For staff' })
  }
  const author = clientOf(alice)
  await author.identity()
  cluster.requests.length = 0
  const path = write('notes.txt', docx)
  const { path: output } = await protectFile(
    author,
    path,
    { templateId: cluster.templateId },
    { publishing: 'offline' },
  )
  assert.deepEqual(cluster.requests, [])
  assert.deepEqual((await contentOf(clientOf(bob), output)).rights, ['VIEW', 'PRINT'])
  const unknown = { templateId: '{00000000-0000-4000-8000-000000000000}' }
  await assert.rejects(protectFile(author, path, unknown), code('template-unknown'))
})

test('a policy that gives no one a right is refused before anything is asked or written', async () => {
  const path = write('notes.txt', docx)
  const policies = [
    { grants: [] },
    { grants: [{ to: bob, rights: [] }] },
    { grants: [{ to: 'bob', rights: ['VIEW'] }] },
  ]
  for (const policy of policies) {
    await assert.rejects(protectFile(clientOf(alice), path, policy), code('policy-grants-nothing'))
  }
  assert.deepEqual([cluster.requests, readdirSync(folder)], [[], ['notes.txt']])
})

test('a licence that was changed is reported before the service is asked', async () => {
  const path = write('notes.txt', docx)
  const { path: output } = await protectFile(clientOf(alice), path, forBob)
  const bytes = readFileSync(output)
  const at = bytes.indexOf(alice)
  bytes.write('alicf', at)
  writeFileSync(output, bytes)
  cluster.requests.length = 0
  await assert.rejects(contentOf(clientOf(bob), output), code('xrml-digest-mismatch'))
  assert.deepEqual(cluster.requests, [])
})

test('a reader cannot make himself owner with a licence of his own', async () => {
  const path = write('notes.txt', docx)
  const { path: output } = await protectFile(clientOf(alice), path, forBob, { publishing: 'offline' })
  const reader = clientOf(bob, { storeDirectory: join(folder, 'store') })
  const source = openFileSource(output)
  const file = openProtected(source)
  source.close()
  const { license } = readPublishedLicense(file.licenseText)
  const { cipher, contentId } = await licenseDocument(reader, file)
  const { account, clientLicensor, clientLicensorKey, clientLicensorChain } = await reader.publishingIdentity()
  const forged = await issueOwnerUseLicense({
    licenseId: '{8f3c1e6a-0b7f-4a57-9d1c-2f0f6f4b1a12}',
    issuedAt: new Date(),
    licensor: clientLicensor.principal,
    key: clientLicensorKey,
    account,
    publishingLicense: license,
    contentKey: writeContentKey(cipher.mode, cipher.key),
    random: randomBytes,
  })
  const { bodyText } = license.document
  reader.store.writeUseLicense({ contentId, bodyText }, [forged, ...clientLicensorChain])
  const { from, rights } = await contentOf(reader, output)
  assert.deepEqual([from, rights], ['service', ['VIEW']])
})

test('existing files and names are left alone', async () => {
  const author = clientOf(alice)
  const path = write('notes.txt', docx)
  write('notes.ptxt', Buffer.from('mine'))
  await assert.rejects(protectFile(author, path, forBob), code('file-exists'))
  const document = write('plan.docx', docx)
  await assert.rejects(protectFile(author, document, forBob), code('file-exists'))
  assert.equal(readFileSync(join(folder, 'notes.ptxt'), 'utf8'), 'mine')
  assert.deepEqual(readdirSync(folder).sort(), ['notes.ptxt', 'notes.txt', 'plan.docx'])
})
