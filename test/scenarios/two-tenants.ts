/**
 * An installation of two tenants and a cluster in one process: Lakeside and Harbour on one listener share a database, Quay
 * has its own. Their people have the same names and even the same identifiers, and both tenants hold the key and the
 * templates of the same former cluster. Besides them there is a cluster elsewhere that nobody of them knows.
 */
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient, type Client, type Door } from '@sealward/client'
import { masterKeyFromFile, newMasterKeyFile } from '@sealward/keys'
import {
  createIdentity,
  createTemplate,
  exportTrustedPublishingDomain,
  hashPassword,
  listKeys,
  openInstallation,
  openService,
  operate,
  readConfig,
  readInstallationConfig,
  type AdminOperationName,
  type Installation,
  type RawAdminInput,
  type RunningServer,
  type Service,
} from '@sealward/service'
import { freePort } from './lakeside.ts'

export const residents = ['lakeside', 'harbour', 'quay'] as const
export type ResidentName = (typeof residents)[number]
export type Organisation = ResidentName | 'elsewhere'

export const discoveryName = 'discovery.hosting.example'
export const proxyName = 'proxied.hosting.example'

export interface Ask {
  /** What the Host header says; the address of the service unless given. */
  readonly host?: string
  readonly method?: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export interface TwoTenants {
  readonly folder: string
  readonly port: number
  readonly installation: Installation
  service(name: Organisation): Service
  /** The name that leads to a service, with the port where clients of ours connect to it. */
  hostOf(name: ResidentName): string
  client(of: Organisation, person: string, door?: Door): Client
  /** An Authorization header for REST. */
  token(of: Organisation, person: string): Promise<string>
  basic(of: Organisation, person: string): string
  adminToken(of: ResidentName): string
  administer(name: Organisation, operation: AdminOperationName, input?: RawAdminInput): Promise<unknown>
  /** Asks the common listener. */
  ask(what: Ask): Promise<Answer>
  /** The export of the former cluster: file in base64, password, root. */
  readonly tpd: { readonly file: string; readonly password: string; readonly trustedRoots: readonly string[] }
  /** GUID of the template in the export, in braces. */
  readonly sharedTemplate: string
  readonly logged: readonly string[]
  close(): Promise<void>
}

export const addressOf = (of: Organisation, person: string): string => `${person}@${of}.example`
const newKey = () => masterKeyFromFile(newMasterKeyFile((count) => randomBytes(count)))
const passwordOf = (of: Organisation): string => `Seerosen-${of}-17`

export async function openTwoTenants(): Promise<TwoTenants> {
  const folder = mkdtempSync(join(tmpdir(), 'sealward-two-tenants-'))
  const port = await freePort()
  const elsewherePort = await freePort()
  const logged: string[] = []
  const hosts = { lakeside: `localhost:${port}`, harbour: `127.0.0.1:${port}`, quay: 'rms.quay.example' }

  async function prepare(name: Organisation): Promise<string> {
    const own = join(folder, name)
    mkdirSync(own, { mode: 0o700 })
    writeFileSync(join(own, 'directory.json'), JSON.stringify(await directoryOf(name)))
    return own
  }

  async function inputOf(name: ResidentName) {
    const config = readConfig({
      tenant: name,
      personality: name === 'quay' ? 'cluster' : 'tenant',
      publicUrl: `http://${hosts[name]}`,
      domains: [`${name}.example`],
      // The two tenants share a file.
      database: name === 'quay' ? 'quay.db' : '../shared.db',
      directory: 'directory.json',
      authentication: { authorizationUrl: `https://login.${name}.example/authorize` },
    })
    return { config, masterKey: newKey(), folder: await prepare(name) }
  }

  const elsewhere = await openService({
    config: readConfig({
      publicUrl: `http://127.0.0.1:${elsewherePort}`,
      database: 'service.db',
      directory: 'directory.json',
      listener: { port: elsewherePort },
    }),
    masterKey: newKey(),
    folder: await prepare('elsewhere'),
    requestLog: { write: () => undefined },
  })
  await createIdentity(elsewhere.administration('setup'))
  const { tpd, sharedTemplate } = await formerCluster(folder, newKey())
  const installation = await openInstallation({
    installation: readInstallationConfig({
      services: residents.map((name) => `${name}/service.json`),
      listener: { port },
      takeoverListener: { port: 0 },
      discoveryNames: [discoveryName],
    }),
    folder,
    services: [await inputOf('lakeside'), await inputOf('harbour'), await inputOf('quay')],
    requestLog: { write: (line) => void logged.push(line) },
  })
  const serviceOf = (name: Organisation): Service => {
    const service = name === 'elsewhere' ? elsewhere : installation.services[residents.indexOf(name)]
    if (service === undefined) throw new Error(`no ${name}`)
    return service
  }
  const administer = (name: Organisation, operation: AdminOperationName, input: RawAdminInput = {}) => {
    const service = serviceOf(name)
    return operate({ administration: service.administration('ines'), core: service.context }, operation, input)
  }
  await createIdentity(serviceOf('quay').administration('setup'))
  for (const name of ['lakeside', 'harbour'] as const)
    await administer(name, 'setState', { body: { state: 'enabled' } })
  for (const name of ['lakeside', 'harbour'] as const) {
    const shareKey = name === 'harbour' ? { shareKey: true } : {}
    await administer(name, 'importKey', { body: { ...tpd, anyone: 'drop', ...shareKey } })
    await administer(name, 'publishTemplate', { parameters: { id: sharedTemplate } })
  }
  const running: RunningServer[] = [await elsewhere.listen(), await installation.listen()]

  const token = (of: Organisation, person: string) => serviceOf(of).issueToken(addressOf(of, person), 3_600_000)
  return {
    folder,
    port,
    installation,
    service: serviceOf,
    hostOf: (name) => hosts[name],
    client: (of, person, door = 'soap') =>
      createClient({
        serviceUrl: of === 'elsewhere' ? `http://127.0.0.1:${elsewherePort}` : `http://${hosts[of]}`,
        user: addressOf(of, person),
        door,
        password: () => Buffer.from(passwordOf(of)),
        token: () => token(of, person),
        storeDirectory: join(folder, `store-${of}`),
        trustOnFirstUse: true,
      }),
    token: async (of, person) => `Bearer ${await token(of, person)}`,
    basic: (of, person) => `Basic ${Buffer.from(`${addressOf(of, person)}:${passwordOf(of)}`).toString('base64')}`,
    adminToken: (of) => readFileSync(join(folder, of, 'admin-token'), 'utf8').trim(),
    administer,
    ask: (what) => ask(port, what),
    tpd,
    sharedTemplate,
    logged,
    async close() {
      for (const server of running) await server.close()
      await installation.close()
      await elsewhere.close()
      rmSync(folder, { recursive: true })
    },
  }
}

/** A cluster of the past, of which only the export is left. */
async function formerCluster(folder: string, masterKey: ReturnType<typeof masterKeyFromFile>) {
  const own = join(folder, 'former')
  mkdirSync(own)
  writeFileSync(join(own, 'directory.json'), JSON.stringify({ users: [] }))
  const service = await openService({
    config: readConfig({ publicUrl: 'https://rms.former.example', database: 'f.db', directory: 'directory.json' }),
    masterKey,
    folder: own,
  })
  const administration = service.administration('setup')
  const { keyId } = await createIdentity(administration)
  const { id } = await createTemplate(administration, {
    names: [{ lcid: 1033, name: 'Former internal', description: 'For staff' }],
    grants: [{ to: 'staff@former.example', rights: ['VIEW'] }],
    state: 'published',
  })
  const password = 'a password of more than sixteen characters'
  const file = await exportTrustedPublishingDomain(administration, { keyId, password })
  const trustedRoots = (await listKeys(administration)).map(({ root }) => root)
  await service.close()
  return { tpd: { file: Buffer.from(file).toString('base64'), password, trustedRoots }, sharedTemplate: id }
}

/** Identifiers are the same everywhere: nothing but the tenant keeps people apart. */
async function directoryOf(of: Organisation) {
  const password = await hashPassword(passwordOf(of), (count) => randomBytes(count))
  const user = (person: string, number: number) => ({
    id: `user-${person}`,
    sid: `S-1-5-21-1-2-3-${number}`,
    address: addressOf(of, person),
    password,
  })
  return { users: [user('anna', 1001), user('ben', 1002)] }
}

export function ask(port: number, { host, method, path, headers = {}, body }: Ask): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port,
        path,
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        headers: { ...(host === undefined ? {} : { host }), ...headers },
        timeout: 20_000,
      },
      (response) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => void parts.push(part))
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(parts).toString('utf8'),
          }),
        )
      },
    )
    sent.on('error', reject)
    sent.on('timeout', () => sent.destroy(new Error('no answer')))
    sent.end(body)
  })
}
