/**
 * `sealward doctor` beside a service that is well, and beside one where something is wrong: clock, directory, service
 * connection point, service records, certificate, identity provider, files. Every fault is made with a real peer.
 */
import assert from 'node:assert/strict'
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import type { ChildProcess } from 'node:child_process'
import { createServer as createHttpServer } from 'node:http'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { createServer as createTlsServer } from 'node:tls'
import { skipWithoutSamba, startSamba, type SambaDomain } from '../peers/samba.ts'
import { startDiscoveredService, type DiscoveredService } from './discovered-service.ts'
import { freePort } from './lakeside.ts'
import { startNameServer, type NameServer } from './name-server.ts'
import { programIn, type Program } from './program.ts'

interface Finding {
  readonly check: string
  readonly outcome: 'fine' | 'wrong' | 'skipped'
  readonly found: string
  readonly code: string | null
  readonly cause: string | null
  readonly cure: string | null
}

interface Answer {
  readonly code: number | null
  readonly wrong: number
  readonly findings: readonly Finding[]
}

let here: DiscoveredService
let names: NameServer
const servers: Server[] = []
const children: ChildProcess[] = []

before(async () => {
  ;[here, names] = await Promise.all([startDiscoveredService(), startNameServer()])
  pointTo('localhost')
})
after(async () => {
  for (const child of children) child.kill('SIGKILL')
  for (const server of servers) server.close()
  names.close()
  await here.close()
})

function pointTo(...targets: readonly string[]): void {
  names.records.set(
    '_rmsdisco._http._tcp.lakeside.example',
    targets.map((target) => ({ target, port: 443 })),
  )
}

async function doctorOf(program: Program, ...args: readonly string[]): Promise<Answer> {
  const { code, stdout, stderr } = await program.run('doctor', ...args, '--json')
  assert.match(stdout, /^\{/, stderr)
  const { wrong, findings } = JSON.parse(stdout) as Omit<Answer, 'code'>
  for (const finding of findings.filter(({ outcome }) => outcome === 'wrong')) {
    assert.ok(finding.code !== null && finding.cause !== null && finding.cure !== null, JSON.stringify(finding))
  }
  return { code, wrong, findings }
}

const doctor = (...args: readonly string[]): Promise<Answer> => doctorOf(here.program, ...args)

const records = (server: string): Promise<Answer> =>
  doctor('--data', 'service', '--only', 'srv', '--name-server', server)

function wrongs({ findings }: Answer): readonly string[] {
  return findings.flatMap(({ outcome, check, code }) => (outcome === 'wrong' ? [`${check} ${code ?? ''}`] : []))
}

/** The configuration of the service with something else in it. @returns its path */
function configured(name: string, change: object): string {
  const config = JSON.parse(readFileSync(join(here.folder, 'service', 'service.json'), 'utf8')) as object
  writeFileSync(join(here.folder, 'service', name), JSON.stringify({ ...config, ...change }))
  return join('service', name)
}

async function listening(server: Server): Promise<number> {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

function directoryAt(port: number): object {
  writeFileSync(join(here.folder, 'service', 'reader'), 'Pass-of-2-people\n', { mode: 0o600 })
  const source = { urls: [`ldap://127.0.0.1:${port}`], plaintext: true, bindDn: 'cn=reader', passwordFile: 'reader' }
  return { directory: { sources: [source], timeoutSeconds: 1 } }
}

test('finds nothing wrong where everything is well, and says so in every check', async () => {
  const answer = await doctor('--data', 'service', '--name-server', names.address)
  assert.deepEqual(wrongs(answer), [])
  assert.equal(answer.code, 0)
  assert.equal(answer.wrong, 0)
  const fine = new Set(answer.findings.flatMap(({ outcome, check }) => (outcome === 'fine' ? [check] : [])))
  const looked = 'configuration limits files master-key database clock directory srv certificate service disk'
  assert.deepEqual([...fine], looked.split(' '))
  const { code, stdout, stderr } = await here.program.run('doctor', '--data', 'service')
  assert.equal(code, 0)
  assert.match(stdout, /^fine +database +.*the log of licenses has \d+ rows and a sound head$/m)
  assert.match(stderr, /nothing is wrong/)
})

test('looks from outside with nothing but an address', async () => {
  const answer = await doctor('--service', here.url)
  assert.equal(answer.code, 0)
  assert.deepEqual(
    answer.findings.map(({ check, outcome }) => `${check} ${outcome}`),
    ['clock fine', 'certificate fine', 'service fine'],
  )
})

test('names a service whose clock is wrong', async () => {
  const shift = join(here.folder, 'shift.mjs')
  writeFileSync(
    shift,
    `const Real = Date
     const ahead = () => Real.now() + 600_000
     globalThis.Date = class extends Real {
       constructor(...given) { given.length === 0 ? super(ahead()) : super(...given) }
       static now() { return ahead() }
     }`,
  )
  const port = await freePort()
  const { listener } = JSON.parse(readFileSync(join(here.folder, 'service', 'service.json'), 'utf8')) as {
    readonly listener: object
  }
  const config = configured('shifted.json', { listener: { ...listener, port } })
  const variables = { NODE_OPTIONS: `--import=${shift}` }
  const shifted = programIn({ folder: here.folder, variables, onStart: (_kind, child) => void children.push(child) })
  void shifted.run('serve', '--config', config)
  const late = Date.now() + 60_000
  const authority = ['--ca-file', join(here.folder, 'ca.pem')]
  let answer: Answer
  do answer = await doctor('--service', `https://localhost:${port}`, ...authority, '--only', 'clock')
  while (answer.findings[0]?.outcome === 'skipped' && Date.now() < late)
  assert.deepEqual(wrongs(answer), ['clock clock-wrong'])
  assert.equal(answer.code, 1)
  assert.match(answer.findings[0]?.found ?? '', /the service is (?:59\d|60\d) s ahead of this machine/)
})

test('names a directory that is closed, and one that never answers', async () => {
  const gone = await listening(createServer())
  await new Promise((resolve) => servers.pop()?.close(resolve))
  const hole = await listening(createServer(() => undefined))
  for (const port of [gone, hole]) {
    const config = configured('ldap.json', directoryAt(port))
    const answer = await doctor('--config', config, '--only', 'directory')
    assert.deepEqual(wrongs(answer), ['directory directory-unavailable'])
    assert.equal(answer.code, 1)
    assert.match(answer.findings[0]?.found ?? '', new RegExp(`127.0.0.1:${port}`))
  }
})

test('names a service record that is missing, one that leads elsewhere, and a name server that is silent', async () => {
  pointTo()
  assert.deepEqual(wrongs(await records(names.address)), ['srv service-record-missing'])
  pointTo('old.lakeside.example')
  const elsewhere = await records(names.address)
  assert.deepEqual(wrongs(elsewhere), ['srv service-record-elsewhere'])
  assert.match(elsewhere.findings[0]?.found ?? '', /old\.lakeside\.example/)
  pointTo('localhost')
  assert.equal((await records(names.address)).code, 0)
  const nobody = `127.0.0.1:${await freePort()}`
  assert.deepEqual(wrongs(await records(nobody)), ['srv name-server-unavailable'])
})

test('names a certificate that is not trusted, until its authority is', async () => {
  const stranger = programIn({ folder: here.folder, variables: { XDG_DATA_HOME: join(here.folder, 'home') } })
  const look = ['--service', here.url, '--only', 'certificate'] as const
  const answer = await doctorOf(stranger, ...look)
  assert.deepEqual(wrongs(answer), ['certificate listener-certificate-untrusted'])
  assert.equal(answer.code, 1)
  assert.equal((await doctorOf(stranger, ...look, '--ca-file', 'ca.pem')).code, 0)
})

test('names a certificate that signs itself and has another name', async () => {
  const [cert, key] = ['ca.pem', 'ca.key'].map((name) => readFileSync(join(here.folder, name)))
  const port = await listening(createTlsServer({ cert, key }))
  const stranger = programIn({ folder: here.folder, variables: { XDG_DATA_HOME: join(here.folder, 'home') } })
  const answer = await doctorOf(stranger, '--service', `https://localhost:${port}`, '--only', 'certificate')
  assert.deepEqual(wrongs(answer), [
    'certificate listener-certificate-name',
    'certificate listener-certificate-untrusted',
  ])
})

test('names an identity provider that calls itself something else', async () => {
  let named = ''
  const server = createHttpServer((request, response) => {
    assert.equal(request.url, '/tenant/.well-known/openid-configuration')
    response.end(JSON.stringify({ issuer: named, jwks_uri: 'http://127.0.0.1:9/keys' }))
  })
  const issuer = `http://127.0.0.1:${await listening(server)}/tenant`
  writeFileSync(join(here.folder, 'service', 'keys.json'), '{"keys":[]}')
  const provider = { issuer, keysFile: 'keys.json', algorithms: ['RS256'], domains: ['lakeside.example'] }
  const config = configured('issuers.json', { authentication: { issuers: [provider] } })
  const look = (): Promise<Answer> => doctor('--config', config, '--only', 'issuers')
  named = `${issuer}/`
  const answer = await look()
  assert.deepEqual(wrongs(answer), ['issuers token-issuer-differs'])
  assert.equal(answer.code, 1)
  named = issuer
  assert.deepEqual(wrongs(await look()), [])
  const breaking = configured('breaking.json', { authentication: { authorizationUrl: 'https://a.example/?a=b,c' } })
  assert.deepEqual(wrongs(await doctor('--config', breaking, '--only', 'issuers')), ['issuers configuration-invalid'])
})

test('names files that others may read, and a configuration that is not valid', async () => {
  const token = join(here.folder, 'service', 'admin-token')
  chmodSync(token, 0o644)
  const loose = await doctor('--data', 'service', '--only', 'files')
  chmodSync(token, 0o600)
  assert.deepEqual(wrongs(loose), ['files file-mode-loose'])
  assert.match(loose.findings[0]?.found ?? '', /admin-token has mode 644/)
  const invalid = await doctor('--config', configured('invalid.json', { publicUrl: 'nowhere' }))
  assert.deepEqual(wrongs(invalid), ['configuration configuration-invalid'])
  assert.equal((await here.program.run('doctor', '--only', 'everything', '--data', 'service')).code, 2)
})

test('names a service that does not answer', async () => {
  const answer = await doctor('--service', `https://localhost:${await freePort()}`)
  assert.deepEqual(wrongs(answer), ['certificate service-unreachable', 'service service-unreachable'])
})

suite('a forest that names a cluster', { skip: skipWithoutSamba }, () => {
  let domain: SambaDomain
  before(async () => {
    const group = { name: 'staff', mail: 'staff@lakeside.test', members: ['anna'] }
    domain = await startSamba({ people: [{ name: 'anna', password: 'Pass-of-2-people' }], groups: [group] })
  })
  after(() => domain.stop())

  test('is wrong where it names none or another one, and fine where it names this one', async () => {
    writeFileSync(join(here.folder, 'service', 'reading'), `${domain.reader.password}\n`, { mode: 0o600 })
    writeFileSync(join(here.folder, 'administrator'), domain.administrator.password, { mode: 0o600 })
    const source = {
      urls: [domain.secureUrl],
      caFile: domain.caFile,
      bindDn: domain.reader.dn,
      passwordFile: 'reading',
    }
    const config = configured('forest.json', { directory: { sources: [source] } })
    const look = (): Promise<Answer> =>
      doctor('--config', config, '--only', 'directory', '--only', 'scp', '--only', 'clock')
    assert.deepEqual(wrongs(await look()), ['scp scp-missing'])
    const account = [
      '--account',
      domain.administrator.dn,
      '--password-file',
      'administrator',
      '--ca-file',
      domain.caFile,
    ]
    const register = (url: string): Promise<unknown> =>
      here.program.done('scp', 'register', url, '--directory', domain.secureUrl, ...account, '--foreign', '--yes')
    await register('https://other.lakeside.test')
    const elsewhere = await look()
    assert.deepEqual(wrongs(elsewhere), ['scp scp-elsewhere'])
    assert.equal(elsewhere.code, 1)
    assert.match(elsewhere.findings.at(-1)?.found ?? '', /https:\/\/other\.lakeside\.test/)
    await register(here.url)
    const answer = await look()
    assert.equal(answer.code, 0, JSON.stringify(answer.findings))
    assert.match(
      answer.findings.map(({ found }) => found).join('\n'),
      /the directory .* is \d s (?:ahead of|behind) this/,
    )
    assert.match(answer.findings.map(({ found }) => found).join('\n'), /shows groups/)
  })
})
