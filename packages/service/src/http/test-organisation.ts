/**
 * A small organisation for tests of the doors: the real core over a database in memory, a cluster in mode 2 with its own
 * hierarchy, and four people: alice and bob in sales, carol in no group, and dora in travel, disabled.
 */
import { generateKeyPair, randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { FastifyInstance } from 'fastify'
import { masterKeyFromFile } from '@sealward/keys'
import { createIdentity } from '../administration/create-identity.ts'
import { createTemplate } from '../administration/templates.ts'
import { createBasicAuthentication } from '../auth/basic.ts'
import { createBearerAuthentication, protocolAudience } from '../auth/bearer.ts'
import { createPasswordCheck } from '../auth/password-check.ts'
import { issueToken, localTokenIssuer } from '../auth/local-token-issuer.ts'
import { createAccountCache } from '../core/account-cache.ts'
import { openForests } from '../core/forests.ts'
import { configurationOf } from '../core/load-configuration.ts'
import type { Cluster, CoreContext, Directory, Random } from '../core/ports.ts'
import { createRateLimits, defaultRateLimits } from '../core/rate-limits.ts'
import { createUnsealThrottle } from '../core/throttle.ts'
import type { DirectoryFile } from '../directory/directory-file.ts'
import { openLocalDirectory } from '../directory/local.ts'
import { hashPassword } from '../directory/password.ts'
import { openStore } from '../store/open-store.ts'
import { createRequestLog } from './request-log.ts'
import { createRequestRows } from './request-rows.ts'
import { createServer, type HttpInput } from './server.ts'
import { standardLimits } from '../core/limits.ts'

export const publicUrl = 'https://rms.lakeside.example'
export const testPassword = 'Seerosen-blühen-17'
export const testTime = new Date('2026-05-04T12:00:00Z')

export type Person = 'alice' | 'bob' | 'carol' | 'dora'

export interface TestOrganisation {
  readonly context: CoreContext
  /** Of the one template, in braces. */
  readonly templateId: string
  /** A server that does not listen. */
  server(changes?: Partial<HttpInput>): FastifyInstance
  /** The settings of such a server. */
  readonly settings: HttpInput
  /** Everything that was logged. */
  readonly logged: readonly string[]
  /** An Authorization header. */
  bearer(person: Person): Promise<string>
  basic(person: Person): string
  /** Changes the directory: these accounts are disabled, and no others. */
  disable(...persons: readonly Person[]): Promise<void>
  close(): Promise<void>
}

/** @param database path of its file; in memory without one */
export async function openTestOrganisation(
  clusterChanges: Partial<Cluster> = {},
  database = ':memory:',
): Promise<TestOrganisation> {
  const folder = await mkdtemp(join(tmpdir(), 'sealward-http-'))
  const file = join(folder, 'directory.json')
  const password = await hashPassword(testPassword, randomBytes)
  const write = (disabled: readonly Person[]): Promise<void> =>
    writeFile(file, JSON.stringify(people(password, disabled)), { mode: 0o600 })
  await write(['dora'])
  const clock = { now: () => testTime }
  const directory = await openLocalDirectory({ file, clock })
  const { context, templateId } = await openContext(directory, { ...cluster, ...clusterChanges }, database)
  const logged: string[] = []
  const servers: FastifyInstance[] = []
  const settings: HttpInput = {
    context,
    authentication: {
      basic: createBasicAuthentication({ passwords: createPasswordCheck({ directory, clock }), realm: 'Sealward' }),
      bearer: createBearerAuthentication({
        directory,
        store: context.store,
        clock,
        serviceUrl: publicUrl,
        issuers: [localTokenIssuer(context)],
      }),
    },
    listener: { host: '127.0.0.1', port: 0, encryptedByProxy: false },
    challenge: {
      form: 'on-premises',
      authorization: `${publicUrl}/sealward/authorize`,
      resource: protocolAudience,
    },
    licensingNeedsCaller: false,
    trustedProxies: [],
    rows: createRequestRows(context.store),
    log: createRequestLog({ write: (line) => void logged.push(line) }),
  }
  return {
    context,
    templateId,
    settings,
    logged,
    server(changes = {}) {
      const server = createServer({ ...settings, ...changes })
      servers.push(server)
      return server
    },
    async bearer(person) {
      const user = await directory.findByAddress(addressOf(person))
      if (user === undefined) throw new Error(`no ${person}`)
      return `Bearer ${await issueToken(context, { user, lifetime: 3_600_000 })}`
    },
    disable: async (...persons) => {
      await write(persons)
      directory.flush()
    },
    basic: (person) => `Basic ${Buffer.from(`${addressOf(person)}:${testPassword}`).toString('base64')}`,
    async close() {
      for (const server of servers) await server.close()
      await settings.rows.settled()
      await context.store.close()
      await rm(folder, { recursive: true })
    },
  }
}

export function addressOf(person: Person): string {
  return `${person}@lakeside.example`
}

function people(password: string, disabled: readonly Person[]): DirectoryFile {
  const user = (person: Person, number: number) => ({
    id: `user-${person}`,
    sid: `S-1-5-21-11-22-33-${number}`,
    address: addressOf(person),
    displayName: person,
    disabled: disabled.includes(person),
    password,
  })
  return {
    users: [user('alice', 1001), user('bob', 1002), user('carol', 1003), user('dora', 1004)],
    groups: [
      { address: 'sales@lakeside.example', members: [addressOf('alice'), addressOf('bob')] },
      { address: 'travel@lakeside.example', aliases: ['journeys@lakeside.example'], members: [addressOf('dora')] },
      { address: 'partners@lakeside.example', members: ['fritz@harbour.example'] },
    ],
    contacts: ['fritz@harbour.example'],
  }
}

async function openContext(
  directory: Directory,
  settings: Cluster,
  file: string,
): Promise<{ readonly context: CoreContext; readonly templateId: string }> {
  const masterKey = masterKeyFromFile(Buffer.from(randomBytes(32).toString('hex')))
  const store = await openStore({ file, tenant: 'lakeside', masterKey })
  const context: CoreContext = {
    cluster: settings,
    directory,
    store,
    clock: { now: () => testTime },
    random,
    configuration: configurationOf(store),
    unsealFailures: createUnsealThrottle(),
    rateLimits: createRateLimits(defaultRateLimits),
    accountCache: createAccountCache(),
    forests: openForests([], 2_000),
  }
  await createIdentity({ ...context, cluster: settings, actor: 'test' })
  // A tenant serves nobody before it is activated.
  if (settings.personality === 'tenant') await store.settings.put('tenantState', 'enabled', testTime)
  // The first name is without description: that, too, must reach REST clients in a form that they accept.
  const { id } = await createTemplate(
    { ...context, actor: 'test' },
    {
      names: [
        { lcid: 1033, name: 'Lakeside Confidential', description: '' },
        { lcid: 1031, name: 'Lakeside Vertraulich', description: 'Nur für Mitarbeiter' },
      ],
      grants: [{ to: 'sales@lakeside.example', rights: ['VIEW', 'EDIT'] }],
      referral: 'mailto:help@lakeside.example',
      state: 'published',
    },
  )
  return { context, templateId: id }
}

const random: Random = {
  bytes: (count) => randomBytes(count),
  guid: () => `{${randomUUID()}}`,
  keyPair: async (bits) => (await promisify(generateKeyPair)('rsa', { modulusLength: bits })).privateKey,
}

const day = 86_400_000

const cluster: Cluster = {
  tenant: 'lakeside',
  personality: 'cluster',
  nodeName: 'node-1',
  domains: [],
  organisation: 'Lakeside',
  quietDaysBeforeDisable: 14,
  baseUrl: `${publicUrl}/_wmcs`,
  certificationUrl: `${publicUrl}/_wmcs/certification`,
  licensingUrl: `${publicUrl}/_wmcs/licensing`,
  onlinePublishing: true,
  decommissioned: false,
  persistentValidity: 365 * day,
  temporaryValidity: day / 96,
  validityTolerance: day,
  creationTimeTolerance: 30 * day,
  trustedMachineAuthorities: [],
  rootAccountIssuers: [],
  publishersForOthers: [],
  keyTransplant: 'alert',
  limits: standardLimits,
}
