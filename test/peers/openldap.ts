/**
 * OpenLDAP on a free port of loopback, as a directory that is not Active Directory: no security identifiers, no rule for
 * nested groups, `entryUUID`, aliases in `mailLocalAddress`, disabled by a permanent lock of the password policy.
 */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServerCertificate, type ServerCertificate } from './certificates.ts'
import { ldifLine, reader, type Organisation } from './people.ts'
import { run, skipWithout } from './programs.ts'
import { startServerProcess, type ServerProcess } from './server-process.ts'

export interface OpenLdap {
  readonly baseDn: string
  /** Offers StartTLS. */
  readonly url: string
  readonly secureUrl: string
  readonly caFile: string
  readonly reader: { readonly dn: string; readonly password: string }
  /** DN of a person or group. */
  dnOf(name: string): string
  /** Changes the directory as its administrator. @param ldif change records of RFC 2849 */
  change(ldif: string): void
  signal(name: NodeJS.Signals): void
  /** Starts it again on the same ports, with the same data. */
  restart(): Promise<void>
  stop(): Promise<void>
}

export const skipWithoutOpenLdap = skipWithout(['slapd', 'slapadd', 'ldapmodify', 'openssl', 'setpriv'])

const baseDn = 'dc=lakeside,dc=test'
const administrator = `cn=admin,${baseDn}`
const administratorPassword = 'admin-of-lakeside'

export async function startOpenLdap(organisation: Organisation): Promise<OpenLdap> {
  const folder = mkdtempSync(join(tmpdir(), 'sealward-openldap-'))
  const [port, securePort] = await freePorts()
  const url = `ldap://127.0.0.1:${port}`
  const secureUrl = `ldaps://127.0.0.1:${securePort}`
  const certificate = createServerCertificate(folder, ['IP:127.0.0.1', 'DNS:localhost'])
  const configuration = join(folder, 'slapd.conf')
  mkdirSync(join(folder, 'data'))
  writeFileSync(configuration, configurationText(folder, certificate))
  writeFileSync(join(folder, 'password'), administratorPassword)
  chmodSync(join(folder, 'password'), 0o600)
  const dnOf = (name: string): string => (isPerson(organisation, name) ? personDn(name) : groupDn(name))
  run('slapadd', ['-f', configuration], { input: entriesOf(organisation) })
  const begin = (): Promise<ServerProcess> => {
    const endpoints = [port, securePort].map((each) => ({ host: '127.0.0.1', port: each }))
    return startServerProcess(['slapd', '-f', configuration, '-h', `${url}/ ${secureUrl}/`, '-d', '0'], endpoints)
  }
  let server = await begin()
  return {
    baseDn,
    url,
    secureUrl,
    caFile: certificate.authorityFile,
    reader: { dn: personDn(reader.name), password: reader.password },
    dnOf,
    change(ldif) {
      run('ldapmodify', ['-x', '-H', url, '-D', administrator, '-y', join(folder, 'password')], { input: ldif })
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

const personDn = (name: string): string => `uid=${name},ou=people,${baseDn}`
const groupDn = (name: string): string => `cn=${name},ou=groups,${baseDn}`

function isPerson({ people }: Organisation, name: string): boolean {
  return name === reader.name || people.some((person) => person.name === name)
}

function configurationText(folder: string, certificate: ServerCertificate): string {
  const schemas = ['core', 'cosine', 'inetorgperson', 'misc'].map((name) => `include /etc/ldap/schema/${name}.schema`)
  return `${schemas.join('\n')}
modulepath /usr/lib/ldap
moduleload back_mdb.la
moduleload refint.la
moduleload ppolicy.la
pidfile ${folder}/slapd.pid
TLSCACertificateFile ${certificate.authorityFile}
TLSCertificateFile ${certificate.certificateFile}
TLSCertificateKeyFile ${certificate.keyFile}
sizelimit size.soft=100 size.hard=1000 size.prtotal=unlimited
database mdb
suffix "${baseDn}"
rootdn "${administrator}"
rootpw ${administratorPassword}
directory ${folder}/data
index objectClass,mail,mailLocalAddress,uid,member,entryUUID eq
access to attrs=userPassword by anonymous auth by * none
access to * by users read by * none
overlay refint
refint_attributes member
overlay ppolicy
ppolicy_default cn=policy,${baseDn}
`
}

/** Without a policy that locks, the server minds no lock. */
const locking = ['pwdAttribute: userPassword', 'pwdLockout: TRUE']

function entriesOf(organisation: Organisation): string {
  const entries = [
    [`dn: ${baseDn}`, 'objectClass: domain', 'dc: lakeside'],
    ...['people', 'groups'].map((name) => [
      `dn: ou=${name},${baseDn}`,
      'objectClass: organizationalUnit',
      `ou: ${name}`,
    ]),
  ]
  entries.push([`dn: cn=policy,${baseDn}`, 'objectClass: device', 'objectClass: pwdPolicy', 'cn: policy', ...locking])
  for (const person of [reader, ...organisation.people]) {
    const { name, password, displayName = name, mail, aliases = [], disabled } = { ...blank, ...person }
    entries.push([
      ldifLine('dn', personDn(name)),
      'objectClass: inetOrgPerson',
      ...(mail === undefined ? [] : ['objectClass: inetLocalMailRecipient', ldifLine('mail', mail)]),
      ldifLine('uid', name),
      ldifLine('cn', displayName),
      ldifLine('sn', displayName),
      ldifLine('displayName', displayName),
      ldifLine('userPassword', password),
      ...aliases.map((alias) => ldifLine('mailLocalAddress', alias)),
      ...(disabled === true ? ['pwdAccountLockedTime: 000001010000Z'] : []),
    ])
  }
  for (const { name, mail, aliases = [], members } of organisation.groups) {
    entries.push([
      ldifLine('dn', groupDn(name)),
      'objectClass: groupOfNames',
      'objectClass: extensibleObject',
      ldifLine('cn', name),
      ...(mail === undefined ? [] : [ldifLine('mail', mail)]),
      ...aliases.map((alias) => ldifLine('mailLocalAddress', alias)),
      ...members.map((member) =>
        ldifLine('member', isPerson(organisation, member) ? personDn(member) : groupDn(member)),
      ),
    ])
  }
  return entries.map((lines) => `${lines.join('\n')}\n`).join('\n')
}

/** What the reader's account lacks. */
const blank: { displayName?: string; mail?: string; aliases?: readonly string[]; disabled?: boolean } = {}

async function freePorts(): Promise<readonly [number, number]> {
  const servers = [createServer(), createServer()]
  const ports: number[] = []
  for (const server of servers) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    ports.push((server.address() as AddressInfo).port)
  }
  for (const server of servers) await new Promise((resolve) => server.close(resolve))
  return [ports[0] ?? 0, ports[1] ?? 0]
}
