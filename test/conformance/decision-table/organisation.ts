/** One service of the decision table, on loopback with a directory file and a clock of the table. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient, type Client, type ClientOptions } from '@sealward/client'
import { masterKeyFromFile, newMasterKeyFile } from '@sealward/keys'
import {
  createIdentity,
  listKeys,
  openService,
  operate,
  readConfig,
  type AdminAnswer,
  type AdminOperationName,
  type AdminOperations,
  type ConfigInput,
  type RawAdminInput,
  type RunningServer,
  type Service,
} from '@sealward/service'
import { freePort } from '../../scenarios/lakeside.ts'

export interface Organisation {
  readonly url: string
  readonly adminToken: string
  /** Fingerprint of the root of its key. */
  readonly root: string
  service(): Service
  /** An operation of the administration. */
  administer<Name extends AdminOperationName>(
    name: Name,
    input?: Partial<RawAdminInput>,
  ): Promise<AdminAnswer<AdminOperations[Name]>>
  /** Replaces the directory, and has the service look. */
  setPeople(file: string): Promise<void>
  /** Of the stores of its people's clients. */
  readonly storeDirectory: string
  /** A client of one of its people. */
  client(user: string, options?: Partial<ClientOptions>): Client
  /** From then on nobody answers. */
  stop(): Promise<void>
  /** Opens it again on the same database, with other settings from then on. */
  restart(change: Partial<ConfigInput>): Promise<void>
  close(): Promise<void>
}

export interface OrganisationInput {
  readonly people: string
  readonly password: string
  readonly clock: { now(): Date }
  readonly settings: Partial<ConfigInput>
}

export async function openOrganisation({
  people,
  password,
  clock,
  ...input
}: OrganisationInput): Promise<Organisation> {
  const folder = mkdtempSync(join(tmpdir(), 'sealward-decisions-'))
  const url = `http://127.0.0.1:${await freePort()}`
  const masterKey = masterKeyFromFile(newMasterKeyFile(randomBytes))
  const directory = join(folder, 'people.json')
  writeFileSync(directory, people)
  let settings: ConfigInput = {
    publicUrl: url,
    database: 'sealward.db',
    directory: 'people.json',
    listener: { port: Number(new URL(url).port) },
    ...input.settings,
  }
  let running: { readonly service: Service; readonly server: RunningServer } | undefined
  const start = async (): Promise<void> => {
    const config = readConfig(settings)
    const service = await openService({ config, masterKey, folder, clock, requestLog: { write: () => undefined } })
    if ((await listKeys(service.administration('set-up'))).length === 0) {
      await createIdentity(service.administration('set-up'))
    }
    running = { service, server: await service.listen() }
  }
  const stop = async (): Promise<void> => {
    const stopping = running
    running = undefined
    await stopping?.server.close()
    await stopping?.service.close()
  }
  const service = (): Service => {
    if (running === undefined) throw new Error('the service is closed')
    return running.service
  }
  await start()
  const storeDirectory = join(folder, 'client-store')
  const [key] = await listKeys(service().administration('set-up'))
  const administer: Organisation['administer'] = async (name, raw = {}) => {
    const opened = service()
    const parts = { administration: opened.administration('table'), core: opened.context }
    const answer = await operate(parts, name, raw)
    return answer as AdminAnswer<AdminOperations[typeof name]>
  }
  return {
    url,
    adminToken: readFileSync(join(folder, 'admin-token'), 'utf8').trim(),
    root: key?.root ?? '',
    storeDirectory,
    service,
    administer,
    setPeople: async (file) => {
      writeFileSync(directory, file)
      await administer('flushDirectory')
    },
    client: (user, options = {}) =>
      createClient({
        serviceUrl: url,
        user,
        password: () => Buffer.from(password),
        storeDirectory,
        anchors: [key?.root ?? ''],
        now: () => clock.now(),
        ...options,
      }),
    stop,
    restart: async (change) => {
      settings = { ...settings, ...change }
      await stop()
      await start()
    },
    close: async () => {
      await stop()
      rmSync(folder, { recursive: true })
    },
  }
}
