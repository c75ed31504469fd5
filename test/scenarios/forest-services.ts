/**
 * Two organisations with a forest each: Lakeside and Harbour, each with its cluster and its directory file, two processes on
 * loopback. Each cluster knows the other one, and has an account there with which it signs in; nobody is admitted yet.
 */
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient, type Client } from '@sealward/client'
import { createAdminClient } from '@sealward/migration'
import {
  operationUrl,
  readSoapAnswer,
  writeSoapCall,
  type SoapAnswer,
  type SoapOperationName,
  type SoapRequestOf,
  type SoapResponseOf,
} from '@sealward/protocol'
import { hashPassword, type DirectoryFile } from '@sealward/service'
import { freePort } from './lakeside.ts'
import { programIn, type Program, type ServiceProcess } from './program.ts'

export type Side = 'lakeside' | 'harbour'
export const sides = ['lakeside', 'harbour'] as const
export const otherOf = { lakeside: 'harbour', harbour: 'lakeside' } as const

/** The account with which the other cluster signs in. */
export const visitingServer = { lakeside: 'harbour-rms@lakeside.example', harbour: 'lakeside-rms@harbour.example' }

export interface People {
  readonly users: readonly string[]
  readonly contacts: readonly string[]
  readonly groups: Readonly<Record<string, readonly string[]>>
}

export interface ForestServices {
  readonly folder: string
  readonly services: Readonly<Record<Side, ServiceProcess>>
  readonly done: Program['done']
  /** Fingerprint of the key that clients trust. */
  readonly roots: Readonly<Record<Side, string>>
  /** From now on these are the people of a side. */
  setPeople(side: Side, people: People): Promise<void>
  client(side: Side, user: string, store: string): Client
  /** As another server asks; without user nobody signs in. */
  ask<Name extends SoapOperationName>(
    side: Side,
    directory: string,
    operation: Name,
    request: SoapRequestOf<Name>,
    user?: string,
  ): Promise<SoapAnswer<SoapResponseOf<Name>>>
  close(): Promise<void>
}

const password = randomBytes(12).toString('base64url')

/** @param synchronised the sides whose service reads its directory file only when it is told to synchronise */
export async function openForestServices(
  start: Readonly<Record<Side, People>>,
  synchronised: readonly Side[] = [],
): Promise<ForestServices> {
  let people = start
  const folder = mkdtempSync(join(tmpdir(), 'sealward-forests-'))
  const program = programIn({ folder })
  const hashed = await hashPassword(password, (count) => randomBytes(count))
  const ports = { lakeside: await freePort(), harbour: await freePort() }
  const urlOf = (side: Side): string => `http://127.0.0.1:${ports[side]}`

  const write = (side: Side): void =>
    writeFileSync(join(folder, `${side}.json`), JSON.stringify(directoryOf(side, people[side], hashed)))

  const create = async (side: Side): Promise<ServiceProcess> => {
    write(side)
    const named = ['--organisation', side, '--domain', `${side}.example`, '--directory', `${side}.json`]
    const port = String(ports[side])
    await program.done('cluster', 'create', '--data', side, '--port', port, ...named, '--yes')
    mkdirSync(join(folder, side, 'secrets'), { mode: 0o700 })
    writeFileSync(join(folder, side, 'secrets', 'forest'), `${password}\n`, { mode: 0o600 })
    const other = otherOf[side]
    const path = join(folder, side, 'service.json')
    const config = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
    const forest = {
      name: `${other}.test`,
      domains: [`${other}.example`],
      serverUrl: urlOf(other),
      account: visitingServer[other],
      passwordFile: 'secrets/forest',
    }
    // Two seconds are for machines that have nothing else to do.
    const from = config['directory']
    const directory = synchronised.includes(side) ? { synchronised: { from } } : from
    writeFileSync(path, JSON.stringify({ ...config, directory, forests: [forest], forestSeconds: 60 }))
    if (synchronised.includes(side)) await program.done('directory', 'sync', '--data', side, '--yes')
    const service = program.service(side, urlOf(side))
    await service.start()
    return service
  }
  const [lakeside, harbour] = await Promise.all([create('lakeside'), create('harbour')])
  const services = { lakeside, harbour }
  const admin = (side: Side) => {
    const token = readFileSync(join(folder, side, 'admin-token'), 'utf8').trim()
    return createAdminClient({ url: services[side].url, token, actor: 'ines' })
  }
  const rootOf = async (side: Side): Promise<string> => (await admin(side).keys())[0]?.root ?? ''
  const roots = { lakeside: await rootOf('lakeside'), harbour: await rootOf('harbour') }
  const licensing = (side: Side): string => `${urlOf(side)}/_wmcs/licensing`

  return {
    folder,
    services,
    roots,
    done: program.done,
    async setPeople(side, changed) {
      people = { ...people, [side]: changed }
      write(side)
      const token = ['--admin-token-file', join(side, 'admin-token')]
      const words = synchronised.includes(side) ? ['sync', '--yes'] : ['flush']
      await program.done('directory', ...words, '--service', urlOf(side), ...token)
    },
    client: (side, user, store) =>
      createClient({
        serviceUrl: urlOf(side),
        user,
        password: () => Buffer.from(password),
        storeDirectory: join(folder, store),
        anchors: Object.values(roots),
        redirections: sides.map((each) => ({ from: licensing(each), to: licensing(each) })),
      }),
    async ask(side, directory, operation, request, user) {
      const { headers, body } = writeSoapCall(operation, request)
      const answer = await fetch(operationUrl(`${urlOf(side)}/_wmcs/${directory}`, operation), {
        method: 'POST',
        body,
        headers: {
          'content-type': headers.contentType,
          ...(user === undefined
            ? {}
            : { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` }),
        },
      })
      return readSoapAnswer(operation, new Uint8Array(await answer.arrayBuffer()))
    },
    close: async () => {
      for (const service of Object.values(services)) await service.stop()
      rmSync(folder, { recursive: true })
    },
  }
}

function directoryOf(side: Side, { users, contacts, groups }: People, hashed: string): DirectoryFile {
  return {
    users: [...users, visitingServer[side]].map((address, index) => ({
      id: `${side}-${address}`,
      sid: `S-1-5-21-7-7-${side === 'lakeside' ? 1 : 2}-${1000 + index}`,
      address,
      password: hashed,
    })),
    contacts: [...contacts],
    groups: Object.entries(groups).map(([address, members]) => ({ address, members: [...members] })),
  }
}
