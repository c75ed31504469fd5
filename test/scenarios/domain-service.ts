/**
 * A service made and run with the program against a domain controller, which signs in with tickets: on loopback without TLS,
 * under the one name for which the service account has a key.
 */
import assert from 'node:assert/strict'
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Organisation, Person } from '../peers/people.ts'
import { environment, skipWithout } from '../peers/programs.ts'
import { skipWithoutSamba, startSamba, type SambaDomain } from '../peers/samba.ts'
import { freePort } from './lakeside.ts'

const program = join(import.meta.dirname, '..', '..', 'packages', 'cli', 'src', 'main.ts')

export const skipWithoutTickets = skipWithoutSamba || skipWithout(['curl', 'kinit', 'klist'])
export const password = 'Pass-of-2-people'
/** The account that owns the service's name. */
export const serviceAccount: Person = { name: 'svc-rms', services: ['HTTP/localhost'], password }

export interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface DomainService {
  readonly domain: SambaDomain
  /** Where the program works; also the data of the service. */
  readonly folder: string
  readonly url: string
  /** @param as whose tickets there are, if anybody's */
  readonly sealward: (args: readonly string[], as?: string) => Ended
  /** Environment of a program that has the tickets of an account. */
  readonly ticketsOf: (name: string) => NodeJS.ProcessEnv
  /** Changes one entry. @param lines of RFC 2849 */
  readonly change: (name: string, ...lines: readonly string[]) => void
  close(): Promise<void>
}

/** @param prepare changes the domain before the service is made */
export async function openDomainService(
  organisation: Organisation,
  prepare: (domain: SambaDomain) => Promise<void> = async () => undefined,
): Promise<DomainService> {
  const domain = await startSamba(organisation)
  await prepare(domain)
  const folder = mkdtempSync(join(tmpdir(), 'sealward-domain-service-'))
  const port = await freePort()
  const url = `http://localhost:${port}`
  const ticketsOf = (name: string): NodeJS.ProcessEnv => ({
    ...environment,
    KRB5_CONFIG: domain.kerberosConfigFile,
    KRB5CCNAME: `FILE:${join(folder, `tickets-${name}`)}`,
  })
  const sealward = (args: readonly string[], as = 'nobody'): Ended => {
    const options = { cwd: folder, encoding: 'utf8', env: ticketsOf(as) } as const
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], options)
    return { status, stdout, stderr }
  }
  const made = sealward([
    'cluster',
    'create',
    '--data',
    '.',
    '--port',
    String(port),
    '--domain',
    'lakeside.test',
    '--yes',
  ])
  assert.equal(made.status, 0, made.stderr)
  writeFileSync(join(folder, 'reader-password'), domain.reader.password, { mode: 0o600 })
  const source = { urls: [domain.secureUrl], caFile: domain.caFile, bindDn: domain.reader.dn }
  // What changes in the domain counts at once.
  const directory = {
    sources: [{ ...source, passwordFile: 'reader-password' }],
    cacheSeconds: 0,
    unknownCacheSeconds: 0,
  }
  const { workgroup, realm } = domain
  const windows = { domain: workgroup, realm, keytabFile: domain.exportKeytab('HTTP/localhost') }
  const config = JSON.parse(readFileSync(join(folder, 'service.json'), 'utf8')) as { authentication?: object }
  const authentication = { ...config.authentication, windows }
  writeFileSync(join(folder, 'service.json'), JSON.stringify({ ...config, publicUrl: url, directory, authentication }))
  const service = await serve(folder)
  return {
    domain,
    folder,
    url,
    sealward,
    ticketsOf,
    change: (name, ...lines) =>
      domain.change([`dn: ${domain.dnOf(name)}`, 'changetype: modify', ...lines, ''].join('\n')),
    async close() {
      const ended = new Promise((resolve) => service.once('close', resolve))
      service.kill('SIGTERM')
      await ended
      await domain.stop()
      rmSync(folder, { recursive: true })
    },
  }
}

async function serve(cwd: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [program, 'serve', '--config', 'service.json'], {
    cwd,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  while (!said.includes('/admin/v1')) {
    assert.equal(child.exitCode, null, said)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return child
}
