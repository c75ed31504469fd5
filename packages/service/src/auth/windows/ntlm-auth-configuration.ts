/**
 * What `ntlm_auth` reads: Samba's and Kerberos's configuration, written into a folder of its own, so that neither those of
 * the machine nor anything in the network steer how tokens are checked. Tickets without a PAC (MS-PAC) are refused: the
 * account's name is taken from there.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RightsError } from '@sealward/xrml'
import type { NtlmAuthSettings } from './ntlm-auth.ts'

export interface WindowsDomain {
  /** NetBIOS name of the domain. */
  readonly domain: string
  /** Name of the Kerberos realm, in capitals. */
  readonly realm: string
  /** With the keys of `HTTP/…`; readable for this user alone. */
  readonly keytabFile: string
  /** The helper, by name or path. */
  readonly program: string
}

export interface ConfiguredNtlmAuth {
  readonly helper: NtlmAuthSettings
  /** Removes the files. */
  remove(): void
}

/** @throws RightsError `configuration-invalid` */
export function configureNtlmAuth(windows: WindowsDomain): ConfiguredNtlmAuth {
  requireKeytab(windows.keytabFile)
  const { status } = spawnSync(windows.program, ['--version'], { stdio: 'ignore', timeout: 10_000 })
  if (status !== 0) throw invalid(`${windows.program} does not run; it is in the Debian package winbind`)
  const folder = mkdtempSync(join(tmpdir(), 'sealward-windows-'))
  const path = (name: string): string => join(folder, name)
  const folders = [
    'private dir',
    'state directory',
    'cache directory',
    'lock directory',
    'pid directory',
    'ncalrpc dir',
  ]
  for (const name of folders) mkdirSync(path(name), { mode: 0o700 })
  const samba = {
    workgroup: windows.domain,
    realm: windows.realm,
    security: 'user',
    'kerberos method': 'dedicated keytab',
    'dedicated keytab file': `FILE:${windows.keytabFile}`,
    'gensec:require_pac': 'yes',
    'log level': '0',
    ...Object.fromEntries(folders.map((name) => [name, path(name)])),
  }
  const lines = Object.entries(samba).map(([name, value]) => `${name} = ${value}\n`)
  writeFileSync(path('smb.conf'), `[global]\n${lines.join('')}`)
  const kerberos = [`default_realm = ${windows.realm}`, 'dns_lookup_kdc = false', 'dns_canonicalize_hostname = false']
  writeFileSync(path('krb5.conf'), `[libdefaults]\n${[...kerberos, 'clockskew = 300', ''].join('\n')}`)
  return {
    helper: {
      program: windows.program,
      arguments: [`--configfile=${path('smb.conf')}`, '--helper-protocol=gss-spnego'],
      environment: { PATH: process.env['PATH'] ?? '', KRB5_CONFIG: path('krb5.conf') },
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function requireKeytab(file: string): void {
  // Samba gives some characters of its configuration a meaning.
  if (/[%\p{Cc}]/u.test(file)) throw invalid('the path of the keytab has a character that Samba does not take as it is')
  const known = statSync(file, { throwIfNoEntry: false })
  if (known?.isFile() !== true) throw invalid(`${file} is not a file`)
  if ((known.mode & 0o077) !== 0) throw invalid(`${file} is readable for others: chmod 600`)
}

function invalid(detail: string): RightsError {
  return new RightsError('configuration-invalid', { detail: `authentication.windows: ${detail}` })
}
