/** A service with the clusters of the sample organisation, set up as an administrator would, in a process of its own. */
import { randomBytes } from 'node:crypto'
import { closeSync, openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { masterKeyFromFile, newMasterKeyFile } from '@sealward/keys'
import { writeTpdFiles, type ClusterName, type SampleOrganisation } from '@sealward/sample'
import {
  activateKey,
  importTrustedPublishingDomain,
  listTemplates,
  openService,
  publishTemplate,
  readConfig,
  type AdministrationContext,
  type ConfigInput,
} from '@sealward/service'
import { removeFolder, start, temporaryFolder } from '../processes.ts'
import type { Person } from './accounts.ts'

export interface MeasuredService {
  readonly url: string
  readonly pid: number
  /** For the loads of this service; removed with it. */
  readonly folder: string
  /** Bearer tokens. */
  readonly tokens: ReadonlyMap<Person, string>
  close(): Promise<void>
}

const config = {
  publicUrl: 'https://rights.lakeside.example',
  database: 'sealward.db',
  directory: 'directory.json',
  listener: { port: 0 },
  // A thousand people come from one address, and what is measured is the service.
  rateLimits: {
    address: { burst: 1_000_000, perSecond: 1_000_000 },
    person: { burst: 1_000_000, perSecond: 1_000_000 },
  },
} satisfies ConfigInput

const tokenLifetime = 3_600_000

export async function startService(
  organisation: SampleOrganisation,
  active: ClusterName,
  people: readonly Person[],
): Promise<MeasuredService> {
  const folder = temporaryFolder()
  const tokens = await setUp(folder, organisation, active, people)
  const log = openSync(join(folder, 'requests.log'), 'w', 0o600)
  const serve = fileURLToPath(new URL('serve.ts', import.meta.url))
  const child = start(process.execPath, [serve, folder], { stdio: ['ignore', log, 'inherit', 'ipc'] })
  closeSync(log)
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const url = await new Promise<string>((resolve, reject) => {
    child.once('message', (message) => resolve((message as { url: string }).url))
    child.once('error', reject)
    void ended.then(() => reject(new Error('the service did not start')))
  })
  return {
    url,
    pid: child.pid ?? 0,
    folder,
    tokens,
    async close() {
      child.disconnect()
      await ended
      removeFolder(folder)
    },
  }
}

async function setUp(
  folder: string,
  organisation: SampleOrganisation,
  active: ClusterName,
  people: readonly Person[],
): Promise<ReadonlyMap<Person, string>> {
  const masterKeyFile = newMasterKeyFile((count) => randomBytes(count))
  const write = (name: string, content: string | Uint8Array): void =>
    writeFileSync(join(folder, name), content, { mode: 0o600 })
  write('config.json', JSON.stringify(config))
  write('master.key', masterKeyFile)
  write('directory.json', JSON.stringify({ users: people, groups: [] }))
  const service = await openService({ config: readConfig(config), masterKey: masterKeyFromFile(masterKeyFile), folder })
  try {
    await moveIn(service.administration('bench'), organisation, active)
    const tokens = new Map<Person, string>()
    for (const person of people) tokens.set(person, await service.issueToken(person.address, tokenLifetime))
    return tokens
  } finally {
    await service.close()
  }
}

async function moveIn(
  administration: AdministrationContext,
  organisation: SampleOrganisation,
  active: ClusterName,
): Promise<void> {
  const trustedRoots = Object.values(organisation.hierarchies).map(({ root }) => root.handle.publicKey.fingerprint)
  for (const { cluster, bytes, password } of writeTpdFiles(organisation, randomBytes)) {
    const { keyId } = await importTrustedPublishingDomain(administration, { file: bytes, password, trustedRoots })
    if (cluster === active) await activateKey(administration, { keyId })
  }
  for (const { id, origin } of await listTemplates(administration)) {
    await publishTemplate(administration, { id, origin })
  }
}
