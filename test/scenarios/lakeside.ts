/**
 * The sample organisation moved to Sealward: its exports imported, its templates published, the service on loopback, and a
 * client for everybody. What the scenarios start from.
 */
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient, type Client, type ClientOptions, type Door } from '@sealward/client'
import { masterKeyFromFile, newMasterKeyFile } from '@sealward/keys'
import { writeSampleOrganisation, writeToDirectory, type ExpectedDocument, type WrittenSample } from '@sealward/sample'
import {
  activateKey,
  importTrustedPublishingDomain,
  listKeys,
  listTemplates,
  openService,
  operate,
  publishTemplate,
  readConfig,
  type ConfigInput,
  type Directory,
  type RunningServer,
  type Service,
} from '@sealward/service'

export interface Lakeside {
  /** Folder of the sample: `documents`, `tpd`, `expected.json`. */
  readonly folder: string
  readonly url: string
  readonly sample: WrittenSample
  readonly expected: readonly ExpectedDocument[]
  service(): Service
  /** Closes the service and opens it again on the same database, with other settings from then on. */
  restart(change?: Partial<ConfigInput>): Promise<void>
  client(user: string, door?: Door, options?: Partial<ClientOptions>): Client
  password(user: string): string
  /** A folder of its own for what a scenario writes. */
  newFolder(): string
  close(): Promise<void>
}

export interface LakesideOptions {
  readonly documents?: number
  /** Which cluster's key signs; `rms` unless told otherwise. */
  readonly active?: 'rms' | 'rms-old'
  /** The time of the service; that of the machine unless given. */
  readonly clock?: { now(): Date }
  /** Default `cluster`. */
  readonly personality?: 'cluster' | 'tenant'
  /** A directory in front of that of the sample, for people whom a directory file cannot hold. */
  readonly directory?: (sample: Directory) => Directory
}

export async function openLakeside(options: LakesideOptions = {}): Promise<Lakeside> {
  const base = mkdtempSync(join(tmpdir(), 'sealward-lakeside-'))
  const folder = join(base, 'sample')
  const { documents } = options
  const sample = await writeSampleOrganisation({
    directory: writeToDirectory(folder),
    ...(documents === undefined ? {} : { documents }),
    random: (count) => randomBytes(count),
    now: new Date(),
  })
  const url = `http://127.0.0.1:${await freePort()}`
  const masterKey = masterKeyFromFile(newMasterKeyFile((count) => randomBytes(count)))
  let settings: ConfigInput = {
    publicUrl: url,
    database: join(base, 'sealward.db'),
    directory: join(folder, 'directory.json'),
    listener: { port: Number(new URL(url).port) },
    personality: options.personality ?? 'cluster',
    domains: ['lakeside.example'],
    // The machines of the sample are of its own hierarchy, as Windows machines are of Microsoft's.
    trustedMachineAuthorities: Object.values(sample.organisation.hierarchies).map(
      ({ machine }) => machine.certificate.issuer.publicKey.fingerprint,
    ),
  }
  let running: { service: Service; server: RunningServer } | undefined
  const start = async (): Promise<void> => {
    const config = readConfig(settings)
    const service = await openService({
      config,
      masterKey,
      folder: base,
      requestLog: { write: () => undefined },
      ...(options.clock === undefined ? {} : { clock: options.clock }),
    })
    if (options.directory !== undefined) {
      Object.assign(service.context, { directory: options.directory(service.context.directory) })
    }
    if ((await listKeys(service.administration('setup'))).length === 0) await moveIn(service, folder, options)
    running = { service, server: await service.listen() }
  }
  const stop = async (): Promise<void> => {
    await running?.server.close()
    await running?.service.close()
    running = undefined
  }
  await start()
  const service = (): Service => {
    if (running === undefined) throw new Error('the service is closed')
    return running.service
  }
  const passwords = readPasswords(folder)
  const password = (user: string): string => passwords.get(user) ?? ''
  const anchors = (await listKeys(service().administration('setup'))).map((key) => key.root)
  let folders = 0
  const newFolder = (): string => {
    const path = join(base, `work-${folders++}`)
    mkdirSync(path, { mode: 0o700 })
    return path
  }
  return {
    folder,
    url,
    sample,
    expected: (JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as { documents: ExpectedDocument[] })
      .documents,
    service,
    restart: async (change = {}) => {
      settings = { ...settings, ...change }
      await stop()
      await start()
    },
    client: (user, door = 'soap', more = {}) =>
      createClient({
        serviceUrl: url,
        user,
        door,
        password: () => Buffer.from(password(user)),
        token: () => service().issueToken(user, 3_600_000),
        storeDirectory: join(base, 'client-store'),
        anchors,
        redirectEverything: true,
        ...more,
      }),
    password,
    newFolder,
    close: async () => {
      await stop()
      rmSync(base, { recursive: true })
    },
  }
}

async function moveIn(service: Service, folder: string, options: LakesideOptions): Promise<void> {
  const { active = 'rms', personality } = options
  const administration = service.administration('ines')
  const trustedRoots = ['mode-1', 'mode-2'].map(
    (name) =>
      (JSON.parse(readFileSync(join(folder, 'roots', `${name}.json`), 'utf8')) as { fingerprint: string }).fingerprint,
  )
  for (const cluster of ['rms-old', 'rms', 'legal']) {
    const imported = await importTrustedPublishingDomain(administration, {
      file: readFileSync(join(folder, 'tpd', `${cluster}.xml`)),
      password: readFileSync(join(folder, 'tpd', 'passwords', `${cluster}.txt`), 'utf8').trimEnd(),
      trustedRoots,
      ...(personality === 'tenant' ? { anyone: { grantTo: ['all-staff@lakeside.example'] } } : {}),
    })
    if (cluster === active) await activateKey(administration, { keyId: imported.keyId })
  }
  for (const { id, origin } of await listTemplates(administration))
    await publishTemplate(administration, { id, origin })
  if (personality === 'tenant') {
    await operate({ administration, core: service.context }, 'setState', { body: { state: 'enabled' } })
  }
}

export function readPasswords(folder: string): ReadonlyMap<string, string> {
  const lines = readFileSync(join(folder, 'people.txt'), 'utf8').trim().split('\n')
  return new Map(lines.map((line) => line.split(/\s+/) as [string, string]))
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
