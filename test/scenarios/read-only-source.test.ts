/**
 * A cluster whose key cannot be exported: it refuses protecting, for a batch first and then for everybody, and goes on
 * opening, while the tenant protects with a key of its own. Its old content is protected again bit by bit, until none of it
 * is left and the cluster can go.
 */
import assert from 'node:assert/strict'
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, request as ask, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename, extname, join } from 'node:path'
import { after, test } from 'node:test'
import { createParserPool, reprotectTree } from '@sealward/bulk'
import { licenseDocument, openFileSource, publish, type Client, type GrantedTo } from '@sealward/client'
import { openProtected } from '@sealward/formats'
import type { RehearsalReport } from '@sealward/migration'
import { samplePeople } from '@sealward/sample'
import { distributionUrl, parsePublishingLicense, parseXrmlChain, type PublishingLicense } from '@sealward/xrml'
import {
  anna,
  assertDocumentsOpen,
  clientOf,
  documentsBefore,
  ines,
  li,
  noteFor,
  omar,
  remembered,
  type KnownDocument,
} from './known-documents.ts'
import { openLakesideServices, type ServiceName } from './lakeside-services.ts'
import { migrationProject } from './migration-project.ts'
import { plannedMove } from './planned-move.ts'

const finance = 'finance@lakeside.example'
const lakeside = await openLakesideServices({
  clusters: ['rms'],
  settings: { tenant: { publishersForOthers: [ines] } },
})
const outside = await externalPath(lakeside.services.rms.url)
after(async () => {
  outside.server.close()
  await lakeside.close()
})
const { plan, step, undo, findings, approve, exportLogs, setBackLogs } = migrationProject(lakeside)

const { rms } = lakeside.services
const share = join(lakeside.folder, 'share')
const everybody = remembered((service, user) => clientOf(lakeside, service as ServiceName, user))
const atCluster = (_: KnownDocument, user: string): Client => everybody('rms', user)
const atTenant = (_: KnownDocument, user: string): Client => everybody('tenant', user)
let old: readonly KnownDocument[] = []
let move: Awaited<ReturnType<typeof plannedReading>>

/** The cluster as people outside reach it: the pipelines for federated people, behind a proxy. */
async function externalPath(url: string): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer((incoming, answer) => {
    const path = (incoming.url ?? '').replace('/_wmcs/licensing/', '/_wmcs/licensingexternal/')
    const { method, headers } = incoming
    const sent = ask(`${url}${path}`, { method: method ?? 'GET', headers }, (response) => {
      answer.writeHead(response.statusCode ?? 500, response.headers)
      response.pipe(answer)
    })
    incoming.pipe(sent)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server }
}

function newComputer(service: ServiceName, user: string, more: { readonly serviceUrl?: string } = {}): Client {
  const storeDirectory = join(lakeside.folder, `computer-${readdirSync(lakeside.folder).length}`)
  return lakeside.client(service, user, 'soap', { redirectEverything: true, storeDirectory, ...more })
}

/** Opening goes on; certificates to publish with, and publishing with one from before, are refused on every path. */
async function assertOnlyReads(user: string, document: KnownDocument): Promise<void> {
  for (const way of [{}, { serviceUrl: outside.url }]) {
    const fresh = newComputer('rms', user, way)
    await assert.rejects(fresh.publishingIdentity(), { code: 'service-read-only' })
    await assertDocumentsOpen((_, reader) => (reader === user ? fresh : newComputer('rms', reader, way)), [document], 1)
  }
  await assert.rejects(noteFor(lakeside, everybody('rms', user), li), { code: 'service-read-only' })
}

async function plannedReading(group?: string) {
  // Nobody has the key; the addresses stand in the licences in clear.
  const urls = new Set([`${rms.url}/_wmcs/licensing`, ...old.map(({ path }) => licensingUrlOf(path))])
  const planned = await plannedMove(lakeside, new Map([['rms', [...urls]]]))
  return {
    ...planned,
    clusters: planned.clusters.map((cluster) => ({ ...cluster, keyStorage: 'other-provider', exportable: false })),
    exports: [],
    takeOver: [],
    readOnly: { clusters: ['rms'], ...(group === undefined ? {} : { group }) },
    batches: [{ name: 'Finance', users: [anna], machines: [] }],
  }
}

function licenseOf(path: string): PublishingLicense {
  const file = openFileSource(path)
  const [license] = parseXrmlChain(openProtected(file).licenseText)
  file.close()
  assert.ok(license !== undefined)
  return parsePublishingLicense(license)
}

function licensingUrlOf(path: string): string {
  return (distributionUrl(licenseOf(path).distributionPoints, 'License-Acquisition-URL') ?? '').trim()
}

function ownerOf(path: string): string | undefined {
  return licenseOf(path).work.owner?.address
}

test('before: everybody protects through the cluster', async () => {
  const writable = ['.docx', '.xlsx', '.pptx', '.ptxt', '.pfile']
  const before = await documentsBefore(lakeside, ['rms'])
  const usual = before.filter(({ path }) => writable.includes(extname(path)))
  mkdirSync(share)
  old = usual.slice(0, 12).map((document, index) => {
    const path = join(share, index % 2 === 0 ? 'first' : 'second', `${index} ${basename(document.path)}`)
    cpSync(document.path, path)
    return { ...document, path }
  })
  await assertDocumentsOpen(atCluster, old)
  await everybody('rms', omar).identity()
})

test('the tenant is activated with a key of its own, and no client is led away from the cluster for old content', async () => {
  await exportLogs(['rms'])
  move = await plannedReading(finance)
  await plan(move)
  await step('0', 'Planned')
  await step('1', 'Prepared')
  await step('2', 'Imported')
  await approve('3')
  await step('3', 'Activated')
  await lakeside.trustTenant()
  await step('4', 'TemplatesReady')
  await step('5', 'ClientsMoving')
  const batch = readFileSync(join(lakeside.folder, 'migration', 'artefacts', '5', '1-finance.json'), 'utf8')
  assert.deepEqual((JSON.parse(batch) as { clusterUrls: readonly object[] }).clusterUrls, [])
})

test('read-only for a group: its members only read on every path, others protect, and back', async () => {
  const { checks } = await step('ro', 'ClientsMoving')
  assert.equal(checks.find(({ id }) => id === 'clusters-read-only')?.outcome, 'passed')
  await assertOnlyReads(anna, old[0]!)
  const byOthers = await noteFor(lakeside, newComputer('rms', omar), anna)
  await assertDocumentsOpen(atCluster, [byOthers])
  await undo('ro', 'ClientsMoving')
  await assertDocumentsOpen(atCluster, [await noteFor(lakeside, newComputer('rms', anna), omar)])
})

test('read-only for everybody: proved by the log; moved people read there and protect with the tenant', async () => {
  await plan(await plannedReading())
  const mover = everybody('tenant', anna)
  const before = (await mover.publishingIdentity()).clientLicensorChain
  const { checks } = await step('ro', 'ClientsMoving')
  assert.equal(checks.find(({ id }) => id === 'read-only-proved')?.finding, 'nobody has tried to protect yet')
  for (const user of [anna, omar]) await assertOnlyReads(user, old[0]!)
  const copy = await noteFor(lakeside, mover, omar, { publishing: 'offline' })
  await assertDocumentsOpen(atTenant, [copy])
  assert.deepEqual((await everybody('tenant', anna).publishingIdentity()).clientLicensorChain, before)
  const unproved = await findings('ro', 'after')
  assert.equal(unproved.get('read-only-proved'), undefined)
})

/** Who may do what, as the cluster decides: its key opens the licence where it is. */
async function grantsOf(path: string): Promise<readonly GrantedTo[]> {
  const file = openFileSource(path)
  const { licenseText } = openProtected(file)
  file.close()
  const grants: GrantedTo[] = []
  for (const { address, disabled } of samplePeople) {
    if (disabled) continue
    const { granted, rights = [] } = await lakeside.admin('rms').decide(licenseText, address)
    if (granted) grants.push({ to: address, rights: [...rights] })
  }
  return grants
}

type Grants = ReadonlyMap<string, readonly GrantedTo[]>

async function reprotect(folder: string, target: string, grants: Grants): Promise<readonly string[]> {
  const root = join(share, folder)
  const pool = createParserPool({ root, writable: true })
  const outcomes: string[] = []
  try {
    const items = reprotectTree({
      root,
      pool,
      license: (content) => licenseDocument(everybody('rms', ines), content),
      replacement: ({ path }) => ({ grants: grants.get(join(root, path)) ?? [] }),
      publish: ({ policy, choice, owner }) =>
        publish(everybody('tenant', ines), policy, choice, owner === undefined ? {} : { owner }),
      targetKeys: [target],
    })
    for await (const item of items) outcomes.push('code' in item ? `${item.path}: ${item.code}` : item.outcome)
  } finally {
    await pool.close()
  }
  return outcomes
}

/** Documents by the key that their licences are for, as a rehearsal with the export of the tenant counts them. */
async function keysInUse(target: { readonly id: string; readonly root: string }) {
  const password = 'the export of the key of the tenant'
  writeFileSync(join(lakeside.folder, 'own.xml'), await lakeside.admin('tenant').exportKey(target.id, password), {
    mode: 0o600,
  })
  writeFileSync(join(lakeside.folder, 'own.txt'), password, { mode: 0o600 })
  const files = ['--documents', 'share', '--tpd', 'own.xml', '--password-file', 'own.txt', '--trust', target.root]
  const { stdout } = await lakeside.run('rehearse', ...files, '--json')
  const { keys, missingKeys } = JSON.parse(stdout) as RehearsalReport
  return { own: keys.map(({ documents }) => documents), missing: missingKeys.map(({ documents }) => documents) }
}

test('old content is protected again, folder by folder, for the same owners and people, until nothing is left', async () => {
  const cluster = lakeside.admin('rms')
  // A super user may do everything, which is nothing to write into licences: the people are asked for before.
  const grants = new Map<string, readonly GrantedTo[]>()
  for (const { path } of old) grants.set(path, await grantsOf(path))
  await cluster.setSuperUsersEnabled(true)
  await cluster.addSuperUser(ines)
  const target = (await lakeside.admin('tenant').keys()).find(({ state }) => state === 'active')
  assert.ok(target !== undefined)
  const owners = old.map(({ path }) => ownerOf(path))
  assert.deepEqual(await keysInUse(target), { own: [0], missing: [12] })
  assert.deepEqual(await reprotect('first', target.id, grants), Array(6).fill('reprotected'))
  assert.deepEqual(await keysInUse(target), { own: [6], missing: [6] })
  await assertDocumentsOpen(
    (document, user) => (document.path.includes('first') ? atTenant : atCluster)(document, user),
    old,
  )
  assert.deepEqual(await reprotect('second', target.id, grants), Array(6).fill('reprotected'))
  await cluster.setSuperUsersEnabled(false)
  assert.deepEqual(await keysInUse(target), { own: [12], missing: [] })
  assert.deepEqual(
    old.map(({ path }) => ownerOf(path)),
    owners,
  )
})

test('to the end: the cluster falls silent and goes, and every document opens through the tenant', async () => {
  await step('7', 'ServicesMoved', 'no mail, collaboration or file server uses the clusters')
  await step('8', 'Draining')
  await exportLogs(['rms'])
  setBackLogs(['rms'])
  await approve('8d')
  await step('8d', 'Decommissioned')
  await rms.stop()
  await assertDocumentsOpen(atTenant, old, 4)
})
