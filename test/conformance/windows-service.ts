/**
 * A service of Lakeside for Windows accounts, over TLS on loopback, with a domain controller as its directory; and clients
 * that others wrote: curl with MIT Kerberos or its own NTLM.
 */
import { execFile } from 'node:child_process'
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import { masterKeyFromFile, newMasterKeyFile } from '@sealward/keys'
import { writeSoapCall } from '@sealward/protocol'
import { createIdentity, openService, readConfig } from '@sealward/service'
import { publicKeyFromKeyObject } from '@sealward/xrml'
import { createServerCertificate } from '../peers/certificates.ts'
import type { Organisation } from '../peers/people.ts'
import { environment, run } from '../peers/programs.ts'
import type { SambaDomain } from '../peers/samba.ts'

export const host = 'rms.lakeside.test'
export const password = 'Pass-of-2-people'
export const certification = '/_wmcs/certification/certification.asmx'

export const lakeside: Organisation = {
  people: [
    { name: 'alice', mail: 'alice@lakeside.test', password },
    { name: 'bob', mail: 'bob@lakeside.test', password },
    { name: 'dora', mail: 'dora@lakeside.test', password },
    { name: 'zoe', mail: 'zoe@lakeside.test', disabled: true, password },
    { name: 'max', password },
    { name: 'svc-rms', services: [`HTTP/${host}`], password },
  ],
  groups: [],
}

export interface Answer {
  readonly status: number
  /** Values of WWW-Authenticate, one for each line. */
  readonly challenges: readonly string[]
  readonly body: string
  readonly correlationId: string
}

export interface WindowsService {
  readonly sids: ReadonlyMap<string, string>
  /** The line of the request log about it, which is written when the answer has left. */
  logLine(answer: Answer): Promise<string>
  /** Certify, by curl. @param name whose tickets it has */
  curl(name: string, ...args: readonly string[]): Promise<Answer & { readonly sent: string }>
  /** Certify over a connection of the agent, with that header or without. */
  certify(agent: Agent, headers?: Readonly<Record<string, string>>): Promise<Answer>
  agent(): Agent
  /** Ticket for a person, in a cache of its own. */
  signIn(name: string): void
  close(): Promise<void>
}

/** Kerberos alone needs the program of the system and nothing else of the domain. */
export interface WindowsServiceOptions {
  readonly ntlm: boolean
  /** Default `accepted`: the clients of these tests bind nothing. */
  readonly ntlmChannelBinding?: 'required' | 'accepted'
}

export async function openWindowsService(
  domain: SambaDomain,
  { ntlm, ntlmChannelBinding = 'accepted' }: WindowsServiceOptions,
): Promise<WindowsService> {
  const folder = mkdtempSync(join(tmpdir(), 'sealward-windows-service-'))
  const path = (name: string): string => join(folder, name)
  const certificate = createServerCertificate(folder, [`DNS:${host}`])
  const sids = securityIdentifiers(domain)
  writeFileSync(path('reader-password'), `${domain.reader.password}\n`)
  const log: string[] = []
  const service = await openService({
    config: readConfig({
      publicUrl: `https://${host}`,
      database: 'service.db',
      directory: {
        // What changes in the domain counts at once.
        cacheSeconds: 0,
        sources: [
          {
            urls: [domain.secureUrl],
            caFile: domain.caFile,
            bindDn: domain.reader.dn,
            passwordFile: 'reader-password',
          },
        ],
      },
      listener: { port: 0, certificateFile: certificate.certificateFile, keyFile: certificate.keyFile },
      authentication: {
        windows: {
          domain: domain.workgroup,
          realm: domain.realm,
          keytabFile: domain.exportKeytab(`HTTP/${host}`),
          ...(ntlm ? { ntlm, ntlmChannelBinding, helper: domain.ntlmAuth } : {}),
        },
      },
    }),
    masterKey: masterKeyFromFile(newMasterKeyFile(randomBytes)),
    folder,
    requestLog: { write: (line) => void log.push(line) },
  })
  await createIdentity(service.administration('set-up'))
  const server = await service.listen()
  const { port } = new URL(server.url)
  const ca = readFileSync(certificate.authorityFile)
  const agents: Agent[] = []

  function agent(): Agent {
    const made = new Agent({ keepAlive: true, maxSockets: 1, ca, servername: host })
    agents.push(made)
    return made
  }

  function send(options: { agent: Agent; path: string; body: string; headers: object }): Promise<Answer> {
    const { body, headers, ...rest } = options
    return new Promise((resolve, reject) => {
      const call = request({ host: '127.0.0.1', port, method: 'POST', ...rest, headers: { host, ...headers } })
      call.on('error', reject)
      call.on('response', (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (part: string) => {
          text += part
        })
        const challenges = response.headersDistinct['www-authenticate'] ?? []
        const correlationId = String(response.headers['x-sealward-correlation-id'])
        response.on('end', () => resolve({ status: response.statusCode ?? 0, challenges, body: text, correlationId }))
      })
      call.end(body)
    })
  }

  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const modulus = Buffer.from(publicKeyFromKeyObject(publicKey).modulus).toString('base64')
  const token = await service.issueToken('bob@lakeside.test', 60_000)
  const enrolled = await send({
    agent: agent(),
    path: '/sealward/v1/machine',
    body: JSON.stringify({ modulus }),
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  })
  const { chain } = JSON.parse(enrolled.body) as { readonly chain: readonly string[] }
  const call = writeSoapCall('Certify', { machineCertificateChain: chain, persistent: true }, { soapVersion: '1.1' })
  const soapHeaders = { 'content-type': call.headers.contentType, soapaction: call.headers.soapAction ?? '' }
  writeFileSync(path('certify.xml'), call.body)

  const ticketsOf = (name: string) => ({
    ...environment,
    KRB5_CONFIG: domain.kerberosConfigFile,
    KRB5CCNAME: `FILE:${path(`tickets-${name}`)}`,
  })
  return {
    sids,
    async logLine({ correlationId }) {
      for (let tries = 0; tries < 500; tries++) {
        const line = log.find((text) => text.includes(correlationId))
        if (line !== undefined) return line
        await setTimeout(20)
      }
      throw new Error(`nothing is logged about ${correlationId}`)
    },
    agent,
    certify: (connection, headers = {}) =>
      send({ agent: connection, path: certification, body: call.body, headers: { ...soapHeaders, ...headers } }),
    signIn: (name) => void run('kinit', [name], { env: ticketsOf(name), input: `${password}\n` }),
    async curl(name, ...args) {
      const files = ['--dump-header', path('head'), '--output', path('body'), '--stderr', path('sent')]
      const to = ['--resolve', `${host}:${port}:127.0.0.1`, '--cacert', certificate.authorityFile, '--max-time', '60']
      const headers = Object.entries(soapHeaders).flatMap(([key, value]) => ['--header', `${key}: ${value}`])
      const url = `https://${host}:${port}${certification}`
      const message = ['--data-binary', `@${path('certify.xml')}`, url]
      const all = ['--verbose', ...files, ...to, ...headers, ...args, ...message]
      // The service runs in this process: nothing may hold it up.
      await promisify(execFile)('curl', all, { env: ticketsOf(name), timeout: 60_000 })
      const last = readFileSync(path('head'), 'utf8').trimEnd().split('\r\n\r\n').at(-1) ?? ''
      return {
        status: Number(/^HTTP\/1\.1 (\d+)/.exec(last)?.[1]),
        challenges: [...last.matchAll(/^www-authenticate: (.*)\r?$/gim)].map(([, value = '']) => value.trim()),
        body: readFileSync(path('body'), 'utf8'),
        correlationId: /^x-sealward-correlation-id: (\S+)/im.exec(last)?.[1] ?? 'none',
        sent: readFileSync(path('sent'), 'utf8'),
      }
    },
    async close() {
      for (const made of agents) made.destroy()
      await server.close()
      await service.close()
      rmSync(folder, { recursive: true })
    },
  }
}

/** The service's directory: everybody with an address; dora is disabled there while her tickets still live. */
function securityIdentifiers({ secureUrl, baseDn, reader, caFile }: SambaDomain): ReadonlyMap<string, string> {
  const signIn = ['-H', secureUrl, '-D', reader.dn, '-w', reader.password]
  const env = { ...environment, LDAPTLS_CACERT: caFile }
  const search = ['-b', baseDn, '(objectClass=user)', 'sAMAccountName', 'objectSid']
  const found = run('ldapsearch', ['-x', '-LLL', '-o', 'ldif-wrap=no', ...signIn, ...search], { env })
  const entries = found.split('\n\n').flatMap((entry) => {
    const name = /^sAMAccountName: (.*)$/m.exec(entry)?.[1]
    const sid = /^objectSid:: (.*)$/m.exec(entry)?.[1]
    return name === undefined || sid === undefined ? [] : [[name, writeSid(Buffer.from(sid, 'base64'))] as const]
  })
  return new Map(entries)
}

/** MS-DTYP 2.4.2.2. */
function writeSid(bytes: Buffer): string {
  const parts = Array.from({ length: bytes[1] ?? 0 }, (_, index) => bytes.readUInt32LE(8 + 4 * index))
  return ['S', bytes[0], bytes.readUIntBE(2, 6), ...parts].join('-')
}
