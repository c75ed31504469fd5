/**
 * The sample organisation before it moves: its clusters and an empty tenant, each a process of its own on loopback, made
 * and run with the program; and clients of every kind for its people. The legal cluster licenses below the present root.
 */
import { generateKeyPairSync, sign } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient, type Client, type ClientOptions, type Door } from '@sealward/client'
import { createAdminClient } from '@sealward/migration'
import type { ExpectedDocument } from '@sealward/sample'
import { freePort, readPasswords } from './lakeside.ts'
import { programIn, type Program, type ServiceProcess } from './program.ts'

export const clusterNames = ['rms-old', 'rms', 'legal'] as const
export type ClusterName = (typeof clusterNames)[number]
export type ServiceName = ClusterName | 'tenant'

export interface LakesideServices {
  /** Working folder of the program; the sample is in `lakeside`, the secrets are in `secrets`. */
  readonly folder: string
  /** Nobody answers at the address of one that was not asked for. */
  readonly services: Readonly<Record<ServiceName, ServiceProcess>>
  readonly expected: readonly ExpectedDocument[]
  readonly run: Program['run']
  readonly done: Program['done']
  admin(name: ServiceName): ReturnType<typeof createAdminClient>
  /** Clients that are made from now on trust the roots of the tenant's keys, also of those that it made itself. */
  trustTenant(): Promise<void>
  client(name: ServiceName, user: string, door?: Door, options?: Partial<ClientOptions>): Client
  /** Changes the configuration of a service that does not run. */
  configure(name: ServiceName, change: Readonly<Record<string, unknown>>): void
  close(): Promise<void>
}

export interface LakesideServicesOptions {
  /** Those that run; all unless given. */
  readonly clusters?: readonly ClusterName[]
  /** Settings that a service has from its first start. */
  readonly settings?: Partial<Readonly<Record<ServiceName, Readonly<Record<string, unknown>>>>>
}

export async function openLakesideServices(options: LakesideServicesOptions = {}): Promise<LakesideServices> {
  const { clusters = clusterNames } = options
  const folder = mkdtempSync(join(tmpdir(), 'sealward-migration-story-'))
  const program = programIn({ folder })
  const { run, done } = program
  await done('sample', 'lakeside')
  mkdirSync(join(folder, 'secrets'), { mode: 0o700 })
  const federation = createFederation(folder)
  const roots = ['mode-1', 'mode-2'].map((name) => readJson(`lakeside/roots/${name}.json`) as { fingerprint: string })
  const trusted = new Set(roots.map(({ fingerprint }) => fingerprint))
  const passwords = readPasswords(join(folder, 'lakeside'))

  function readJson(path: string): unknown {
    return JSON.parse(readFileSync(join(folder, path), 'utf8'))
  }

  function configure(name: ServiceName, change: Readonly<Record<string, unknown>>): void {
    const config = readJson(`${name}/service.json`) as Record<string, unknown>
    writeFileSync(join(folder, name, 'service.json'), JSON.stringify({ ...config, ...change }))
  }

  /** A cluster below the root cluster only licenses: the root certifies its people. */
  async function placeBelowRoot(name: ServiceName, root: ServiceProcess): Promise<void> {
    const listed = await done<{ keys: { id: string; state: string }[] }>('key', 'list', '--data', 'rms', '--json')
    const accountIssuers = listed.keys.filter(({ state }) => state === 'active').map(({ id }) => id)
    configure(name, { rootCluster: { certificationUrl: `${root.url}/_wmcs/certification`, accountIssuers } })
  }

  async function create(name: ServiceName): Promise<ServiceProcess> {
    const port = String(await freePort())
    const kind = name === 'tenant' ? 'tenant' : 'cluster'
    const people = ['--directory', 'lakeside/directory.json', '--domain', 'lakeside.example']
    await done(kind, 'create', '--data', name, '--port', port, '--organisation', 'Lakeside', ...people, '--yes')
    configure(name, { authentication: { issuers: [federation.settings] }, ...options.settings?.[name] })
    return program.service(name, `http://127.0.0.1:${port}`)
  }

  const held = { 'rms-old': ['rms-old'], rms: ['rms', 'rms-old'], legal: ['legal'], tenant: [] }
  async function begin(name: ServiceName, root?: Promise<ServiceProcess>): Promise<ServiceProcess> {
    if (name !== 'tenant' && !clusters.includes(name)) {
      return program.service(name, `http://127.0.0.1:${await freePort()}`)
    }
    const service = await create(name)
    for (const key of held[name]) await importKey(name, key, key === name)
    if (root !== undefined) await placeBelowRoot(name, await root)
    await service.start()
    return service
  }
  const rootBegun = begin('rms')
  const [old, rms, legal, tenant] = await Promise.all([
    begin('rms-old'),
    rootBegun,
    begin('legal', rootBegun),
    begin('tenant'),
  ])
  const services = { 'rms-old': old, rms, legal, tenant }
  const admin = (name: ServiceName): ReturnType<typeof createAdminClient> => {
    const token = readFileSync(join(folder, name, 'admin-token'), 'utf8').trim()
    return createAdminClient({ url: services[name].url, token, actor: 'ines' })
  }
  for (const name of clusters) {
    for (const { id, state } of await admin(name).templates()) {
      if (state === 'archived') await admin(name).publishTemplate(id)
    }
  }
  for (const name of [...clusters, 'tenant']) {
    writeFileSync(join(folder, 'secrets', `${name}.token`), readFileSync(join(folder, name, 'admin-token')))
  }
  for (const name of clusterNames) {
    const password = readFileSync(join(folder, 'lakeside/tpd/passwords', `${name}.txt`))
    writeFileSync(join(folder, 'secrets', `${name}.txt`), password)
  }

  async function importKey(cluster: ServiceName, key: string, active: boolean): Promise<void> {
    const anchors = ['mode-1', 'mode-2'].flatMap((name) => ['--anchor', `lakeside/roots/${name}.json`])
    const password = ['--password-file', `lakeside/tpd/passwords/${key}.txt`]
    const more = [...anchors, ...password, ...(active ? ['--activate'] : []), '--yes']
    await done('tpd', 'import', `lakeside/tpd/${key}.xml`, '--data', cluster, ...more)
  }

  return {
    folder,
    services,
    expected: (readJson('lakeside/expected.json') as { documents: readonly ExpectedDocument[] }).documents,
    run,
    done,
    admin,
    configure,
    trustTenant: async () => {
      for (const { root } of await admin('tenant').keys()) trusted.add(root)
    },
    client: (name, user, door = 'soap', more = {}) =>
      createClient({
        serviceUrl: services[name].url,
        user,
        door,
        password: () => Buffer.from(passwords.get(user) ?? ''),
        token: () => federation.token(user),
        storeDirectory: join(folder, 'client-store'),
        // The licensing cluster names its root, which is another host.
        allowedHosts: name === 'legal' ? [new URL(rms.url).host] : [],
        anchors: [...trusted],
        ...more,
      }),
    close: async () => {
      for (const service of Object.values(services)) await service.stop()
      rmSync(folder, { recursive: true })
    },
  }
}

/** An identity provider outside, as REST clients use it: all services know its key. */
function createFederation(folder: string) {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const keysFile = join(folder, 'federation.json')
  writeFileSync(keysFile, JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), alg: 'EdDSA' }] }))
  const issuer = 'https://federation.lakeside.example'
  return {
    settings: { issuer, keysFile, algorithms: ['EdDSA'], domains: ['lakeside.example'] },
    token(user: string): string {
      const now = Math.floor(Date.now() / 1_000)
      const claims = { iss: issuer, aud: 'api.rms.rest.com', sub: user, upn: user, iat: now, exp: now + 3_600 }
      const signed = `${tokenPart({ alg: 'EdDSA', typ: 'JWT' })}.${tokenPart(claims)}`
      return `${signed}.${sign(null, Buffer.from(signed), privateKey).toString('base64url')}`
    },
  }
}

function tokenPart(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
