/**
 * Two organisations before they move side by side: Lakeside, with the people and templates of the sample, and Harbour, made
 * with `cluster create`. Each has a cluster and an empty tenant, four processes on loopback. Tenants are called localhost, so
 * that no address is one of a cluster's.
 */
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient, type Client, type RedirectionRule } from '@sealward/client'
import { createAdminClient, type AdminApi } from '@sealward/migration'
import { hashPassword, type DirectoryFile } from '@sealward/service'
import { freePort } from './lakeside.ts'
import { programIn, type Program, type ServiceProcess } from './program.ts'

export type Side = 'lakeside' | 'harbour'
export type ServiceName = `${Side}-${'cluster' | 'tenant'}`

/** How a client reaches everything, as a file of the program says or as written down before there were files. */
export interface ClientConnection {
  readonly service: string
  readonly anchors: readonly string[]
  readonly redirections: readonly RedirectionRule[]
}

export interface PartnerServices {
  readonly folder: string
  readonly services: Readonly<Record<ServiceName, ServiceProcess>>
  readonly run: Program['run']
  readonly done: Program['done']
  admin(name: ServiceName): AdminApi
  client(user: string, connection: ClientConnection, store: string): Client
  close(): Promise<void>
}

/** Each side has one who moves early and one who stays; Harbour has one whose mail domain Lakeside does not know. */
export const people = {
  lakeside: { moves: 'anna.berg@lakeside.example', stays: 'omar.haddad@lakeside.example' },
  harbour: { moves: 'fritz@harbour.example', stays: 'gerda@harbour.example', unlisted: 'hanno@pier.example' },
} as const

const password = randomBytes(12).toString('base64url')

export async function openPartnerServices(): Promise<PartnerServices> {
  const folder = mkdtempSync(join(tmpdir(), 'sealward-partners-'))
  const program = programIn({ folder })
  const { run, done } = program
  const hashed = await hashPassword(password, (count) => randomBytes(count))
  for (const side of ['lakeside', 'harbour'] as const) {
    mkdirSync(join(folder, side, 'secrets'), { recursive: true, mode: 0o700 })
    writeFileSync(join(folder, side, 'directory.json'), JSON.stringify(directoryOf(side, hashed)))
  }

  async function create(name: ServiceName): Promise<ServiceProcess> {
    const [side = '', kind = ''] = name.split('-')
    const port = String(await freePort())
    const url = `http://${kind === 'tenant' ? 'localhost' : '127.0.0.1'}:${port}`
    const named = ['--organisation', side, '--directory', `${side}/directory.json`]
    const domains = side === 'harbour' ? ['harbour.example', 'pier.example'] : ['lakeside.example']
    const more = ['--public-url', url, ...domains.flatMap((domain) => ['--domain', domain]), '--yes']
    await done(kind, 'create', '--data', name, '--port', port, ...named, ...more)
    const service = program.service(name, url)
    await service.start()
    const token = readFileSync(join(folder, name, 'admin-token'))
    writeFileSync(join(folder, side, 'secrets', `${kind === 'tenant' ? kind : name}.token`), token)
    return service
  }

  const [a, b, c, d] = await Promise.all([
    create('lakeside-cluster'),
    create('harbour-cluster'),
    create('lakeside-tenant'),
    create('harbour-tenant'),
  ])
  const services = { 'lakeside-cluster': a, 'harbour-cluster': b, 'lakeside-tenant': c, 'harbour-tenant': d }
  return {
    folder,
    services,
    run,
    done,
    admin: (name) =>
      createAdminClient({
        url: services[name].url,
        token: readFileSync(join(folder, name, 'admin-token'), 'utf8').trim(),
        actor: 'ines',
      }),
    client: (user, { service, anchors, redirections }, store) =>
      createClient({
        serviceUrl: service,
        user,
        password: () => Buffer.from(password),
        storeDirectory: join(folder, store),
        anchors,
        redirections,
      }),
    close: async () => {
      for (const service of Object.values(services)) await service.stop()
      rmSync(folder, { recursive: true })
    },
  }
}

function directoryOf(side: Side, hashed: string): DirectoryFile {
  const domain = side === 'lakeside' ? 1 : 2
  const addresses = Object.values(people[side])
  return {
    users: addresses.map((address, index) => ({
      id: `${side}-${index}`,
      // Security identifiers of two forests may be the same.
      sid: `S-1-5-21-7-7-${index === 0 ? 7 : domain}-${1000 + index}`,
      address,
      password: hashed,
    })),
    groups: [
      {
        address: `moved@${side}.example`,
        displayName: 'Moved',
        kind: 'security',
        members: [people[side].moves],
      },
    ],
  }
}
