/**
 * A domain controller of Active Directory: Samba with LDAP, the global catalogue and Kerberos, on wish with NTLM. Its ports
 * are fixed, so every domain takes an address of its own in 127.0.0.0/8; whatever runs on this machine reaches it there.
 * Making a domain needs some seconds: an empty one is kept as an archive below node_modules/.cache.
 */
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServerCertificate } from './certificates.ts'
import { ldifLine, reader } from './people.ts'
import type { Computer, Contact, Group, Organisation, Person } from './people.ts'
import { run, skipWithout } from './programs.ts'
import { domainConfiguration, kerberosConfiguration, realm, workgroup } from './samba-configuration.ts'
import { startServerProcess, type ServerProcess } from './server-process.ts'

export interface SambaDomain {
  /** Loopback address with the fixed ports: 389, 636, 3268, 3269, 88, 464. */
  readonly host: string
  readonly realm: string
  /** NetBIOS name of the domain. */
  readonly workgroup: string
  readonly baseDn: string
  /** Offers StartTLS; sign-in without encryption is refused. */
  readonly url: string
  readonly secureUrl: string
  /** Global catalogue over TLS. */
  readonly catalogueUrl: string
  readonly caFile: string
  readonly reader: { readonly dn: string; readonly password: string }
  readonly administrator: { readonly dn: string; readonly password: string }
  /** For `KRB5_CONFIG`. Hosts in `lakeside.test` belong to the realm. */
  readonly kerberosConfigFile: string
  /** A program that behaves as `ntlm_auth` on a member of the domain; works only with `ntlm`. */
  readonly ntlmAuth: string
  /** DN of a person or group. */
  dnOf(name: string): string
  /** File with the keys of a service of some person's `services`. */
  exportKeytab(service: string): string
  /** Changes the directory as the system itself. @param ldif change records of RFC 2849 */
  change(ldif: string): void
  /** The same for what only the set-up of a domain may: the schema, and principals of domains that it does not trust. */
  setUp(ldif: string): void
  signal(name: NodeJS.Signals): void
  /** Starts it again on the same address, with the same data. */
  restart(): Promise<void>
  stop(): Promise<void>
}

export interface SambaOptions {
  /** Whether `ntlm_auth` works; needs some seconds and 140 MB more. */
  readonly ntlm?: boolean
}

export const skipWithoutSamba = skipWithout(
  ['samba', 'samba-tool', 'ldbadd', 'openssl', 'setpriv', 'unshare', 'nsenter', 'tar'],
  true,
)

const baseDn = 'DC=corp,DC=lakeside,DC=test'
const administratorPassword = 'Adm1n-of-Lakeside'
const dnOf = (name: string): string => `CN=${name},CN=Users,${baseDn}`

export async function startSamba(organisation: Organisation, options: SambaOptions = {}): Promise<SambaDomain> {
  const { ntlm = false } = options
  const folder = mkdtempSync(join(tmpdir(), 'sealward-samba-'))
  const host = ownAddress()
  run('tar', ['-xzf', emptyDomain(), '-C', folder])
  const certificate = createServerCertificate(folder, [`IP:${host}`, 'DNS:dc1.corp.lakeside.test'])
  chmodSync(certificate.keyFile, 0o600)
  const configuration = join(folder, 'smb.conf')
  writeFileSync(configuration, domainConfiguration({ folder, host, certificate, ntlm }))
  const kerberosConfigFile = join(folder, 'krb5.conf')
  writeFileSync(kerberosConfigFile, kerberosConfiguration(host))
  for (const name of ['run', 'log', 'cache']) mkdirSync(join(folder, name))
  const database = ['-H', join(folder, 'private', 'sam.ldb'), '--configfile', configuration, '--relax']
  run('ldbadd', database, { input: entriesOf(organisation) })
  run('ldbmodify', database, { input: organisation.groups.flatMap(memberships).join('\n') })

  // Members of a domain find NTLM's helper at one path of the system: this domain has that path for itself.
  const alone = ['unshare', '--mount', 'sh', '-c', `mount --bind ${folder}/run /run/samba && exec "$@"`, 'sh']
  const command = ['samba', '-F', '-M', 'single', '--debug-stdout', '-s', configuration]
  const ports = [88, 389, 636, 3268, 3269].map((port) => ({ host, port }))
  const ntlmAuth = join(folder, 'ntlm_auth')
  const begin = async (): Promise<ServerProcess> => {
    if (!ntlm) return startServerProcess(command, ports)
    const winbind = join(folder, 'run', 'winbindd', 'pipe')
    rmSync(winbind, { force: true })
    const started = await startServerProcess([...alone, ...command], [...ports, { path: winbind }])
    const enter = `nsenter --mount --target ${started.pid}`
    writeFileSync(ntlmAuth, `#!/bin/sh\nexec ${enter} ntlm_auth --configfile=${configuration} "$@"\n`, { mode: 0o700 })
    return started
  }
  let server = await begin()
  return {
    host,
    realm,
    workgroup,
    baseDn,
    url: `ldap://${host}`,
    secureUrl: `ldaps://${host}`,
    catalogueUrl: `ldaps://${host}:3269`,
    caFile: certificate.authorityFile,
    reader: { dn: dnOf(reader.name), password: reader.password },
    administrator: { dn: dnOf('Administrator'), password: administratorPassword },
    kerberosConfigFile,
    ntlmAuth,
    dnOf,
    exportKeytab(service) {
      const file = join(folder, `${service.replaceAll(/\W/g, '-')}.keytab`)
      run('samba-tool', ['domain', 'exportkeytab', file, `--principal=${service}`, `--configfile=${configuration}`])
      return file
    },
    change: (ldif) => void run('ldbmodify', database, { input: ldif }),
    setUp(ldif) {
      const unlocked = ['--controls=provision:0', '--option=dsdb:schema update allowed=true']
      run('ldbmodify', [...database, ...unlocked], { input: ldif })
    },
    signal: (name) => server.signal(name),
    async restart() {
      await server.stop()
      server = await begin()
    },
    async stop() {
      await server.stop()
      rmSync(folder, { recursive: true })
    },
  }
}

let domains = 0

/** No other process has this process's number, and no two domains of this process have the same one. */
function ownAddress(): string {
  domains++
  return `127.${64 + (domains % 64)}.${(process.pid >> 8) & 0xff}.${process.pid & 0xff}`
}

/** Archive of a domain without people. */
function emptyDomain(): string {
  const options = [
    `--realm=${realm}`,
    `--domain=${workgroup}`,
    `--adminpass=${administratorPassword}`,
    '--server-role=dc',
    '--dns-backend=NONE',
    '--host-name=dc1',
    '--host-ip=127.0.0.1',
    '--option=interfaces=lo',
    '--option=bind interfaces only=yes',
  ]
  const kind = createHash('sha256').update(JSON.stringify([options, run('samba', ['--version'])]))
  const cache = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'sealward-peers')
  const archive = join(cache, `samba-${kind.digest('hex').slice(0, 16)}.tar.gz`)
  if (existsSync(archive)) return archive
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(tmpdir(), 'sealward-samba-new-'))
  const attributes = `--option=posix:eadb=${folder}/private/eadb.tdb`
  run('samba-tool', ['domain', 'provision', `--targetdir=${folder}`, ...options, attributes])
  const unfinished = `${archive}.${process.pid}`
  run('tar', ['-czf', unfinished, '-C', folder, 'private', 'state', 'bind-dns'])
  renameSync(unfinished, archive)
  rmSync(folder, { recursive: true })
  return archive
}

function entriesOf({ people, computers = [], groups, contacts = [] }: Organisation): string {
  return [
    ...[reader, ...people].map(personEntry),
    ...computers.map(computerEntry),
    ...groups.map(groupEntry),
    ...contacts.map(contactEntry),
  ].join('\n')
}

function contactEntry({ name, mail, aliases }: Contact): string {
  return `${[ldifLine('dn', dnOf(name)), 'objectClass: contact', ...addressLines(mail, aliases)].join('\n')}\n`
}

const workstationAccount = 0x10_00
const normalAccount = 0x2_00
const disabledAccount = 0x2_02
const aesOnly = 24
const globalGroup = 2
const securityGroup = -0x80_00_00_00

function personEntry(person: Person): string {
  const { name, displayName = name, mail, aliases, services, password, disabled, sidHistory = [] } = person
  const lines = [
    ldifLine('dn', dnOf(name)),
    'objectClass: user',
    ldifLine('sAMAccountName', name),
    ldifLine('userPrincipalName', `${name}@corp.lakeside.test`),
    ldifLine('displayName', displayName),
    ldifLine('unicodePwd', Buffer.from(`"${password}"`, 'utf16le')),
    `userAccountControl: ${disabled === true ? disabledAccount : normalAccount}`,
    ...addressLines(mail, aliases),
    ...sidHistory.map((sid) => ldifLine('sIDHistory', sid)),
  ]
  for (const service of services ?? []) lines.push(ldifLine('servicePrincipalName', service))
  // Without it a keytab would hold an RC4 key only.
  if (services !== undefined) lines.push(`msDS-SupportedEncryptionTypes: ${aesOnly}`)
  return `${lines.join('\n')}\n`
}

/** As `samba-tool computer create` and a machine that has joined make it. */
function computerEntry({ name, password }: Computer): string {
  const lines = [
    ldifLine('dn', dnOf(name)),
    'objectClass: computer',
    ldifLine('sAMAccountName', `${name}$`),
    ldifLine('dNSHostName', `${name.toLowerCase()}.lakeside.test`),
    ldifLine('unicodePwd', Buffer.from(`"${password}"`, 'utf16le')),
    `userAccountControl: ${workstationAccount}`,
    `msDS-SupportedEncryptionTypes: ${aesOnly}`,
  ]
  return `${lines.join('\n')}\n`
}

function groupEntry({ name, mail, aliases, kind = 'security' }: Group): string {
  const lines = [
    ldifLine('dn', dnOf(name)),
    'objectClass: group',
    ldifLine('sAMAccountName', name),
    `groupType: ${globalGroup + (kind === 'security' ? securityGroup : 0)}`,
    ...addressLines(mail, aliases),
  ]
  return `${lines.join('\n')}\n`
}

/** Exchange's way: the primary address again as `SMTP:`, the others as `smtp:`. */
function addressLines(mail: string | undefined, aliases: readonly string[] = []): string[] {
  const primary = mail === undefined ? [] : [ldifLine('mail', mail), ldifLine('proxyAddresses', `SMTP:${mail}`)]
  return [...primary, ...aliases.map((alias) => ldifLine('proxyAddresses', `smtp:${alias}`))]
}

/** After all entries, so that groups may contain each other. */
function memberships({ name, members }: Group): string[] {
  if (members.length === 0) return []
  const change = [ldifLine('dn', dnOf(name)), 'changetype: modify', 'add: member']
  return [`${[...change, ...members.map((member) => ldifLine('member', dnOf(member)))].join('\n')}\n`]
}
