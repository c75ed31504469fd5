/**
 * Services for a rehearsal of the exit, each on a free port of this machine: the one that is left, as it is today, and an
 * empty one. People sign in with tokens that the services issue themselves, so nobody's password is needed.
 */
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createClient, type Client } from '@sealward/client'
import { openerWithClients, type EmptyInstance, type Opener } from '@sealward/migration'
import { absoluteDirectory, openService, originOf, type Config, type Service } from '@sealward/service'
import type { Administration } from '../connection/administration.ts'
import { administrationOf } from '../data/data-administration.ts'
import { dataFiles, ensureDataFolder, readDataConfig } from '../data/data-directory.ts'
import { actor } from '../data/actor.ts'
import { readMasterKey } from '../data/master-key.ts'
import { serviceAddress } from '../data/service-address.ts'
import { freePort } from '../start/free-port.ts'

export interface RehearsalService {
  readonly administration: Administration
  /** Listens from the first client on. */
  readonly client: (user: string) => Promise<Client>
  readonly open: Opener
  readonly close: () => Promise<void>
}

const tokenLifetime = 10 * 60_000

/** The service of a data directory, beside the one that may be running there. */
export async function serviceAsToday(data: string, documents: string, stores: string): Promise<RehearsalService> {
  const config = readDataConfig(data)
  return rehearsalService({ config, folder: resolve(data), documents, stores })
}

/** An empty tenant with the people of the service. @param folder empty */
export async function emptyInstance(data: string, documents: string, folder: string): Promise<EmptyInstance> {
  const { directory, domains, organisation } = readDataConfig(data)
  ensureDataFolder(folder)
  const config: Config = {
    ...readDataConfig(data),
    personality: 'tenant',
    database: dataFiles.database,
    directory: absoluteDirectory(originOf(directory), resolve(data)),
    domains,
    organisation,
  }
  const service = await rehearsalService({ config, folder, documents, stores: join(folder, 'clients') })
  const { call } = service.administration
  return {
    admin: {
      keys: () => call('listKeys'),
      importDomain: ({ file, trustedRoots, anyone, ...rest }) =>
        call('importKey', {
          body: {
            ...rest,
            file: Buffer.from(file).toString('base64'),
            trustedRoots: [...trustedRoots],
            // What everybody may do comes from the export itself; nothing is lost by leaving it out of the comparison.
            anyone: typeof anyone === 'object' ? { grantTo: [...anyone.grantTo] } : (anyone ?? 'drop'),
          },
        }),
      templates: () => call('listTemplates', { query: {} }),
      async publishTemplate(id) {
        await call('publishTemplate', { parameters: { id } })
      },
    },
    async open(path, address) {
      const { state } = await call('getConfiguration')
      if (state === 'not-activated') await call('setState', { body: { state: 'enabled' } })
      return service.open(path, address)
    },
    close: service.close,
  }
}

interface RehearsalInput {
  readonly config: Config
  readonly folder: string
  readonly documents: string
  /** For what the clients of the rehearsal keep. */
  readonly stores: string
}

async function rehearsalService({ config, folder, documents, stores }: RehearsalInput): Promise<RehearsalService> {
  const port = await freePort(0)
  const publicUrl = `http://127.0.0.1:${port}`
  const { takeoverListener: _, ...rest } = config
  const listener = { host: '127.0.0.1', port, loopbackCertificate: false, encryptedByProxy: false, trustedProxies: [] }
  const masterKey = await readMasterKey(folder)
  const quiet = { write: () => undefined }
  const local = { ...rest, publicUrl, listener }
  const serviceUrl = serviceAddress(local)
  const service = await openService({ config: local, masterKey, folder, requestLog: quiet })
  const administration = administrationOf(service, actor(), folder)
  let listening: Promise<Listening> | undefined
  const client = async (user: string): Promise<Client> => {
    listening ??= listen({ service, administration, serviceUrl, stores })
    return (await listening).client(user)
  }
  return {
    administration,
    client,
    open: openerWithClients(documents, client),
    async close() {
      await (await listening)?.close()
      await service.close()
    },
  }
}

interface ListenInput {
  readonly service: Service
  readonly administration: Administration
  readonly serviceUrl: string
  readonly stores: string
}

interface Listening {
  readonly client: (user: string) => Client
  readonly close: () => Promise<void>
}

async function listen({ service, administration, serviceUrl, stores }: ListenInput): Promise<Listening> {
  const anchors = [...new Set((await administration.call('listKeys')).map(({ root }) => root))]
  const running = await service.listen()
  mkdirSync(stores, { recursive: true, mode: 0o700 })
  const client = (user: string): Client =>
    createClient({
      serviceUrl,
      user,
      door: 'rest',
      token: () => service.issueToken(user, tokenLifetime),
      storeDirectory: stores,
      anchors,
      redirectEverything: true,
    })
  return { client, close: () => running.close() }
}
