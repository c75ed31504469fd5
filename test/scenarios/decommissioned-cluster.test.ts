/**
 * The end of a cluster: it serves, it is decommissioned for ever, it refuses everything, and the one account that its
 * administrator has listed takes the protection off what is left, byte for byte, with a trace of every key.
 */
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import {
  createClient,
  openDocument,
  openFileSource,
  protectFile,
  recoverDocument,
  unprotectFile,
  type Client,
} from '@sealward/client'
import { openProtected } from '@sealward/formats'
import { operate, verifyAuditLog } from '@sealward/service'
import { canonicalGuid, isRightsError, parsePublishingLicense, parseXrmlChain } from '@sealward/xrml'
import type { ErrorCode, RightsError } from '@sealward/xrml'
import { openLakeside, type Lakeside } from './lakeside.ts'
import { programIn, type Ended } from './program.ts'

const anna = 'anna.berg@lakeside.example'
const ines = 'ines.duarte@lakeside.example'

let lakeside: Lakeside
let other: Lakeside
let folder = ''
/** Protected by the cluster itself, while it served: every container and cipher that a client writes. */
const own = [
  { name: 'plan.txt' },
  { name: 'notes.txt', pfile: '2.1' },
  { name: 'report.docx' },
  { name: 'figures.xlsx', office: 'aes128-ecb' },
  { name: 'page.xps' },
] as const
const ownPaths: string[] = []
let ownPath = ''

before(async () => {
  lakeside = await openLakeside()
  other = await openLakeside({ documents: 1 })
  folder = lakeside.newFolder()
  writeFileSync(join(folder, 'password'), lakeside.password(ines), { mode: 0o600 })
})
after(async () => {
  await lakeside.close()
  await other.close()
})

/** In a process of its own: the service that the program calls is in this one. */
function sealward(...args: readonly string[]): Promise<Ended> {
  return programIn({ folder }).run(...args)
}

function administer(...args: readonly string[]): Promise<Ended> {
  const token = join(dirname(lakeside.folder), 'admin-token')
  return sealward(...args, '--service', lakeside.url, '--admin-token-file', token)
}

function unprotect(path: string, ...args: readonly string[]): Promise<Ended> {
  const connection = ['--service', lakeside.url, '--redirect-everything', '--store', join(folder, 'store')]
  return sealward('unprotect', path, '--user', ines, '--password-file', 'password', ...connection, ...args, '--yes')
}

const annaAlone = { grants: [{ to: anna, rights: ['VIEW'] }] }
const refused = (code: ErrorCode) => (error: unknown) => isRightsError(error, code)

const call = (...[name, input]: [Parameters<typeof operate>[1], Parameters<typeof operate>[2]?]) => {
  const service = lakeside.service()
  return operate({ administration: service.administration('ines'), core: service.context }, name, input ?? {})
}

async function state(): Promise<string> {
  return ((await call('getConfiguration')) as { state: string }).state
}

async function failureOf(work: Promise<unknown>): Promise<RightsError> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (isRightsError(error)) return error
  throw new Error('no refusal', { cause: error })
}

const open = (client: Client) => openDocument(client, ownPath, { write: () => undefined })

async function recover(client: Client, path: string) {
  const source = openFileSource(path)
  try {
    return await recoverDocument(client, openProtected(source))
  } finally {
    source.close()
  }
}

function documentsThat(outcome: 'opens' | 'fails') {
  return lakeside.expected.filter((document) => document.outcome === outcome)
}

const pathOf = (path: string): string => join(lakeside.folder, 'documents', path)

test('while the cluster serves, it gives no keys away: not even to a listed account', async () => {
  mkdirSync(join(folder, 'protected'))
  for (const { name, ...options } of own) {
    const plain = join(folder, name)
    writeFileSync(plain, Buffer.concat([Buffer.from('PK\x03\x04'), randomBytes(9_000)]))
    const output = join(folder, 'protected', name.replace('.txt', '.ptxt'))
    await protectFile(lakeside.client(anna), plain, annaAlone, { ...options, output })
    ownPaths.push(output)
  }
  ownPath = ownPaths[0] ?? ''
  await assert.rejects(recover(lakeside.client(ines), ownPath), refused('cluster-not-decommissioned'))
  await call('admit', { parameters: { door: 'decommissioning' }, body: { member: ines } })
  await assert.rejects(recover(lakeside.client(ines), ownPath), refused('cluster-not-decommissioned'))
  await call('dismiss', { parameters: { door: 'decommissioning', member: ines } })
})

test('decommissioning says what it does, changes nothing in a dry run, and wants an answer', async () => {
  const dry = await administer('cluster', 'decommission', '--dry-run')
  assert.equal(dry.code, 0, dry.stderr)
  assert.match(dry.stderr, /there is no way back but a backup/)
  assert.match(dry.stderr, /dry run: nothing was changed/)
  const unanswered = await administer('cluster', 'decommission')
  assert.equal(unanswered.code, 2)
  assert.match(unanswered.stderr, /\[confirmation-missing\]/)
  assert.equal(await state(), 'serving')
  assert.equal((await administer('cluster', 'decommission', '--yes')).code, 0)
  assert.equal(await state(), 'decommissioned')
  await assert.rejects(call('setState', { body: { state: 'serving', force: true } }), refused('state-refused'))
})

test('the cluster refuses whatever else people ask of it, also after a restart', async () => {
  await lakeside.restart()
  const store = { storeDirectory: join(folder, 'empty-store') }
  await assert.rejects(open(lakeside.client(anna, 'soap', store)), (error) =>
    isRightsError(error, 'cluster-decommissioned', 'tenant-not-enabled'),
  )
  await assert.rejects(open(lakeside.client(anna, 'rest')), refused('tenant-not-enabled'))
  // With the certificates that she has from before.
  await assert.rejects(
    protectFile(lakeside.client(anna), join(folder, 'plan.txt'), annaAlone, {
      output: join(folder, 'late.ptxt'),
      publishing: 'online',
    }),
    refused('cluster-decommissioned'),
  )
})

test('an account that is not listed gets no key, and neither does a stranger', async () => {
  for (const user of [ines, anna]) {
    await assert.rejects(recover(lakeside.client(user), ownPath), refused('endpoint-closed'))
  }
  const stranger = createClient({
    serviceUrl: lakeside.url,
    user: ines,
    password: () => Buffer.from('not her password'),
    storeDirectory: join(folder, 'stranger'),
    redirectEverything: true,
  })
  await assert.rejects(recover(stranger, ownPath), refused('credentials-refused'))
  const run = await unprotect(ownPath, '--decommissioned', '--output', join(folder, 'never.txt'))
  assert.equal(run.code, 3)
  assert.match(run.stderr, /\[endpoint-closed\]/)
  assert.equal(existsSync(join(folder, 'never.txt')), false)
})

test('a listed account takes the protection off a folder, byte for byte', async () => {
  assert.equal((await administer('admission', 'add', 'decommissioning', ines, '--yes')).code, 0)
  const output = join(folder, 'clear')
  const run = await unprotect(pathOf(''), '--decommissioned', '--output', output, '--json')
  assert.equal(run.code, 1, run.stderr)
  const { files } = JSON.parse(run.stdout) as {
    files: readonly { path: string; outcome: string; output?: string; code?: string }[]
  }
  const outcomes = new Map(files.map((file) => [file.path, file]))
  const opens = documentsThat('opens')
  for (const { path, contentSha256 } of opens) {
    const item = outcomes.get(path)
    assert.equal(item?.outcome, 'unprotected', `${path}: ${item?.code}`)
    const digest = createHash('sha256').update(readFileSync(join(output, item.output ?? '')))
    assert.equal(digest.digest('hex'), contentSha256, path)
  }
  const unreadable = new Set(documentsThat('fails').map(({ path }) => path))
  for (const { path, outcome } of files) {
    if (outcome !== 'unprotected' && outcome !== 'not-protected') assert.ok(unreadable.has(path), `${path}: ${outcome}`)
  }
})

test('files of every container and cipher come back, though their policies name nobody but their author', async () => {
  for (const [index, { name }] of own.entries()) {
    const output = join(folder, `clear ${name}`)
    await unprotectFile(lakeside.client(ines), ownPaths[index] ?? '', { decommissioned: true, output })
    assert.deepEqual(readFileSync(output), readFileSync(join(folder, name)), name)
  }
})

test('a single file is replaced by its content', async () => {
  const copy = join(folder, 'copy.ptxt')
  cpSync(ownPath, copy)
  const run = await unprotect(copy, '--decommissioned')
  assert.equal(run.code, 0, run.stderr)
  assert.deepEqual(readFileSync(join(folder, 'copy.txt')), readFileSync(join(folder, 'plan.txt')))
  assert.equal(existsSync(copy), false)
})

test('every key that left is in the log, with the account, the document and its owner', async () => {
  const { store } = lakeside.service().context
  assert.equal((await verifyAuditLog(store)).problem, undefined)
  const records = (await store.logs.read('licenses', 0, 10_000))
    .map(({ record }) => JSON.parse(record) as Record<string, string>)
    .filter(({ operation }) => operation === 'acquire-content-key')
  const granted = records.filter(({ outcome }) => outcome === 'granted')
  const openable = [...documentsThat('opens').map(({ path }) => pathOf(path)), ...ownPaths]
  for (const path of openable) {
    const source = openFileSource(path)
    const { work } = parsePublishingLicense(parseXrmlChain(openProtected(source).licenseText)[0]!)
    source.close()
    const id = canonicalGuid(work.object.id)
    const [record] = granted.filter(({ contentId }) => contentId === id)
    assert.ok(record !== undefined, path)
    assert.deepEqual([record['address'], record['owner']], [ines, work.owner?.address.toLowerCase()], path)
  }
  assert.deepEqual([...new Set(granted.map(({ address }) => address))], [ines])
  const refusals = records.filter(({ outcome }) => outcome === 'refused').map(({ reason }) => reason)
  assert.ok(refusals.includes('endpoint-closed') && refusals.includes('no-matching-key'), refusals.join())
})

test('a document of another cluster, and damaged ones, are refused by name', async () => {
  const client = lakeside.client(ines)
  const options = { decommissioned: true, output: join(folder, 'never.txt') }
  writeFileSync(join(folder, 'foreign.txt'), 'of another cluster')
  const foreign = await protectFile(other.client(anna), join(folder, 'foreign.txt'), {
    grants: [{ to: ines, rights: ['OWNER'] }],
  })
  await assert.rejects(unprotectFile(client, foreign.path, options), refused('no-matching-key'))
  const bytes = readFileSync(ownPath)
  for (const length of [0, 20, 600, bytes.length >> 1]) {
    writeFileSync(join(folder, 'cut.ptxt'), bytes.subarray(0, length))
    await assert.rejects(unprotectFile(client, join(folder, 'cut.ptxt'), options), (error) => isRightsError(error))
  }
  for (const { path, reason } of documentsThat('fails')) {
    // What an export lacks, the cluster lacks as well; and it says of no broken chain how it is broken.
    const codes = [reason === 'key-not-exported' ? 'no-matching-key' : reason, 'publishing-license-signature-invalid']
    const error = await failureOf(unprotectFile(client, pathOf(path), options))
    assert.ok(codes.includes(error.code), `${path}: ${error.code} instead of ${codes[0]}`)
  }
  assert.equal(existsSync(join(folder, 'never.txt')), false)
})
