/**
 * A whole migration with separate processes: a Mode 1 cluster, the Mode 2 cluster that followed, a licensing cluster with its
 * own key, a name server, and the tenant that they all move to; clients over SOAP and REST, online and offline. The program
 * runs every step; on the way it goes back once to where it began. In the end the clusters are gone, and every old document
 * opens through the tenant for the same people with the same rights.
 *
 * Two things stand for what a test cannot have. The reports in `collected` are written as the check scripts would write them.
 * The quiet days pass in the exported request logs, whose times are set back; with the logs as they are the step is refused.
 *
 * Not here: servers behind a connector; and the way back from the states after the clients have moved.
 */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { basename, join } from 'node:path'
import { after, before, test } from 'node:test'
import {
  openDocument,
  openFileSource,
  protectFile,
  type Client,
  type Door,
  type ProtectionPolicy,
  type Publishing,
} from '@sealward/client'
import { openProtected } from '@sealward/formats'
import type { RehearsalReport } from '@sealward/migration'
import { samplePeople } from '@sealward/sample'
import { isRightsError } from '@sealward/xrml'
import { clusterNames, openLakesideServices, type LakesideServices } from './lakeside-services.ts'
import { startNameServer, type NameServer } from './name-server.ts'

const [anna, marta, li, omar, sofia] = ['anna.berg', 'marta.kowal', 'li.chen', 'omar.haddad', 'sofia.rossi'].map(
  (name) => `${name}@lakeside.example`,
) as [string, string, string, string, string]
const allStaff = 'AllStaff-7184AB3F-CCD1-46F3-8233-3E09E9CF0E66@lakeside.example'
const mobileRecord = '_rmsdisco._http._tcp.lakeside.example'
const project = ['--project', 'migration', '--as', 'Ines Duarte']
const secrets = ['--credentials', 'secrets']

interface KnownDocument {
  readonly path: string
  readonly sha256: string
  /** Rights by address; nobody else opens it. */
  readonly people: ReadonlyMap<string, readonly string[]>
  /** The cluster that gave licences for it. */
  readonly cluster: 'rms-old' | 'rms' | 'legal'
}

let lakeside: LakesideServices
let names: NameServer
let old: readonly KnownDocument[] = []
let licensingUrls: Readonly<Record<'rms-old' | 'rms' | 'legal', readonly string[]>>

before(async () => {
  ;[lakeside, names] = await Promise.all([openLakesideServices(), startNameServer()])
  names.zone.add(mobileRecord)
})
after(async () => {
  names.close()
  await lakeside.close()
})

function inFolder(...path: readonly string[]): string {
  return join(lakeside.folder, ...path)
}

/** A client that asks this service whatever address a licence names. */
function clientOf(service: Parameters<LakesideServices['client']>[0], user: string, door: Door = 'soap'): Client {
  return lakeside.client(service, user, door, { redirectEverything: true })
}

/** Nothing for those who are refused. */
async function rightsOf(client: Client, { path, sha256 }: KnownDocument): Promise<readonly string[]> {
  const digest = createHash('sha256')
  try {
    const { rights } = await openDocument(client, path, { write: (bytes) => void digest.update(bytes) })
    assert.equal(digest.digest('hex'), sha256, path)
    return [...rights].sort()
  } catch (error) {
    if (isRightsError(error, 'no-rights', 'content-expired', 'right-missing')) return []
    throw new Error(`${path} as ${client.user}`, { cause: error })
  }
}

/** @param asked how many of the people who may open a document try it; one who may not tries each */
async function assertOldDocumentsOpen(
  clientFor: (document: KnownDocument, user: string) => Client,
  { asked = 2, documents = old }: { readonly asked?: number; readonly documents?: readonly KnownDocument[] } = {},
): Promise<void> {
  const enabled = samplePeople.filter(({ disabled }) => !disabled).map(({ address }) => address)
  for (const [index, document] of documents.entries()) {
    const may = enabled.filter((user) => document.people.has(user))
    // Not always the first ones of the list.
    const some = may.map((_, at) => may[(at + index) % may.length] ?? '').slice(0, asked)
    const refused = enabled.filter((user) => !document.people.has(user)).slice(0, 1)
    for (const user of [...some, ...refused]) {
      const rights = await rightsOf(clientFor(document, user), document)
      assert.deepEqual(rights, document.people.get(user) ?? [], `${document.path} for ${user}`)
    }
  }
}

function remembered(clientFor: (service: string, user: string) => Client): (service: string, user: string) => Client {
  const clients = new Map<string, Client>()
  return (service, user) => {
    const known = clients.get(`${service} ${user}`) ?? clientFor(service, user)
    clients.set(`${service} ${user}`, known)
    return known
  }
}

const clusterClient = remembered((service, user) => clientOf(service as 'rms', user))
const atCluster = ({ cluster }: KnownDocument, user: string): Client => clusterClient(cluster, user)

let made = 0

async function protectNew(
  client: Client,
  policy: ProtectionPolicy,
  publishing: Publishing = 'online',
): Promise<{ readonly path: string; readonly sha256: string }> {
  mkdirSync(inFolder('new'), { recursive: true })
  const plain = inFolder('new', `note ${made++}.txt`)
  const text = `What ${client.user} wrote, number ${made}.`
  writeFileSync(plain, text)
  const { path } = await protectFile(client, plain, policy, { original: 'replace', publishing })
  return { path, sha256: createHash('sha256').update(text).digest('hex') }
}

interface StepAnswer {
  readonly state: string
  readonly actions: readonly string[]
  readonly skipped?: string
}

async function step(id: string, state: string): Promise<StepAnswer> {
  const answer = await lakeside.done<StepAnswer>(
    'migrate',
    'run',
    '--step',
    id,
    ...project,
    ...secrets,
    '--yes',
    '--json',
  )
  assert.deepEqual([answer.state, answer.skipped], [state, undefined], `step ${id}`)
  return answer
}

async function approve(id: string): Promise<void> {
  const ask = ['approval', 'ask', '--step', id, '--reason', 'all is ready', ...project, '--json']
  const { id: approval } = await lakeside.done<{ id: string }>(...ask)
  await lakeside.done('approval', 'decide', approval, '--project', 'migration', '--as', 'Emma Lund', '--yes')
}

/** Everything that people notice of the tenant. */
async function tenantSettings() {
  const tenant = lakeside.admin('tenant')
  const { state, activeKey, hostNames } = await tenant.configuration()
  const onboarding = await tenant.onboarding()
  const templates = new Map<string, object>()
  // A template of the service's own stands before the imported one that it was made from.
  const byOrigin = [...(await tenant.templates())].sort(
    (a, b) => Number(a.origin === 'own') - Number(b.origin === 'own'),
  )
  for (const { id, state: offered, grants } of byOrigin) {
    const sorted = grants.map(({ to, rights }) => `${to.toLowerCase()}: ${[...rights].sort().join(' ')}`).sort()
    templates.set(id.toLowerCase(), { offered, grants: sorted })
  }
  // A tenant that was active once does not become new again.
  return { active: state === 'enabled', activeKey, hostNames, onboarding, templates }
}

test('before: people protect through the clusters, online, offline and over REST, and open what they did', async () => {
  const grant = { grants: [{ to: li, rights: ['VIEW', 'PRINT'] }] }
  const people = new Map<string, readonly string[]>([
    [anna, ['OWNER']],
    [li, ['PRINT', 'VIEW']],
  ])
  const documents: KnownDocument[] = []
  for (const cluster of clusterNames) {
    const ways = [
      ['soap', 'online'],
      ['soap', 'offline'],
      ['rest', 'online'],
    ] as const
    for (const [door, publishing] of ways) {
      const copy = await protectNew(clientOf(cluster, anna, door), grant, publishing)
      documents.push({ ...copy, people, cluster })
    }
  }
  const keys = new Map<string, 'rms-old' | 'rms' | 'legal'>()
  for (const cluster of clusterNames) keys.set((await lakeside.admin(cluster).configuration()).activeKey ?? '', cluster)
  for (const { outcome, path, contentSha256 = '', key = '', license } of lakeside.expected) {
    const cluster = keys.get(key)
    if (outcome !== 'opens' || cluster === undefined || license === undefined) continue
    documents.push({
      path: inFolder('lakeside', 'documents', path),
      sha256: contentSha256,
      people: new Map(license.people.map(({ principal, rights }) => [principal, [...rights].sort()])),
      cluster,
    })
  }
  old = documents
  assert.ok(old.length > 50)
  await assertOldDocumentsOpen(atCluster)
  // The licensing cluster certifies nobody; its people are those of the root.
  const atLegal = await fetch(`${lakeside.services.legal.url}/_wmcs/certification/certification.asmx`)
  assert.equal(atLegal.status, 404)
  const { account } = await clusterClient('legal', anna).identity()
  assert.equal(keys.get(account.issuer.publicKey.fingerprint), 'rms')
})

test('the plan comes from what is there: keys, exports, addresses in licences', async () => {
  const rehearsed = await lakeside.run(
    'rehearse',
    '--documents',
    'lakeside/documents',
    ...clusterNames.flatMap((name) => ['--tpd', `lakeside/tpd/${name}.xml`]),
    ...clusterNames.flatMap((name) => ['--password-file', `lakeside/tpd/passwords/${name}.txt`]),
    ...['mode-1', 'mode-2'].flatMap((name) => ['--anchor', `lakeside/roots/${name}.json`]),
    '--json',
  )
  assert.equal(rehearsed.code, 1, 'some documents of the sample are damaged')
  writeFileSync(inFolder('rehearsal.json'), rehearsed.stdout)
  const { urls } = JSON.parse(rehearsed.stdout) as RehearsalReport
  const inLicences = urls.filter(({ mapped }) => mapped).map(({ url }) => url.trim())
  const own = (name: 'rms-old' | 'rms' | 'legal') => `${lakeside.services[name].url}/_wmcs/licensing`
  licensingUrls = {
    'rms-old': [own('rms-old')],
    rms: [own('rms'), ...new Set(inLicences.filter((url) => !url.includes('//legal')))],
    legal: [own('legal'), ...new Set(inLicences.filter((url) => url.includes('//legal')))],
  }
  mkdirSync(inFolder('samples'))
  for (const [index, { path }] of old.entries()) {
    if (index % 4 !== 0) continue
    const file = openFileSource(path)
    writeFileSync(inFolder('samples', `${index}.xrml`), openProtected(file).licenseText)
    file.close()
  }
  await exportLogs()
  const plan = await plannedMigration([])
  writeFileSync(inFolder('plan.json'), JSON.stringify(plan))
  await lakeside.done('migrate', 'plan', 'plan.json', ...project, '--yes')
})

async function exportLogs(): Promise<void> {
  for (const name of clusterNames) {
    rmSync(inFolder(`${name}.csv`), { force: true })
    await lakeside.done('log', 'export', 'requests', '--data', name, '--output', `${name}.csv`)
  }
}

async function plannedMigration(staying: readonly object[]): Promise<object> {
  const { tenant } = lakeside.services
  const cluster = (name: 'rms-old' | 'rms' | 'legal') => ({
    name,
    role: name === 'legal' ? 'licensing-only' : 'root',
    system: 'sealward',
    mode: name === 'rms-old' ? 1 : 2,
    keyStorage: 'database',
    exportable: true,
    licensingUrls: licensingUrls[name],
    adminUrl: lakeside.services[name].url,
    requestLog: `../${name}.csv`,
  })
  const roots = (await lakeside.admin('rms').keys()).filter(({ origin }) => origin === 'imported')
  return {
    organisation: 'Lakeside',
    numbering: '2016',
    clusters: [...clusterNames.map(cluster), ...staying],
    tenant: { adminUrl: tenant.url, url: tenant.url, target: 'service-managed', domains: ['lakeside.example'] },
    exports: clusterNames.map((name) => ({
      file: `../lakeside/tpd/${name}.xml`,
      cluster: name,
      active: name === 'rms',
    })),
    trustedRoots: [...new Set(roots.map(({ root }) => root))],
    anyone: { grantTo: [allStaff, 'nina.brandt@riverbank.example'] },
    onboarding: {
      group: 'finance@lakeside.example',
      groupKind: 'security',
      scope: 'All',
      extranetUrl: licensingUrls.rms[0],
    },
    batches: [
      { name: 'Finance', users: [anna, marta], machines: ['PC-17'] },
      { name: 'Everybody else', users: [], machines: ['PC-23'] },
    ],
    mail: { place: 'hosted', version: '2016' },
    ...(staying.length === 0 ? {} : { readOnly: { clusters: ['plant'] } }),
    watch: { quietDays: 14, macs: false },
    takeOver: [...clusterNames.map((name) => new URL(lakeside.services[name].url).host), 'rms.lakeside.example', 'rms'],
    rekey: { key: 'new' },
    rehearsal: '../rehearsal.json',
    directory: '../lakeside/directory.json',
    samples: '../samples',
    dns: { mailDomains: ['lakeside.example'], servers: [names.address] },
    approvals: 'second-person',
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
  const failed = await lakeside.run('migrate', 'run', '--step', '0', ...project, ...secrets, '--yes')
  assert.equal(failed.code, 1, failed.stderr)
  assert.match(failed.stderr, /issuers-covered: .*2 documents/)
  writeFileSync(inFolder('plan.json'), JSON.stringify(await plannedMigration([plant])))
  await lakeside.done('migrate', 'plan', 'plan.json', ...project, '--yes')
  await step('0', 'Planned')
})

const tenantClient = remembered((_, user) => clientOf('tenant', user))
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
  const refused = await lakeside.run('migrate', 'run', '--step', '3', ...project, ...secrets, '--yes')
  assert.match(refused.stderr, /\[approval-missing\]/)
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
  const toStay = [omar, sofia].map((to) => ({ to, rights: ['VIEW'] }))
  const copy = await protectNew(tenantClient('', anna), { grants: toStay })
  await tenantClient('', marta).publishingIdentity()
  duringBatches = {
    ...copy,
    cluster: 'rms',
    people: new Map([
      [anna, ['OWNER']],
      [omar, ['VIEW']],
      [sofia, ['VIEW']],
    ]),
  }
  await assertOldDocumentsOpen(atCluster, { documents: [duringBatches] })
  for (const [door, publishing] of [
    ['soap', 'online'],
    ['soap', 'offline'],
    ['rest', 'online'],
  ] as const) {
    const stays = clientOf('tenant', sofia, door)
    assert.deepEqual(await rightsOf(stays, duringBatches), ['VIEW'])
    await assert.rejects(protectNew(stays, { grants: toStay }, publishing), { code: 'publishing-not-onboarded' })
  }
})

test('back from every state so far: the tenant is as it was, and everything opens at the clusters', async () => {
  const documents = old.filter((_, index) => index % 9 === 0)
  for (const [id, state] of [
    ['5', 'TemplatesReady'],
    ['4', 'Activated'],
    ['3', 'Imported'],
    ['2', 'Prepared'],
  ] as const) {
    const undone = await lakeside.done<{ state: string }>(
      'migrate',
      'undo',
      '--step',
      id,
      ...project,
      ...secrets,
      '--yes',
      '--json',
    )
    assert.equal(undone.state, state)
    // Imported keys stay; a tenant that is disabled does nothing with them.
    const former = settings.get(state === 'Prepared' ? 'Imported' : state)
    const now = await tenantSettings()
    // The default templates that a tenant gets with its activation stay, too; they are none of the clusters.
    const templates = new Map([...now.templates].filter(([name]) => former?.templates.has(name) === true))
    assert.deepEqual({ ...now, templates }, former, state)
    await assertOldDocumentsOpen(atCluster, { documents, asked: 1 })
  }
  assert.ok(duringBatches !== undefined)
  await assertOldDocumentsOpen(atCluster, { documents: [duringBatches] })
})

function collect(kind: string, name: string, report: object): void {
  mkdirSync(inFolder('migration', 'collected', kind), { recursive: true })
  writeFileSync(inFolder('migration', 'collected', kind, `${name}.json`), JSON.stringify(report))
}

/** As the check script of the batch reports. */
function collectClient(computer: string, user: string): void {
  const version = Number(new Date().toISOString().slice(0, 10).replaceAll('-', ''))
  const folders = ['', 'Wow6432Node\\'].map((side) => `SOFTWARE\\${side}Microsoft\\MSIPC\\ServiceLocation`)
  collect('clients', computer, {
    format: 'sealward-client-check-1',
    scriptVersion: version,
    batch: 'finance',
    checkedAt: `${new Date().toISOString().slice(0, 19)}Z`,
    computer,
    user: `LAKESIDE\\${user}`,
    machineVersion: version,
    userVersion: version,
    preparedMachineVersion: 0,
    preparedUserVersion: 0,
    values: folders.flatMap((folder) =>
      Object.values(licensingUrls)
        .flat()
        .map((name) => ({ hive: 'HKLM', key: `${folder}\\LicensingRedirection`, name, state: 'right' })),
    ),
  })
  const checkedAt = new Date().toISOString()
  collect('machines', computer, { machine: computer, checkedAt, kind: 'windows', storesCleaned: true })
}

test('and forward for good: steps 2 to 7', async () => {
  await step('2', 'Imported')
  await activateAndOffer()
  collectClient('PC-17', 'anna')
  collectClient('PC-23', 'omar')
  await step('5', 'ClientsMoving')
  collect('mail-servers', 'mail1', {
    server: 'mail1',
    checkedAt: new Date().toISOString(),
    licensingLocations: [
      `${lakeside.services.tenant.url}/_wmcs/licensing`,
      ...Object.values(licensingUrls).flat(),
      ...plant.licensingUrls,
    ],
    internalLicensingEnabled: true,
    redirections: [],
    machineCertificatesDeleted: true,
    testResult: 'PASS',
    oldDomainsRemoved: true,
  })
  await step('6', 'ClientsMoving')
  await step('7', 'ServicesMoved')
  await step('ro', 'ServicesMoved')
})

test('step 8: everybody protects with the tenant; the clusters go when they were silent for long enough', async () => {
  names.zone.clear()
  await step('8', 'Draining')
  const copy = await protectNew(tenantClient('', sofia), { grants: [{ to: omar, rights: ['VIEW'] }] })
  await assertOldDocumentsOpen((_, user) => tenantClient('', user), {
    documents: [
      {
        ...copy,
        cluster: 'rms',
        people: new Map([
          [sofia, ['OWNER']],
          [omar, ['VIEW']],
        ]),
      },
    ],
  })
  await approve('8d')
  await exportLogs()
  const refused = await lakeside.run('migrate', 'run', '--step', '8d', ...project, ...secrets, '--yes')
  assert.match(refused.stderr, /silence: .* asked a cluster within 14 days/)
  for (const name of clusterNames) {
    const path = inFolder(`${name}.csv`)
    const earlier = new Date(Date.now() - 20 * 86_400_000).toISOString().slice(0, 10)
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll(/\d{4}-\d\d-\d\d(?=[ T]\d\d:\d\d:\d\d)/g, earlier))
  }
  await step('8d', 'Decommissioned')
})

test('the clusters are switched off, and the tenant answers for their names to clients that nobody changed', async () => {
  const { rms, tenant } = lakeside.services
  for (const name of clusterNames) await lakeside.services[name].stop()
  await tenant.stop()
  // The address of the old machine becomes one of the tenant's.
  lakeside.configure('tenant', { takeoverListener: { port: Number(new URL(rms.url).port) } })
  await tenant.start()
  const documents = old.filter(({ cluster, path }) => cluster === 'rms' && basename(path).startsWith('note '))
  assert.equal(documents.length, 3)
  await assertOldDocumentsOpen((_, user) => lakeside.client('rms', user), { documents })
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
  await assertOldDocumentsOpen((_, user) => soap('', user), { asked: 4 })
  // The identity provider of the organisation vouches for its own people only.
  await assertOldDocumentsOpen((_, user) => (user.endsWith('@riverbank.example') ? soap : rest)('', user), {
    documents: old.filter((_, index) => index % 3 === 0),
  })
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
    const copy = await protectNew(author, { templateId: internal.id }, publishing)
    const document: KnownDocument = { ...copy, cluster: 'rms', people: new Map() }
    assert.ok((await rightsOf(soap('', omar), document)).includes('VIEW'))
    assert.deepEqual(await rightsOf(soap('', 'nina.brandt@riverbank.example'), document), [])
  }
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
