/**
 * The way out of a tenant: every key exported and proved in an empty cluster, then each of the four published options with
 * its automatic check, against real services and clients.
 */
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { basename, dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { createParserPool, licenseWithKeys, replacementPolicies, reprotectTree, type RunSummary } from '@sealward/bulk'
import {
  createClient,
  licenseDocument,
  openFileSource,
  protectFile,
  publish,
  type Client,
  type ClientOptions,
  type LicensedContent,
} from '@sealward/client'
import { openProtected } from '@sealward/formats'
import { masterKeyFromFile, newMasterKeyFile } from '@sealward/keys'
import {
  checkCannotProtect,
  checkNewContentNames,
  checkNothingProtected,
  checkOpens,
  checkRecoveriesLogged,
  createKeyRing,
  deactivate,
  exitPlan,
  exitRehearse,
  exitRun,
  exportAllKeys,
  openerWithClients,
  type EmptyInstance,
  type ExitAdministration,
  type ExportedKey,
  type ExportKeysInput,
  type KeyRing,
  type RequestPage,
  type RequestRow,
} from '@sealward/migration'
import { openService, operate, readConfig, type RunningServer, type Service } from '@sealward/service'
import { distributionUrl, isRightsError, parsePublishingLicense, parseXrmlChain } from '@sealward/xrml'
import { openLakeside, type Lakeside } from './lakeside.ts'

const anna = 'anna.berg@lakeside.example'
const li = 'li.chen@lakeside.example'
const emma = 'emma.lund@lakeside.example'
const ines = 'ines.duarte@lakeside.example'
const clusterUrl = 'https://rms.lakeside.example/_wmcs/licensing'

/** Everything that the exit and the start of an instance ask of a service. */
type Administration = ExitAdministration & EmptyInstance['admin']

interface Cluster {
  readonly url: string
  readonly admin: Administration
  readonly service: Service
  readonly client: (user: string, options?: Partial<ClientOptions>) => Promise<Client>
  readonly close: () => Promise<void>
}

let tenant: Lakeside
let tenantAdmin: Administration
let cluster: Cluster
let running: Cluster | undefined
let documents = ''
let keys: Omit<ExportKeysInput, 'admin'>
let ring: KeyRing

before(async () => {
  tenant = await openLakeside({ personality: 'tenant', documents: 60 })
  tenantAdmin = administrationOf(tenant.service())
  documents = join(tenant.folder, 'documents')
  keys = { folder: join(tenant.newFolder(), 'keys'), passwordOf: (id) => `password of ${id}`, now: new Date() }
})
after(async () => {
  await running?.close()
  await tenant.close()
})

function administrationOf(service: Service): Administration {
  const call = async <T>(
    ...[name, input]: [Parameters<typeof operate>[1], Parameters<typeof operate>[2]?]
  ): Promise<T> =>
    (await operate({ administration: service.administration('ines'), core: service.context }, name, input ?? {})) as T
  const done = async (...given: Parameters<typeof call>): Promise<void> => void (await call(...given))
  return {
    configuration: () => call('getConfiguration'),
    setState: (state, { force = false } = {}) => call('setState', { body: { state, force } }),
    setReadOnly: (rule) => done('setReadOnly', { body: rule ?? { off: true } }),
    keys: () => call('listKeys'),
    exportKey: async (id, password) => {
      const { file } = await call<{ file: string }>('exportKey', { parameters: { id }, body: { password } })
      return Buffer.from(file, 'base64')
    },
    importDomain: ({ file, ...body }) =>
      call('importKey', { body: { ...body, file: Buffer.from(file).toString('base64') } }),
    templates: () => call('listTemplates'),
    publishTemplate: (id) => done('publishTemplate', { parameters: { id } }),
    superUsers: () => call('getSuperUsers'),
    setSuperUsersEnabled: (enabled) => done('enableSuperUsers', { body: { enabled } }),
    addSuperUser: (address) => done('addSuperUser', { body: { address } }),
    removeSuperUser: (address) => done('removeSuperUser', { parameters: { address } }),
    requests: (afterRow, limit) => call('listRequests', { query: { after: String(afterRow), limit: String(limit) } }),
    setMigrationHost: (host, { force = false } = {}) =>
      done('setMigrationUrl', { body: host === undefined ? {} : { host, force } }),
  }
}

/** An empty cluster with the people of the tenant; it listens once it has a key. */
async function startCluster(folder: string): Promise<Cluster> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const config = readConfig({
    publicUrl: url,
    database: join(folder, 'sealward.db'),
    directory: join(tenant.folder, 'directory.json'),
    listener: { port },
    publishersForOthers: [ines],
    // Machines that were certified by the tenant, and those of the sample's own hierarchy.
    trustedMachineAuthorities: Object.values(tenant.sample.organisation.hierarchies).map(
      ({ machine }) => machine.certificate.issuer.publicKey.fingerprint,
    ),
  })
  const masterKey = masterKeyFromFile(newMasterKeyFile((count) => randomBytes(count)))
  const service = await openService({ config, masterKey, folder, requestLog: { write: () => undefined } })
  const admin = administrationOf(service)
  let server: RunningServer | undefined
  return {
    url,
    admin,
    service,
    async client(user, more = {}) {
      server ??= await service.listen()
      return createClient({
        serviceUrl: url,
        user,
        password: () => Buffer.from(tenant.password(user)),
        storeDirectory: join(folder, 'client-store'),
        anchors: (await admin.keys()).map(({ root }) => root),
        redirectEverything: true,
        ...more,
      })
    },
    async close() {
      await server?.close()
      await service.close()
    },
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

async function importInto({ admin }: Cluster): Promise<void> {
  const { exported } = await exportAllKeys({ admin: tenantAdmin, ...keys })
  for (const { keyId, file, root, state } of exported) {
    const password = await keys.passwordOf(keyId)
    await admin.importDomain({ file: readFileSync(file), password, trustedRoots: [root], active: state === 'active' })
  }
  for (const { id } of await admin.templates()) await admin.publishTemplate(id)
}

function expectedPaths(outcome: 'opens' | 'fails' | 'unprotected'): readonly string[] {
  return tenant.expected.filter((document) => document.outcome === outcome).map(({ path }) => path)
}

async function protectNew(client: Client, folder: string, name: string): Promise<string> {
  mkdirSync(folder, { recursive: true })
  const plain = join(folder, name)
  writeFileSync(plain, `text of ${name}`)
  const { path } = await protectFile(client, plain, { grants: [{ to: li, rights: ['VIEW'] }] }, { original: 'replace' })
  return path
}

function licenseOf(path: string) {
  const file = openFileSource(path)
  try {
    return parsePublishingLicense(parseXrmlChain(openProtected(file).licenseText)[0]!)
  } finally {
    file.close()
  }
}

function urlsIn(path: string): readonly string[] {
  return [distributionUrl(licenseOf(path).distributionPoints, 'License-Acquisition-URL') ?? '']
}

/** Who of these people may open which of the old documents. */
function openersOf(people: readonly string[]): readonly { readonly path: string; readonly address: string }[] {
  return tenant.expected.flatMap(({ path, outcome, license }) =>
    people
      .filter((address) => license?.people.some(({ principal }) => principal === address) === true)
      .flatMap((address) => (outcome === 'opens' ? [{ path, address }] : [])),
  )
}

/** The services of a test listen on loopback; scripts are for published names. */
function asPublished(url: string): string {
  return url.replace(new URL(url).origin, 'https://tenant.lakeside.example')
}

const hashes = new Map<string, ReadonlySet<string>>()

function hashesIn(folder: string): ReadonlySet<string> {
  const known = hashes.get(folder)
  if (known !== undefined) return known
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile())
  return new Set(
    files.map(({ name }) =>
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex'),
    ),
  )
}

async function* requestRows(admin: Pick<Administration, 'requests'>): AsyncGenerator<RequestRow> {
  for (let last: number | undefined = 0; last !== undefined; ) {
    const page: RequestPage = await admin.requests(last, 1_000)
    yield* page.rows
    last = page.next
  }
}

test('every key is exported and read back; an empty cluster opens the same for the same people', async () => {
  const exported = await exportAllKeys({ admin: tenantAdmin, ...keys })
  assert.deepEqual(exported.missing, [])
  assert.deepEqual(exported.exported.map(({ state }) => state).sort(), ['active', 'archived', 'archived'])
  const again = await exportAllKeys({ admin: tenantAdmin, ...keys })
  assert.deepEqual(
    again.exported.map(({ sha256 }) => sha256),
    exported.exported.map(({ sha256 }) => sha256),
  )
  ring = createKeyRing(exported.exported.map(({ file, domain }) => ({ source: file, domain })))
  const pool = createParserPool({ root: documents })
  const rehearsal = (known: readonly ExportedKey[], paths: readonly string[]) =>
    exitRehearse({
      keys: { exported: known, missing: [] },
      passwordOf: keys.passwordOf,
      start: async (folder) => {
        const { admin, client, close } = await startCluster(folder)
        return { admin, open: openerWithClients(documents, client), close }
      },
      openToday: openerWithClients(documents, (address) => tenant.client(address)),
      paths,
      parser: pool,
      lanes: pool.lanes,
      people: [anna, li, emma],
    })
  try {
    const good = await rehearsal(exported.exported, [...expectedPaths('opens'), ...expectedPaths('unprotected')])
    assert.equal(good.checks['equal-rights'].finding, undefined)
    assert.equal(good.ready, true, JSON.stringify(good.checks))
    assert.ok(good.sample.filter(({ instance }) => instance.outcome === 'opened').length > 10)
    const active = exported.exported.filter(({ state }) => state === 'active')
    const poor = await rehearsal(active, expectedPaths('opens'))
    assert.equal(poor.ready, false)
    assert.ok((poor.report.summary.byReason['key-not-exported'] ?? 0) > 0)
  } finally {
    await pool.close()
  }
})

test('A: new content names the cluster, and everything opens through it after the deactivation', async () => {
  const { recommended } = exitPlan({
    state: 'enabled',
    expired: false,
    keys: (await tenantAdmin.keys()).map(({ id }) => ({ keyId: id, exported: true })),
    keepsProtecting: true,
    allFilesKnown: false,
    helpOnRequest: false,
    clusterUrl,
    superUser: true,
    offlineKeys: 0,
  })
  assert.equal(recommended, 'A')
  const folder = tenant.newFolder()
  const old = await protectNew(tenant.client(anna), folder, 'before.txt')
  const redirection = { clusterUrl, tenantUrls: urlsIn(old).map(asPublished), version: '20240630' }
  const { files, keys: exported } = await exitRun({ option: 'A', admin: tenantAdmin, keys, redirection })
  assert.equal(exported?.exported.length, 3)
  assert.ok(files.some(({ path }) => path.endsWith('.reg')))
  // Clients take the address over with their next publishing certificate.
  const fresh = { storeDirectory: join(tenant.newFolder(), 'store') }
  const made = await protectNew(tenant.client(anna, 'soap', fresh), folder, 'after.txt')
  assert.equal(checkNewContentNames(urlsIn(old), clusterUrl).ok, false)
  assert.equal(checkNewContentNames(urlsIn(made), clusterUrl).finding, undefined)

  running = await startCluster(tenant.newFolder())
  cluster = running
  await importInto(cluster)
  await assert.rejects(deactivate(tenantAdmin), (error) => isRightsError(error, 'state-refused'))
  const lines = await deactivate(tenantAdmin, { force: true })
  assert.deepEqual(
    lines.filter(({ command }) => command === 'Get-AipService').map(({ output }) => output),
    ['Enabled', 'Disabled'],
  )
  const closed = openerWithClients(folder, (address) => tenant.client(address, 'rest'))
  assert.equal((await closed(basename(made), li)).outcome, 'refused')

  // With redirections, not with a client that asks one service for everything.
  const rules = [...urlsIn(old), ...urlsIn(made)].map((from) => ({ from, to: `${cluster.url}/_wmcs/licensing` }))
  const redirected = (address: string) => cluster.client(address, { redirectEverything: false, redirections: rules })
  const sample = [old, made].map((path) => ({ path: basename(path), address: li }))
  assert.equal((await checkOpens(openerWithClients(folder, redirected), sample)).finding, undefined)
  const others = openersOf([anna, li]).slice(0, 40)
  assert.ok(others.length > 20)
  assert.equal((await checkOpens(openerWithClients(documents, cluster.client), others)).finding, undefined)
})

test('B: without any service, exported keys decrypt thousands of files, also after an interruption', async () => {
  const folder = join(tenant.newFolder(), 'share')
  const copies = 35
  for (let copy = 0; copy < copies; copy++) cpSync(documents, join(folder, `copy ${copy}`), { recursive: true })
  const decrypt = { folders: [folder], journals: tenant.newFolder(), license: licenseWithKeys(ring) }
  const total = tenant.expected.length * copies
  const stop = new AbortController()
  const progress = ({ files }: RunSummary): void => {
    if (files === 700) stop.abort()
  }
  const interrupted = exitRun({
    option: 'B',
    decrypt: { ...decrypt, signal: stop.signal, progress },
  })
  await assert.rejects(interrupted)
  const { decrypted } = await exitRun({ option: 'B', decrypt })
  const { outcomes, files } = decrypted!
  // What is encrypted with a password is no concern of rights management.
  const failing = tenant.expected.filter(
    ({ outcome, reason }) => outcome === 'fails' && reason !== 'file-password-encrypted',
  )
  const fails = failing.length * copies
  assert.equal(files, total)
  assert.ok(total > 2_000)
  assert.equal(outcomes.failed, fails)
  assert.equal(outcomes.skipped, 0)
  assert.ok(outcomes['done-before'] > 400 && outcomes.unprotected > 700, JSON.stringify(outcomes))
  for (let copy = 0; copy < copies; copy++) {
    for (const { path, outcome, contentSha256 } of tenant.expected) {
      const place = join(folder, `copy ${copy}`, dirname(path))
      if (outcome === 'opens') assert.ok(hashesIn(place).has(contentSha256 ?? ''), `${place}: ${path}`)
    }
  }
  const check = await checkNothingProtected([folder])
  assert.equal(Array.isArray(check.data) ? check.data.length : 0, fails)
})

test('B: as a super user for a time, through a service', async () => {
  const folder = join(tenant.newFolder(), 'share')
  const path = await protectNew(await cluster.client(emma), folder, 'minutes.txt')
  const journals = tenant.newFolder()
  const license = async (content: LicensedContent) => licenseDocument(await cluster.client(ines), content)
  const superUsers = await cluster.admin.superUsers()
  const decrypt = { folders: [folder], journals, license }
  const { decrypted } = await exitRun({
    option: 'B',
    admin: cluster.admin,
    keys: { ...keys, folder: tenant.newFolder() },
    superUser: ines,
    decrypt,
  })
  assert.equal(decrypted?.outcomes.unprotected, 1)
  assert.equal((await checkNothingProtected([folder])).ok, true)
  assert.deepEqual(
    [existsSync(path), readFileSync(join(folder, 'minutes.txt'), 'utf8')],
    [false, 'text of minutes.txt'],
  )
  assert.deepEqual(await cluster.admin.superUsers(), superUsers)
})

test('old content moves to another key and keeps its owner and its people', async () => {
  const folder = join(tenant.newFolder(), 'share')
  cpSync(documents, folder, { recursive: true })
  const active = (await cluster.admin.keys()).find(({ state }) => state === 'active')?.id ?? ''
  const pool = createParserPool({ root: folder, writable: true })
  const publisher = await cluster.client(ines)
  const templates = (await cluster.admin.templates()).map(({ id }) => id)
  const outcomes = new Map<string, string>()
  try {
    const items = reprotectTree({
      root: folder,
      pool,
      license: licenseWithKeys(ring),
      replacement: replacementPolicies({ templates, custom: 'same' }),
      publish: ({ policy, choice, owner }) => publish(publisher, policy, choice, owner === undefined ? {} : { owner }),
      targetKeys: [active],
    })
    for await (const item of items) outcomes.set(item.path, 'code' in item ? item.code : item.outcome)
  } finally {
    await pool.close()
  }
  const moved = [...outcomes].filter(([, outcome]) => outcome === 'reprotected').map(([path]) => path)
  assert.ok(moved.length > 10, JSON.stringify([...outcomes]))
  for (const path of moved) {
    const [earlier, now] = [licenseOf(join(documents, path)), licenseOf(join(folder, path))]
    assert.equal(now.server.publicKey.fingerprint, active)
    assert.equal(now.work.owner?.address, earlier.work.owner?.address)
  }
  const [old, fresh] = [documents, folder].map((root) => openerWithClients(root, cluster.client))
  for (const { path, address } of openersOf([li, anna])
    .filter((each) => moved.includes(each.path))
    .slice(0, 20)) {
    assert.deepEqual(await fresh?.(path, address), await old?.(path, address), path)
  }
})

test('C: a missed file opens for an ordinary user of a cluster that is kept for reading', async () => {
  const folder = tenant.newFolder()
  const missed = await protectNew(await cluster.client(anna), folder, 'missed.txt')
  const redirection = { clusterUrl, tenantUrls: ['https://tenant.example/_wmcs/licensing'], version: '20240630' }
  const { files } = await exitRun({ option: 'C', admin: tenantAdmin, keys, redirection, cluster: cluster.admin })
  assert.ok(files.length > 0)
  const sample = [{ path: basename(missed), address: li }]
  assert.equal((await checkOpens(openerWithClients(folder, cluster.client), sample)).finding, undefined)
  const check = await checkCannotProtect(async () => protectNew(await cluster.client(anna), folder, 'new.txt'))
  assert.equal(check.finding, undefined)
  await cluster.admin.setReadOnly(undefined)
})

test('D: nobody protects any more, the recovery group opens on request, and each recovery is logged', async () => {
  const folder = tenant.newFolder()
  const path = await protectNew(await cluster.client(anna), folder, 'contract.txt')
  const open = openerWithClients(folder, cluster.client)
  assert.equal((await open(basename(path), ines)).outcome, 'refused')
  const recovery = { recovery: cluster.admin, recoveryUsers: [ines] }
  const { files } = await exitRun({ option: 'D', admin: tenantAdmin, keys, ...recovery })
  assert.ok(files.some((file) => file.path === 'disable-creation.reg'))
  const check = await checkCannotProtect(async () => protectNew(await cluster.client(anna), folder, 'new.txt'))
  assert.equal(check.finding, undefined)
  assert.equal((await checkOpens(open, [{ path: basename(path), address: ines }])).finding, undefined)
  const contentId = licenseOf(path).work.object.id
  const recovered = (address: string) => checkRecoveriesLogged(requestRows(cluster.admin), [{ contentId, address }])
  assert.equal((await recovered(ines)).finding, undefined)
  assert.equal((await recovered(emma)).ok, false)
})
