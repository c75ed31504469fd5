/**
 * Servers of an organisation come with machine certificates of its own authority, without passwords: the mail server fetches
 * licences for the recipients of a message, the document library its templates. The clients here are curl, and the service
 * is the program as an operator configures it.
 */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { openFileSource } from '@sealward/client'
import { openProtected } from '@sealward/formats'
import { type SoapOperationName, type SoapRequestOf, type SoapResponseOf } from '@sealward/protocol'
import { hashPassword, type DirectoryFile } from '@sealward/service'
import { orderChain, parseUseLicense, parseXrml, parseXrmlChain } from '@sealward/xrml'
import { createAuthority, type Authority, type Issued } from '../peers/authority.ts'
import { createServerCertificate, type ServerCertificate } from '../peers/certificates.ts'
import { run, skipWithout } from '../peers/programs.ts'
import { callLicensing, runCurl } from './curl-with-certificate.ts'
import { freePort } from './lakeside.ts'
import { programIn, type Program, type ServiceProcess } from './program.ts'

const [anna, bo, mail, files, library] = ['anna', 'bo', 'mail01', 'files01', 'library'].map(
  (name) => `${name}@lakeside.example`,
) as [string, string, string, string, string]
const documentation = join(import.meta.dirname, '..', '..', 'docs', 'service.md')
const mailServers = 'mail-servers@lakeside.example'
const password = randomBytes(12).toString('base64url')
const entries = [
  { account: mail, dnsName: 'mail01.corp.lakeside.example' },
  { account: files, dnsName: 'files01.corp.lakeside.example' },
  { account: library, subject: 'CN=library,O=Lakeside', issuer: 'CN=Lakeside Machines,O=Lakeside' },
]

let folder: string
let url: string
let program: Program
let service: ServiceProcess
let machines: Authority
let own: ServerCertificate
let mailServer: Issued
/** The licence of a document that Anna has protected for Bo. */
let chain: readonly string[]

suite('servers with certificates', { skip: skipWithout(['curl', 'openssl']) }, () => {
  before(open)
  after(async () => {
    await service.stop()
    rmSync(folder, { recursive: true })
  })

  test('the mail server fetches the licence of a recipient', async () => {
    const { responses } = await responseOf('AcquirePreLicense', prelicense(), mailServer)
    const [outcome] = responses[0]?.outcomes ?? []
    assert.equal(outcome?.outcome, 'licensed')
    const license = parseUseLicense(parseXrml(outcome.license))
    assert.equal(license.licensee.object.name, bo)
  })

  test('nobody else does: no certificate, another name, another authority, no admission', async () => {
    const names = ['DNS:mail01.corp.lakeside.example']
    assert.equal(await fault(undefined), 'unauthenticated')
    assert.equal(
      await fault(machines.issue({ names: ['DNS:web01.corp.lakeside.example'] })),
      'client-certificate-refused',
    )
    assert.equal(
      await fault(createAuthority(folder, '/O=Lakeside/CN=Lakeside Machines').issue({ names })),
      'client-certificate-refused',
    )
    // The process trusts the authority of its own certificate, but not for clients.
    assert.equal(await fault(issuedIn(own.certificateFile, own.keyFile)), 'client-certificate-refused')
    assert.equal(await fault(machines.issue({ names: ['DNS:files01.corp.lakeside.example'] })), 'endpoint-closed')
  })

  test('the document library reads its templates over REST', async () => {
    const shown = machines.issue({ subject: '/O=Lakeside/CN=library' })
    assert.equal((await curl(['--output', join(folder, 'templates'), `${url}/my/v2/templates`], shown)).trim(), '200')
    assert.ok(Array.isArray(JSON.parse(readFileSync(join(folder, 'templates'), 'utf8'))))
    const { rows } = await program.done<{ rows: { authenticatedId: string }[] }>(
      'log',
      'tail',
      '--data',
      'service',
      '--json',
    )
    assert.equal(rows.at(-1)?.authenticatedId, library)
    assert.equal((await curl(['--output', '/dev/null', `${url}/admin/v1/keys`], shown)).trim(), '401')
  })

  test('the file server protects with our own client, for a reader who has a password', async () => {
    const shown = machines.issue({ names: ['DNS:files01.corp.lakeside.example'] })
    const wrong = machines.issue({ names: ['DNS:web01.corp.lakeside.example'] })
    const connection = (name: string, { chainFile, keyFile }: Issued): readonly string[] => {
      const file = { ...readConnection(), store: name, certificate: { certificateFile: chainFile, keyFile } }
      writeFileSync(join(folder, `${name}.json`), JSON.stringify(file))
      return ['--connection', `${name}.json`, '--user', files]
    }
    writeFileSync(join(folder, 'share.txt'), 'from the share')
    const command = ['protect', 'share.txt', '--grant', `${bo}=viewer`, '--output', 'share.ptxt', '--yes']
    const refused = await program.run(...command, ...connection('wrong', wrong))
    assert.deepEqual([refused.code, /\[client-certificate-refused\]/.test(refused.stderr)], [3, true], refused.stderr)
    await program.done(...command, ...connection('files', shown))
    const reader = ['--user', bo, '--password-file', 'password', '--connection', 'connection.json']
    assert.equal((await program.run('open', 'share.ptxt', ...reader)).stdout, 'from the share')
    chmodSync(shown.keyFile, 0o644)
    const loose = await program.run(...command, ...connection('files', shown))
    assert.match(loose.stderr, /everybody may read.*\[connection-file-invalid\]/s)
  })

  test('doctor names an authority that ends soon, one that cannot be read, and an entry of nobody', async () => {
    assert.deepEqual(await doctor({}), ['client-authority-ends'])
    const lasting = createAuthority(folder, '/CN=Lasting', 100)
    const authoritiesFile = lasting.certificateFile
    assert.deepEqual(await doctor({ authoritiesFile }), [])
    assert.deepEqual(await doctor({ authoritiesFile: 'nowhere.pem' }), ['configuration-invalid'])
    const accounts = [...entries, { account: 'nobody@lakeside.example', dnsName: 'a.example' }]
    assert.deepEqual(await doctor({ authoritiesFile, accounts }), ['user-not-in-directory'])
  })

  test('a certificate that is revoked counts for nothing without a restart, and an entry that is removed after one', async () => {
    machines.revoke(mailServer)
    writeFileSync(join(folder, 'service', 'machines.crl'), machines.revocationList())
    const late = Date.now() + 60_000
    while ((await fault(mailServer)) === 'response') assert.ok(Date.now() < late, 'it still counts')
    const another = machines.issue({ names: ['DNS:mail01.corp.lakeside.example'] })
    assert.equal(await fault(another), 'response')
    await service.stop()
    configure({ accounts: entries.slice(1) })
    await service.start()
    assert.equal(await fault(another), 'client-certificate-refused')
  })

  test('a certificate made as the documentation says it is accepted', async () => {
    const made = join(folder, 'documented')
    mkdirSync(made)
    const [commands = ''] = /^openssl req -x509(?:.|\n)*?(?=^curl )/m.exec(readFileSync(documentation, 'utf8')) ?? []
    run('sh', ['-e', '-c', commands], { cwd: made })
    await service.stop()
    configure({ authoritiesFile: join(made, 'machines.pem'), revocationListFile: undefined })
    await service.start()
    const [certificateFile, keyFile] = [join(made, 'mail01.pem'), join(made, 'mail01.key')]
    assert.equal(await fault(issuedIn(certificateFile, keyFile)), 'response')
  })

  test('the service does not start where TLS does not end at it', async () => {
    await service.stop()
    writeFileSync(
      join(folder, 'service', 'plain.json'),
      JSON.stringify({ ...readSettings(), listener: { host: '127.0.0.1', port: 0, encryptedByProxy: true } }),
    )
    const { code, stderr } = await program.run('serve', '--config', 'service/plain.json')
    assert.equal(code, 5, stderr)
    assert.match(stderr, /clientCertificates: TLS has to end at the service.*\[configuration-invalid\]/s)
  })
})

/** The code of a refusal, or that there is an answer. */
async function fault(shown: Issued | undefined): Promise<string> {
  const answer = await call('AcquirePreLicense', prelicense(), shown)
  return answer.kind === 'fault' ? (/\[([a-z-]+)\]/.exec(answer.fault.message)?.[1] ?? '') : answer.kind
}

async function open(): Promise<void> {
  folder = mkdtempSync(join(tmpdir(), 'sealward-servers-'))
  own = createServerCertificate(folder, ['DNS:localhost'])
  program = programIn({ folder, variables: { NODE_EXTRA_CA_CERTS: own.authorityFile, XDG_DATA_HOME: folder } })
  writeFileSync(join(folder, 'directory.json'), JSON.stringify(await directory()))
  writeFileSync(join(folder, 'password'), `${password}\n`)
  const port = String(await freePort())
  url = `https://localhost:${port}`
  const named = ['--directory', 'directory.json', '--domain', 'lakeside.example', '--public-url', url, '--port', port]
  await program.done('cluster', 'create', '--data', 'service', ...named, '--yes')
  machines = createAuthority(folder, '/O=Lakeside/CN=Lakeside Machines')
  writeFileSync(join(folder, 'service', 'machines.pem'), readFileSync(machines.certificateFile))
  writeFileSync(join(folder, 'service', 'machines.crl'), machines.revocationList())
  mailServer = machines.issue({ names: ['DNS:mail01.corp.lakeside.example'] })
  configure({})
  await program.done('admission', 'add', 'pre-licensing', mailServers, '--data', 'service', '--yes')
  service = program.service('service', url)
  await service.start()
  chain = await protect()
}

interface Settings {
  readonly listener: object
}

function readSettings(): Settings {
  return JSON.parse(readFileSync(join(folder, 'service', 'service.json'), 'utf8')) as Settings
}

function settingsWith(change: object): object {
  const settings = readSettings()
  const { certificateFile, keyFile } = own
  const clientCertificates = {
    authoritiesFile: 'machines.pem',
    revocationListFile: 'machines.crl',
    accounts: entries,
    ...change,
  }
  return {
    ...settings,
    listener: { ...settings.listener, certificateFile, keyFile },
    authentication: { licensingNeedsCaller: true, clientCertificates },
  }
}

function configure(change: object): void {
  writeFileSync(join(folder, 'service', 'service.json'), JSON.stringify(settingsWith(change)))
}

async function doctor(change: object): Promise<readonly (string | null)[]> {
  writeFileSync(join(folder, 'service', 'looked-at.json'), JSON.stringify(settingsWith(change)))
  const args = ['doctor', '--config', 'service/looked-at.json', '--only', 'client-certificates', '--json']
  const { stdout } = await program.run(...args)
  const { findings } = JSON.parse(stdout) as { readonly findings: readonly { code: string | null; outcome: string }[] }
  return findings.filter(({ outcome }) => outcome === 'wrong').map(({ code }) => code)
}

async function directory(): Promise<DirectoryFile> {
  const hashed = await hashPassword(password, (count) => randomBytes(count))
  return {
    users: [anna, bo, mail, files, library].map((address, index) => ({
      id: `user-${index}`,
      sid: `S-1-5-21-7-7-7-${1000 + index}`,
      address,
      // Servers have none.
      ...(index < 2 ? { password: hashed } : {}),
    })),
    groups: [{ address: mailServers, members: [mail] }],
  }
}

/** @returns the publishing licence, and who signed it */
async function protect(): Promise<readonly string[]> {
  const { keys } = await program.done<{ keys: { root: string }[] }>('key', 'list', '--data', 'service', '--json')
  const connection = { service: url, anchors: [keys[0]?.root], redirections: [], store: 'store' }
  writeFileSync(join(folder, 'connection.json'), JSON.stringify(connection))
  writeFileSync(join(folder, 'note.txt'), 'for Bo')
  const as = ['--user', anna, '--password-file', 'password', '--connection', 'connection.json']
  await program.done('protect', 'note.txt', '--grant', `${bo}=viewer`, '--output', 'note.ptxt', ...as, '--yes')
  const source = openFileSource(join(folder, 'note.ptxt'))
  const { licenseText } = openProtected(source)
  source.close()
  const [license, signer] = orderChain(parseXrmlChain(licenseText))
  return [license, ...(signer?.type === 'client-licensor-certificate' ? [signer] : [])].map((each) => each?.text ?? '')
}

function readConnection(): object {
  return JSON.parse(readFileSync(join(folder, 'connection.json'), 'utf8')) as object
}

function prelicense(): SoapRequestOf<'AcquirePreLicense'> {
  return { requests: [{ licenseeIdentities: [bo], issuanceLicense: chain }] }
}

const call = <Name extends SoapOperationName>(name: Name, request: SoapRequestOf<Name>, shown: Issued | undefined) =>
  callLicensing({ folder, url, authorityFile: own.authorityFile, shown }, name, request)

const curl = (args: readonly string[], shown: Issued | undefined): Promise<string> =>
  runCurl({ authorityFile: own.authorityFile, shown }, args)

function issuedIn(certificateFile: string, keyFile: string): Issued {
  const [cert, key] = [certificateFile, keyFile].map((file) => readFileSync(file, 'utf8')) as [string, string]
  return { certificateFile, chainFile: certificateFile, keyFile, cert, key }
}

async function responseOf<Name extends SoapOperationName>(
  ...asked: readonly [Name, SoapRequestOf<Name>, Issued]
): Promise<SoapResponseOf<Name>> {
  const answer = await call(...asked)
  assert.ok(answer.kind === 'response', JSON.stringify(answer))
  return answer.response
}
