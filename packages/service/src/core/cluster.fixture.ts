/**
 * For tests: a service with its own identity over a database in memory or in a file, and an organisation of invented
 * people. RSA keys come from a pool that all tests of a file share.
 */
import { createPrivateKey, generateKeyPairSync, randomBytes, randomUUID, type KeyObject } from 'node:crypto'
import { masterKeyFromFile, type MasterKey } from '@sealward/keys'
import type { AdministrationContext } from '../administration/change.ts'
import { createIdentity } from '../administration/create-identity.ts'
import { readDirectoryFile, type DirectoryFile } from '../directory/directory-file.ts'
import { contactsIn, groupsOf, groupsOfContact } from '../directory/file-groups.ts'
import { openStore } from '../store/open-store.ts'
import { createAccountCache } from './account-cache.ts'
import { requireActiveKey } from './configuration.ts'
import { openForests, type Forest } from './forests.ts'
import { configurationOf } from './load-configuration.ts'
import { personalities } from './personality.ts'
import type { Caller, Cluster, CoreContext, Directory, Random, RequestInfo } from './ports.ts'
import { createRateLimits } from './rate-limits.ts'
import { createUnsealThrottle } from './throttle.ts'
import { standardLimits } from './limits.ts'
import { noWindowsAccounts, type WindowsAccounts } from './windows-accounts.ts'

const pool = new Map<number, KeyObject[]>()

/** The nth key of a size; made when first asked for. */
export function pooledKey(bits: number, index: number): KeyObject {
  const keys = pool.get(bits) ?? []
  pool.set(bits, keys)
  while (keys.length <= index) {
    const pem = generateKeyPairSync('rsa', { modulusLength: bits }).privateKey.export({ format: 'pem', type: 'pkcs8' })
    keys.push(createPrivateKey(pem))
  }
  return at(keys, index)
}

export function at<T>(list: readonly T[], index: number): T {
  const item = list[index]
  if (item === undefined) throw new Error(`nothing at ${index}`)
  return item
}

export const start = new Date('2026-03-02T09:30:00Z')
export const masterKey: MasterKey = masterKeyFromFile(Buffer.from(randomBytes(32).toString('hex')))
export const info: RequestInfo = { correlationId: 'c-1', door: 'soap', remoteAddress: '192.0.2.7' }

export const people: DirectoryFile = {
  users: ['alice', 'ben', 'clara', 'dario', 'mallory'].map((name, index) => ({
    id: `id-${name}`,
    sid: `S-1-5-21-7-7-7-${1000 + index}`,
    address: `${name}@lakeside.example`,
    aliases: [`${name}.alias@lakeside.example`],
  })),
  groups: [
    { address: 'staff@lakeside.example', members: ['sales@lakeside.example', 'alice@lakeside.example'] },
    { address: 'sales@lakeside.example', members: ['north@lakeside.example'] },
    { address: 'north@lakeside.example', members: ['clara@lakeside.example', 'sales@lakeside.example'] },
  ],
}

export interface TestCluster {
  readonly context: CoreContext
  readonly administration: AdministrationContext
  /** Moves the clock. */
  setTime(time: Date): void
  setPeople(file: DirectoryFile): void
  caller(name: string): Promise<Caller>
}

export interface TestClusterOptions {
  readonly mode?: 1 | 2
  readonly file?: string
  readonly settings?: Partial<Cluster>
  /** False to open what is there. */
  readonly create?: boolean
  readonly keyOffset?: number
  readonly forests?: readonly Forest[]
  readonly accounts?: WindowsAccounts
}

// Time stands still here, and buckets do not fill again.
const plenty = { person: { burst: 1_000_000, perSecond: 1 }, address: { burst: 1_000_000, perSecond: 1 } }

export async function openTestCluster(options: TestClusterOptions = {}): Promise<TestCluster> {
  let now = start
  let entries = readDirectoryFile(JSON.stringify(people))
  const clock = { now: () => now }
  const directory: Directory = {
    findByAddress: async (address) => entries.usersByAddress.get(address.toLowerCase()),
    findBySid: async (sid) => entries.usersBySid.get(sid),
    findByAccount: async () => undefined,
    groupsOf: async (user) => groupsOf(entries, user),
    groupsOfContact: async (addresses) => groupsOfContact(entries, addresses),
    contactsIn: async (group) => contactsIn(entries, group),
    findGroup: async (address) => entries.groupsByAddress.get(address.toLowerCase()),
    verifyPassword: async () => undefined,
    flush: () => undefined,
    accounts: options.accounts ?? noWindowsAccounts,
  }
  const store = await openStore({ file: options.file ?? ':memory:', tenant: 'lakeside', masterKey })
  const random = pooledRandom(options.keyOffset ?? 0)
  const cluster = { ...defaultSettings, ...options.settings }
  const context: CoreContext = {
    cluster,
    directory,
    store,
    clock,
    random,
    configuration: configurationOf(store),
    unsealFailures: createUnsealThrottle(),
    rateLimits: createRateLimits(plenty),
    accountCache: createAccountCache(),
    forests: openForests(options.forests ?? [], 60_000),
  }
  const administration = { cluster, store, clock, random, actor: 'test' }
  if (options.create !== false) {
    await createIdentity(administration, { mode: options.mode ?? 2 })
    // A tenant serves nobody before it is activated.
    if (cluster.personality === 'tenant') await store.settings.put('tenantState', 'enabled', start)
  }
  return {
    context,
    administration,
    setTime: (time) => {
      now = time
    },
    setPeople: (file) => {
      entries = readDirectoryFile(JSON.stringify(file))
    },
    caller: async (name) => {
      const user = await directory.findByAddress(`${name}@lakeside.example`)
      if (user === undefined) throw new Error(`nobody is called ${name}`)
      return { user, authentication: 'basic' }
    },
  }
}

/** The first key of the pool is that of the one machine on which everybody works. */
const firstServiceKey = 1

function pooledRandom(offset: number): Random {
  const next = new Map<number, number>()
  return {
    bytes: (count) => randomBytes(count),
    guid: () => `{${randomUUID()}}`,
    keyPair: async (bits) => {
      const index = next.get(bits) ?? firstServiceKey + offset
      next.set(bits, index + 1)
      return pooledKey(bits, index)
    },
  }
}

const url = 'https://rights.lakeside.example/_wmcs'

const defaultSettings: Cluster = {
  tenant: 'lakeside',
  personality: 'cluster',
  nodeName: 'node-1',
  domains: [],
  organisation: 'Lakeside',
  quietDaysBeforeDisable: 14,
  baseUrl: url,
  certificationUrl: `${url}/certification`,
  licensingUrl: `${url}/licensing`,
  onlinePublishing: true,
  decommissioned: false,
  ...personalities.cluster,
  trustedMachineAuthorities: [],
  rootAccountIssuers: [],
  publishersForOthers: [],
  keyTransplant: 'alert',
  limits: standardLimits,
} as Cluster

/** The key of the one machine on which everybody works, of the size that the service wants. */
export async function machineKeyOf({ context }: TestCluster): Promise<KeyObject> {
  return pooledKey(requireActiveKey(await context.configuration()).mode.keyBits, 0)
}

/** The last record of a log. */
export async function lastRecord(
  cluster: TestCluster,
  log: 'licenses' | 'administration' = 'licenses',
): Promise<Record<string, unknown>> {
  const rows = await cluster.context.store.logs.read(log, 0, 10_000)
  return JSON.parse(at(rows, rows.length - 1).record) as Record<string, unknown>
}
