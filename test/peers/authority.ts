/** A certification authority of a test, by OpenSSL's program: it issues whatever it is told to, and takes it back. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './programs.ts'

export interface Issued {
  /** The certificate alone, and with the authorities between it and the root. */
  readonly certificateFile: string
  readonly chainFile: string
  readonly keyFile: string
  /** PEM texts of the chain and of the key. */
  readonly cert: string
  readonly key: string
}

export interface Wanted {
  /** As in `/O=Lakeside/CN=mail01`. */
  readonly subject?: string
  /** Subject alternative names: `DNS:mail01.lakeside.test`, `email:…`, `otherName:1.3.6.1.4.1.311.20.2.3;UTF8:…`. */
  readonly names?: readonly string[]
  /** Extended key usage, `clientAuth` unless given; an empty text writes none. */
  readonly usage?: string
  /** Days from now; may be negative. */
  readonly from?: number
  readonly until?: number
  readonly digest?: string
  /** Algorithm and options of OpenSSL; a key on P-256 unless given. */
  readonly newKey?: readonly string[]
  /** Whether it may issue others. */
  readonly authority?: boolean
}

export interface Authority {
  readonly certificateFile: string
  readonly keyFile: string
  issue(wanted: Wanted): Issued
  /** An authority below this one. */
  below(subject: string): Authority
  revoke(issued: Issued): void
  /** Writes the current revocation list. @param until its next update, in days from now @returns PEM */
  revocationList(until?: number): string
}

const p256 = ['ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1']
const signedBy = 'authorityKeyIdentifier=keyid'
const day = 86_400_000
let count = 0

/** @param subject as in `/O=Lakeside/CN=Machines` @param days of its validity */
export function createAuthority(folder: string, subject: string, days = 20): Authority {
  const own = join(folder, `authority-${++count}`)
  mkdirSync(own, { recursive: true })
  const extensions = ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign,cRLSign']
  const named = ['-x509', '-newkey', ...p256, '-nodes', '-days', String(days), '-utf8', '-subj', subject]
  const written = extensions.flatMap((extension) => ['-addext', extension])
  run('openssl', ['req', ...named, ...written, '-keyout', 'ca.key', '-out', 'ca.pem'], { cwd: own })
  return authorityIn(own, '')
}

/** @param above PEM of the authorities between this one and the root, this one included */
function authorityIn(folder: string, above: string): Authority {
  const openssl = (...args: readonly string[]): string => run('openssl', args, { cwd: folder })
  const lines = ['database=index', 'serial=serial', 'new_certs_dir=.', 'crlnumber=crl-number', 'policy=any']
  const settings = [
    ...lines,
    'certificate=ca.pem',
    'private_key=ca.key',
    'default_md=sha256',
    'unique_subject=no',
    'crl_extensions=list',
  ]
  // Like those of genuine authorities, what it signs says with which key: a successor may have the same name.
  writeFileSync(
    join(folder, 'ca.cnf'),
    `[ca]\ndefault_ca=this\n[this]\n${settings.join('\n')}\n[any]\nCN=optional\n[list]\n${signedBy}\n`,
  )
  writeFileSync(join(folder, 'index'), '')
  for (const name of ['serial', 'crl-number']) writeFileSync(join(folder, name), '01\n')
  const ca = (...args: readonly string[]): string => openssl('ca', '-batch', '-config', 'ca.cnf', ...args)

  function issue(wanted: Wanted): Issued {
    const name = `issued-${++count}`
    const {
      subject = `/CN=${name}`,
      names = [],
      usage = 'clientAuth',
      from = -1,
      until = 10,
      digest = 'sha256',
    } = wanted
    const { newKey = p256, authority = false } = wanted
    openssl(
      'req',
      '-new',
      '-newkey',
      ...newKey,
      '-nodes',
      '-utf8',
      '-subj',
      subject,
      '-keyout',
      `${name}.key`,
      '-out',
      'csr',
    )
    const extensions = [
      `basicConstraints=critical,CA:${authority ? 'TRUE' : 'FALSE'}`,
      'subjectKeyIdentifier=hash',
      signedBy,
      ...(usage === '' || authority ? [] : [`extendedKeyUsage=${usage}`]),
      ...(names.length === 0 ? [] : ['subjectAltName=@names', '[names]', ...names.map(nameLine)]),
    ]
    writeFileSync(join(folder, 'extensions'), `${extensions.join('\n')}\n`)
    const times = ['-startdate', timeIn(from), '-enddate', timeIn(until)]
    const kept = ['-preserveDN', '-notext', '-utf8', '-extfile', 'extensions']
    ca(...kept, '-md', digest, ...times, '-in', 'csr', '-out', `${name}.pem`)
    const [certificateFile, keyFile] = [join(folder, `${name}.pem`), join(folder, `${name}.key`)]
    const chainFile = join(folder, `${name}-chain.pem`)
    const cert = readFileSync(certificateFile, 'utf8') + above
    writeFileSync(chainFile, cert)
    return { certificateFile, chainFile, keyFile, cert, key: readFileSync(keyFile, 'utf8') }
  }

  return {
    certificateFile: join(folder, 'ca.pem'),
    keyFile: join(folder, 'ca.key'),
    issue,
    below(subject) {
      const { cert, key } = issue({ subject, authority: true })
      const own = join(folder, `below-${++count}`)
      mkdirSync(own)
      writeFileSync(join(own, 'ca.pem'), cert.slice(0, cert.length - above.length))
      writeFileSync(join(own, 'ca.key'), key)
      return authorityIn(own, cert)
    },
    revoke: ({ certificateFile }) => void ca('-revoke', certificateFile),
    revocationList(until = 5) {
      ca('-gencrl', '-crl_lastupdate', timeIn(-2), '-crl_nextupdate', timeIn(until), '-out', 'list.crl')
      return readFileSync(join(folder, 'list.crl'), 'utf8')
    },
  }
}

/** In a section of its own a name may have commas. */
function nameLine(name: string, index: number): string {
  const [, kind = '', value = ''] = /^(\w+):(.*)$/s.exec(name) ?? []
  return `${kind}.${index}=${value.replaceAll(/[\\"$#]/g, '\\$&')}`
}

/** As OpenSSL wants it: `20260504120000Z`. */
function timeIn(days: number): string {
  return `${new Date(Date.now() + days * day).toISOString().slice(0, 19).replace(/[-T:]/g, '')}Z`
}
