/** A service of the test organisation over real TLS, which believes certificates of an authority of the test. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { request, type Agent } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type ConnectionOptions } from 'node:tls'
import { createAuthority, type Authority } from '../../../../test/peers/authority.ts'
import { createCertificateAuthentication } from '../auth/client-certificates/client-certificates.ts'
import { clientCertificatesSchema } from '../auth/client-certificates/settings.ts'
import { openClientAuthorities, type ClientAuthorities } from '../tls/client-authorities.ts'
import { makeLoopbackCertificate } from '../tls/self-signed.ts'
import type { HttpInput, RunningServer } from './server.ts'
import type { TestOrganisation } from './test-organisation.ts'

const day = 86_400_000
export const machineClock = { now: () => new Date() }

export function newPair() {
  const now = Date.now()
  return makeLoopbackCertificate(new Date(now - day), new Date(now + day), randomBytes(16))
}

/** Who of the organisation each certificate of the machines' authority stands for. */
const entries: readonly object[] = [
  { account: 'alice@lakeside.example', dnsName: 'mail01.lakeside.test' },
  { account: 'bob@lakeside.example', dnsName: 'files01.lakeside.test', issuer: 'CN=Servers,O=Lakeside' },
  { account: 'dora@lakeside.example', dnsName: 'disabled.lakeside.test' },
  { account: 'nobody@lakeside.example', dnsName: 'gone.lakeside.test' },
  { account: 'carol@lakeside.example', subject: 'CN=scan01,O=Lakeside', issuer: 'CN=Machines,O=Lakeside' },
]

export interface Trusting {
  readonly folder: string
  readonly machines: Authority
  readonly authorities: ClientAuthorities
  /** What the operator was told about the files. */
  readonly warnings: string[]
  /** PEM of the authorities that are believed. */
  believe(...roots: readonly Authority[]): void
  /** PEM of their revocation lists. */
  writeLists(...lists: readonly string[]): void
  /** The settings of the organisation with certificates believed. */
  settings(organisation: TestOrganisation, clock?: { now(): Date }): HttpInput
  close(): Promise<void>
}

/** @param revocation whether there is a file of revocation lists */
export function trustMachines(revocation = false): Trusting {
  const folder = mkdtempSync(join(tmpdir(), 'sealward-machines-'))
  const machines = createAuthority(folder, '/O=Lakeside/CN=Machines')
  const believe = (...roots: readonly Authority[]): void =>
    writeFileSync(join(folder, 'authorities.pem'), roots.map((root) => readFileSync(root.certificateFile)).join('\n'))
  const writeLists = (...lists: readonly string[]): void => writeFileSync(join(folder, 'lists.pem'), lists.join('\n'))
  believe(machines)
  writeLists(machines.revocationList())
  const files = { authoritiesFile: 'authorities.pem', ...(revocation ? { revocationListFile: 'lists.pem' } : {}) }
  const warnings: string[] = []
  const listener = { warn: ({ entries: said }: { readonly entries: readonly string[] }) => void warnings.push(...said) }
  const authorities = openClientAuthorities(files, folder, listener, 20)
  const { accounts } = clientCertificatesSchema.parse({ ...files, accounts: entries })
  return {
    folder,
    machines,
    authorities,
    warnings,
    believe,
    writeLists,
    settings(organisation, clock = machineClock) {
      const { settings, context } = organisation
      const world = { directory: context.directory, clock, authorities, entries: accounts }
      return {
        ...settings,
        licensingNeedsCaller: true,
        authentication: { ...settings.authentication, certificates: createCertificateAuthentication(world) },
        listener: { ...settings.listener, tls: { ...newPair(), clients: authorities } },
      }
    },
    async close() {
      await authorities.close()
      rmSync(folder, { recursive: true })
    },
  }
}

/** What a client shows: chain and key, PEM. */
export interface Shown {
  readonly cert: string
  readonly key: string
}

export interface Asked {
  readonly path?: string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly agent?: Agent
  readonly serverName?: string
}

export const rest = { path: '/my/v2/templates' } as const
export const soap = { path: '/_wmcs/licensing/license.asmx', method: 'POST' } as const

export interface Answer {
  readonly status: number
  readonly body: string
  readonly challenges: readonly string[]
  /** The code of the one line in the log, and its detail. */
  readonly code: string | undefined
  readonly detail: string
  readonly connection: string | undefined
}

/** One request over TLS. @param logged where the service writes its log */
export async function ask(
  server: RunningServer,
  logged: readonly string[],
  shown: Shown | undefined,
  { path = rest.path, method = 'GET', headers = {}, body: written = '', agent, serverName }: Asked = {},
): Promise<Answer> {
  const { hostname, port } = new URL(server.url)
  const sent = request({
    hostname,
    port,
    path,
    method,
    headers: { 'content-type': 'text/xml; charset=utf-8', ...headers },
    agent: agent ?? false,
    rejectUnauthorized: false,
    // Or the client would be ashamed of a weak key.
    ciphers: 'DEFAULT:@SECLEVEL=0',
    ...(serverName === undefined ? {} : { servername: serverName }),
    ...shown,
  })
  sent.end(written)
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  response.setEncoding('utf8')
  let body = ''
  for await (const part of response) body += String(part)
  const id = String(response.headers['x-sealward-correlation-id'])
  // The line is written after the answer.
  let line: string | undefined
  await eventually(async () => (line = logged.findLast((each) => each.includes(id))) !== undefined)
  const { code, detail = '' } = JSON.parse(line ?? '{}') as { readonly code?: string; readonly detail?: string }
  const { 'www-authenticate': challenge, connection } = response.headers
  return {
    status: response.statusCode ?? 0,
    body,
    challenges: challenge === undefined ? [] : [challenge],
    code,
    detail,
    connection,
  }
}

/** A connection by hand. @returns it, and what was received on it */
export async function connectTo(server: RunningServer, options: ConnectionOptions) {
  const { hostname, port } = new URL(server.url)
  const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false, ...options })
  await once(socket, 'secureConnect')
  return socket
}

/** Asks until the answer is as expected, for changes that count after a while. */
export async function eventually(look: () => Promise<boolean>): Promise<void> {
  const late = Date.now() + 30_000
  while (!(await look())) {
    assert.ok(Date.now() < late, 'it has not changed')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
