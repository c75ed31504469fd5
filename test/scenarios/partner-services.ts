/**
 * Two organisations before they move side by side: Lakeside, with the people and templates of the sample, and Harbour, made
 * with `cluster create`. Each has a cluster and an empty tenant, four processes on loopback. Tenants are called localhost, so
 * that no address is one of a cluster's.
 */
import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient, type Client, type RedirectionRule } from '@sealward/client'
import { createAdminClient, type AdminApi } from '@sealward/migration'
import { hashPassword, type DirectoryFile } from '@sealward/service'
import { freePort } from './lakeside.ts'

const project = join(import.meta.dirname, '..', '..')
const program = join(project, 'packages', 'cli', 'src', 'main.ts')
const environment = {
  ...process.env,
  NODE_COMPILE_CACHE: join(project, 'node_modules', '.cache', 'sealward-scenarios'),
}
const startMost = 60_000

export type Side = 'lakeside' | 'harbour'
export type ServiceName = `${Side}-${'cluster' | 'tenant'}`

export interface ProgramRun {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

interface ServiceProcess {
  readonly url: string
  start(): Promise<void>
  /** Ends the process by its id. */
  stop(): Promise<void>
}

/** How a client reaches everything, as a file of the program says or as written down before there were files. */
export interface ClientConnection {
  readonly service: string
  readonly anchors: readonly string[]
  readonly redirections: readonly RedirectionRule[]
}

export interface PartnerServices {
  readonly folder: string
  readonly services: Readonly<Record<ServiceName, ServiceProcess>>
  run(...args: readonly string[]): Promise<ProgramRun>
  /** Fails unless the program ends with 0; what it writes with `--json` is read. */
  done<T = unknown>(...args: readonly string[]): Promise<T>
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
  const run = (...args: readonly string[]): Promise<ProgramRun> => runProgram(folder, args)
  const done = async <T>(...args: readonly string[]): Promise<T> => {
    const { code, stdout, stderr } = await run(...args)
    assert.equal(code, 0, `${args.join(' ')}\n${stderr}`)
    return (args.includes('--json') ? JSON.parse(stdout) : undefined) as T
  }
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
    const service = serviceProcess(folder, name, url)
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

function runProgram(cwd: string, args: readonly string[]): Promise<ProgramRun> {
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
}

function serviceProcess(cwd: string, name: string, url: string): ServiceProcess {
  let child: ChildProcess | undefined
  return {
    url,
    async start() {
      const started = spawn(process.execPath, [program, 'serve', '--config', join(name, 'service.json')], {
        cwd,
        env: environment,
        stdio: ['ignore', 'ignore', 'pipe'],
      })
      child = started
      let said = ''
      started.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
      const late = Date.now() + startMost
      while (!said.includes('/admin/v1') || !existsSync(join(cwd, name, 'admin-token'))) {
        assert.equal(started.exitCode, null, said)
        assert.ok(Date.now() < late, `${name} did not start: ${said}`)
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    },
    async stop() {
      const running = child
      child = undefined
      if (running?.pid === undefined || running.exitCode !== null) return
      const ended = new Promise((resolve) => running.once('close', resolve))
      process.kill(running.pid, 'SIGTERM')
      await ended
    },
  }
}
