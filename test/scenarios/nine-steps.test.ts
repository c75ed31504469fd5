/**
 * A whole migration with separate processes: a Mode 1 cluster, the Mode 2 cluster that followed, a licensing cluster with its
 * own key, a name server, and the tenant that they all move to; clients over SOAP and REST, online and offline. The program
 * runs every step, and from every state it goes back and forward again. In the end the clusters are gone, and every old document
 * opens through the tenant for the same people with the same rights.
 *
 * Two things stand for what a test cannot have. The reports in `collected` are written as the check scripts would write them.
 * The quiet days pass in the exported request logs, whose times are set back; with the logs as they are the step is refused.
 *
 * Not here: servers behind a connector.
 */
import assert from 'node:assert/strict'
import { cpSync, existsSync, readFileSync, renameSync } from 'node:fs'
import { request } from 'node:http'
import { basename, join } from 'node:path'
import { after, test } from 'node:test'
import type { Client, Door } from '@sealward/client'
import { isRightsError } from '@sealward/xrml'
import {
  anna,
  assertDocumentsOpen,
  clientOf,
  documentsBefore,
  marta,
  noteFor,
  omar,
  protectNew,
  remembered,
  rightsOf,
  sofia,
  type KnownDocument,
} from './known-documents.ts'
import { clusterNames, openLakesideServices, type ClusterName } from './lakeside-services.ts'
import { migrationProject, project } from './migration-project.ts'
import { startNameServer } from './name-server.ts'
import { plannedMove, rehearseDocuments, writeSamples, type LicensingUrls } from './planned-move.ts'

const [lakeside, names] = await Promise.all([openLakesideServices(), startNameServer()])
names.zone.add('_rmsdisco._http._tcp.lakeside.example')
after(async () => {
  names.close()
  await lakeside.close()
})

const { plan, step, undo, refused, approve, tenantSettings, collect, collectClient, exportLogs, setBackLogs } =
  migrationProject(lakeside)
let old: readonly KnownDocument[] = []
const some = (): readonly KnownDocument[] => old.filter((_, index) => index % 9 === 0)
let licensingUrls: LicensingUrls = new Map()

function inFolder(...path: readonly string[]): string {
  return join(lakeside.folder, ...path)
}

const clusterClient = remembered((service, user) => clientOf(lakeside, service as ClusterName, user))
const atCluster = ({ cluster }: KnownDocument, user: string): Client => clusterClient(cluster, user)
const tenantClient = remembered((_, user) => clientOf(lakeside, 'tenant', user))
const atTenant = (_: KnownDocument, user: string): Client => tenantClient('', user)

test('before: people protect through the clusters, online, offline and over REST, and open what they did', async () => {
  old = await documentsBefore(lakeside, clusterNames)
  assert.ok(old.length > 50)
  await assertDocumentsOpen(atCluster, old)
  // The licensing cluster certifies nobody; its people are those of the root.
  const atLegal = await fetch(`${lakeside.services.legal.url}/_wmcs/certification/certification.asmx`)
  assert.equal(atLegal.status, 404)
  const { account } = await clusterClient('legal', anna).identity()
  const { activeKey } = await lakeside.admin('rms').configuration()
  assert.equal(account.issuer.publicKey.fingerprint, activeKey)
})

test('the plan comes from what is there: keys, exports, addresses in licences', async () => {
  licensingUrls = await rehearseDocuments(lakeside, clusterNames)
  writeSamples(
    lakeside,
    old.filter((_, index) => index % 4 === 0),
  )
  await exportLogs(clusterNames)
  await plan(await plannedMigration())
})

async function plannedMigration(staying?: object): Promise<object> {
  const move = await plannedMove(lakeside, licensingUrls)
  return {
    ...move,
    clusters: [...move.clusters, ...(staying === undefined ? [] : [staying])],
    onboarding: {
      group: 'finance@lakeside.example',
      groupKind: 'security',
      scope: 'All',
      extranetUrl: licensingUrls.get('rms')?.[0],
    },
    batches: [
      { name: 'Finance', users: [anna, marta], machines: ['PC-17'] },
      { name: 'Everybody else', users: [], machines: ['PC-23'] },
    ],
    mail: { place: 'hosted', version: '2016' },
    ...(staying === undefined ? {} : { readOnly: { clusters: ['plant'] } }),
    takeOver: [...move.takeOver, 'rms.lakeside.example', 'rms'],
    rekey: { key: 'new' },
    rehearsal: '../rehearsal.json',
    samples: '../samples',
    dns: { mailDomains: ['lakeside.example'], servers: [names.address] },
  }
}

const plant = {
  name: 'plant',
  role: 'licensing-only',
  system: '2008-r2',
  mode: 2,
  keyStorage: 'other-provider',
  exportable: false,
  licensingUrls: ['http://plantsrv2.lakeside.example/_wmcs/licensing'],
}

test('step 0 names the key that nobody exported; its cluster stays for reading', async () => {
  assert.match(await refused('0'), /issuers-covered: .*2 documents/)
  await plan(await plannedMigration(plant))
  await step('0', 'Planned')
})

type Settings = Awaited<ReturnType<typeof tenantSettings>>
const settings = new Map<string, Settings>()

test('steps 1 to 4: batches and mail prepared, keys imported, the tenant activated by two people, templates offered', async () => {
  await step('1', 'Prepared')
  await step('1b', 'Prepared')
  await step('1c', 'Prepared')
  settings.set('Prepared', await tenantSettings())
  await step('2', 'Imported')
  settings.set('Imported', await tenantSettings())
  const keys = await lakeside.admin('tenant').keys()
  assert.deepEqual(keys.map(({ state, mode }) => `${state} ${mode}`).sort(), ['active 2', 'archived 1', 'archived 2'])
  assert.match(await refused('3'), /\[approval-missing\]/)
  await activateAndOffer()
})

async function activateAndOffer(): Promise<void> {
  await approve('3')
  await step('3', 'Activated')
  settings.set('Activated', await tenantSettings())
  await step('4', 'TemplatesReady')
  settings.set('TemplatesReady', await tenantSettings())
}

let duringBatches: KnownDocument | undefined

test('step 5: the first batch moves; those who stay open what it protects, and cannot protect with the tenant', async () => {
  await step('5', 'ClientsMoving')
  duringBatches = await noteFor(lakeside, tenantClient('', anna), sofia)
  await tenantClient('', marta).publishingIdentity()
  await assertDocumentsOpen(atCluster, [duringBatches])
  for (const [door, publishing] of [
    ['soap', 'online'],
    ['soap', 'offline'],
    ['rest', 'online'],
  ] as const) {
    const stays = clientOf(lakeside, 'tenant', sofia, door)
    assert.deepEqual(await rightsOf(stays, duringBatches), ['PRINT', 'VIEW'])
    await assert.rejects(noteFor(lakeside, stays, omar, { publishing }), { code: 'publishing-not-onboarded' })
  }
})

/** Imported keys and default templates do no harm in a tenant that is disabled; an undo says that it leaves them. */
const whatStays = {
  5: /^$/,
  4: /^$/,
  3: /default templates/,
  2: /stays the active key.* the tenant had no other before/,
}

test('back from every state so far: the tenant is as it was, and everything opens at the clusters', async () => {
  for (const [id, state] of [
    ['5', 'TemplatesReady'],
    ['4', 'Activated'],
    ['3', 'Imported'],
    ['2', 'Prepared'],
  ] as const) {
    const { remains } = await undo(id, state)
    assert.match(remains.join(' '), whatStays[id])
    const former = settings.get(state === 'Prepared' ? 'Imported' : state)
    const now = await tenantSettings()
    const templates = new Map([...now.templates].filter(([name]) => former?.templates.has(name) === true))
    assert.deepEqual({ ...now, templates }, former, state)
    await assertDocumentsOpen(atCluster, some(), 1)
  }
  assert.ok(duringBatches !== undefined)
  await assertDocumentsOpen(atCluster, [duringBatches])
})

test('and forward for good: steps 2 to 7', async () => {
  await step('2', 'Imported')
  await activateAndOffer()
  const urls = [...licensingUrls.values()].flat()
  collectClient('PC-17', 'anna', urls)
  collectClient('PC-23', 'omar', urls)
  await step('5', 'ClientsMoving')
  collect('mail-servers', 'mail1', {
    server: 'mail1',
    checkedAt: new Date().toISOString(),
    licensingLocations: [`${lakeside.services.tenant.url}/_wmcs/licensing`, ...urls, ...plant.licensingUrls],
    internalLicensingEnabled: true,
    redirections: [],
    machineCertificatesDeleted: true,
    testResult: 'PASS',
    oldDomainsRemoved: true,
  })
  await moveServices()
})

async function moveServices(): Promise<void> {
  await step('6', 'ClientsMoving')
  await step('7', 'ServicesMoved')
  await step('ro', 'ServicesMoved')
}

test('back from services that moved: what both sides made meanwhile opens on both', async () => {
  const byMoved = [
    await noteFor(lakeside, tenantClient('', anna), omar),
    await noteFor(lakeside, tenantClient('', anna), omar, { publishing: 'offline' }),
  ]
  const byStaying = await noteFor(lakeside, clusterClient('rms', omar), anna)
  const nodes = inFolder('migration', 'artefacts', 'ro', 'nodes.txt')
  assert.ok(existsSync(nodes))
  await undo('ro', 'ServicesMoved')
  assert.ok(!existsSync(nodes))
  await undo('7', 'ClientsMoving')
  assert.match((await undo('6', 'ClientsMoving')).byHand.join(' '), /Put back the saved settings/)
  const { byHand, loss } = await undo('5', 'TemplatesReady')
  assert.match(byHand.join(' '), /undo scripts.* Keep the preparation on computers/)
  assert.equal(loss, 'none while both sides hold the keys')
  await assertDocumentsOpen(atCluster, [...byMoved, byStaying, ...some()])
  await assertDocumentsOpen(atTenant, [...byMoved, byStaying])
  await step('5', 'ClientsMoving')
  await moveServices()
})

test('back from draining: the restriction to the batches is there again, and nothing that was made is lost', async () => {
  names.zone.clear()
  await step('8', 'Draining')
  const copy = await noteFor(lakeside, tenantClient('', sofia), omar)
  await undo('8', 'ServicesMoved')
  assert.deepEqual((await tenantSettings()).onboarding, settings.get('TemplatesReady')?.onboarding)
  await assert.rejects(noteFor(lakeside, tenantClient('', sofia), omar), (error) => isRightsError(error))
  await assertDocumentsOpen(atCluster, [copy, ...some()])
})

test('step 8: everybody protects with the tenant; the clusters go when they were silent for long enough', async () => {
  await step('8', 'Draining')
  await assertDocumentsOpen(atTenant, [await noteFor(lakeside, tenantClient('', sofia), omar)])
  await approve('8d')
  await exportLogs(clusterNames)
  assert.match(await refused('8d'), /silence: .* asked a cluster within 14 days/)
  setBackLogs(clusterNames)
  await step('8d', 'Decommissioned')
  for (const name of clusterNames) await lakeside.services[name].stop()
})

test('the clusters are switched off, and the tenant answers for their names to clients that nobody changed', async () => {
  const { rms, tenant } = lakeside.services
  await tenant.stop()
  // The address of the old machine becomes one of the tenant's.
  lakeside.configure('tenant', { takeoverListener: { port: Number(new URL(rms.url).port) } })
  await tenant.start()
  const documents = old.filter(({ cluster, path }) => cluster === 'rms' && basename(path).startsWith('note '))
  assert.equal(documents.length, 3)
  await assertDocumentsOpen((_, user) => lakeside.client('rms', user), documents)
  for (const host of [
    ...clusterNames.map((name) => new URL(lakeside.services[name].url).host),
    'rms.lakeside.example',
  ]) {
    assert.equal(await statusFor(tenant.url, host), 200, host)
  }
  assert.equal(await statusFor(tenant.url, 'somebody.else.example'), 404)
})

function statusFor(url: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/_wmcs/licensing/license.asmx`, { headers: { host } }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode))
    })
    sent.on('error', reject)
    sent.end()
  })
}

test('back from switched off: one machine is switched on again, another comes from its backup', async () => {
  const { tenant } = lakeside.services
  const meanwhile = await noteFor(lakeside, tenantClient('', sofia), omar)
  await tenant.stop()
  lakeside.configure('tenant', { takeoverListener: undefined })
  await tenant.start()
  renameSync(inFolder('rms'), inFolder('backup'))
  cpSync(inFolder('backup'), inFolder('rms'), { recursive: true })
  for (const name of clusterNames) await lakeside.services[name].start()
  await approve('8d', 'undo')
  const { byHand, loss } = await undo('8d', 'Draining')
  assert.match(byHand.join(' '), /Switch the servers on again, or install a new cluster from the backup/)
  assert.match(loss, /^downtime/)
  assert.equal(await statusFor(tenant.url, 'rms.lakeside.example'), 404)
  await assertDocumentsOpen(atCluster, [meanwhile, ...some()])
  await approve('8d')
  await exportLogs(clusterNames)
  setBackLogs(clusterNames)
  await step('8d', 'Decommissioned')
  for (const name of clusterNames) await lakeside.services[name].stop()
})

test('step 9: a new key signs, and every old document opens for the same people with the same rights', async () => {
  await approve('9')
  await step('9', 'Rekeyed')
  const keys = await lakeside.admin('tenant').keys()
  const active = keys.find(({ state }) => state === 'active')
  assert.deepEqual([keys.length, active?.origin], [4, 'created'])
  const anchors = [...new Set(keys.map(({ root }) => root))]
  const storeDirectory = inFolder('new-store')
  const client = (door: Door) =>
    remembered((_, user) =>
      lakeside.client('tenant', user, door, { redirectEverything: true, anchors, storeDirectory }),
    )
  const [soap, rest] = [client('soap'), client('rest')]
  await assertDocumentsOpen((_, user) => soap('', user), old, 4)
  // The identity provider of the organisation vouches for its own people only.
  await assertDocumentsOpen(
    (_, user) => (user.endsWith('@riverbank.example') ? soap : rest)('', user),
    old.filter((_, index) => index % 3 === 0),
  )
  const [internal] = (await lakeside.admin('tenant').templates()).filter(
    ({ state, names: titles }) => state === 'published' && titles[0]?.name === 'Lakeside internal',
  )
  assert.ok(internal !== undefined)
  for (const [door, publishing] of [
    ['soap', 'online'],
    ['soap', 'offline'],
    ['rest', 'online'],
  ] as const) {
    const author = (door === 'soap' ? soap : rest)('', anna)
    const copy = await protectNew(lakeside, author, { templateId: internal.id }, publishing)
    assert.ok((await rightsOf(soap('', omar), copy)).includes('VIEW'))
    assert.deepEqual(await rightsOf(soap('', 'nina.brandt@riverbank.example'), copy), [])
  }
})

test('back from the new key: the former one signs again, and a cluster that gets the new one opens what it signed', async () => {
  const tenant = lakeside.admin('tenant')
  const former = settings.get('TemplatesReady')?.activeKey
  const made = (await tenant.keys()).find(({ state }) => state === 'active')
  assert.ok(made !== undefined && made.id !== former)
  const anchors = (await tenant.keys()).map(({ root }) => root)
  const freshClient = remembered((service, user) =>
    lakeside.client(service as 'rms', user, 'soap', {
      redirectEverything: true,
      anchors,
      storeDirectory: inFolder('newest-store'),
    }),
  )
  const copy = await noteFor(lakeside, freshClient('tenant', anna), omar)
  await approve('9', 'undo')
  const { remains } = await undo('9', 'Decommissioned')
  assert.match(remains.join(' '), /stays in the tenant, and opens what it signed meanwhile/)
  assert.equal((await tenant.configuration()).activeKey, former)
  await assertDocumentsOpen((_, user) => freshClient('tenant', user), [copy])

  await lakeside.services.rms.start()
  const atRms = (_: KnownDocument, user: string): Client => freshClient('rms', user)
  await assert.rejects(assertDocumentsOpen(atRms, [copy]), ({ cause }: Error) => isRightsError(cause))
  const password = 'the export of the new key'
  const file = await tenant.exportKey(made.id, password)
  await lakeside.admin('rms').importDomain({ file, password, trustedRoots: [made.root], active: false })
  await assertDocumentsOpen(atRms, [copy])
  await lakeside.services.rms.stop()
  await approve('9')
  await step('9', 'Rekeyed')
})

test('the report is genuine, and the same bytes when it is written again', async () => {
  const { publicKey, state } = await lakeside.done<{ publicKey: string; state: string }>(
    'migrate',
    'status',
    '--project',
    'migration',
    '--json',
  )
  assert.equal(state, 'Rekeyed')
  const write = async (): Promise<readonly Buffer[]> => {
    const { html, json, signature } = await lakeside.done<Record<'html' | 'json' | 'signature', string>>(
      'migrate',
      'report',
      ...project,
      '--json',
    )
    return [html, json, signature].map((path) => readFileSync(path))
  }
  assert.deepEqual(await write(), await write())
  await lakeside.done('migrate', 'report', '--verify', 'migration/report', '--public-key', publicKey)
})
