/**
 * The authorities whose client certificates a service believes, with their revocation lists, from files of the operator. A
 * file that changes counts within seconds; one that cannot be used is a warning, and the one before counts on until its
 * lists are out of date.
 */
import { X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { createSecureContext } from 'node:tls'
import { RightsError } from '@sealward/xrml'
import { repeated, type Schedule } from '../directory/synchronised/schedule.ts'

/** What certificates are verified with. Another version is another object, and so is that of another service. */
export interface ClientTrust {
  /** PEM, one each. */
  readonly authorities: readonly string[]
  /** PEM, one each; undefined where nobody asks for revocation. */
  readonly revocationLists: readonly string[] | undefined
}

export interface ClientAuthorities {
  current(): ClientTrust
  /** @param heard is called after each change */
  onChange(heard: () => void): void
  /** Looks at the files no more. */
  close(): Promise<void>
}

export interface AuthorityFiles {
  readonly authoritiesFile: string
  readonly revocationListFile?: string | undefined
}

/** Hears of files that changed and cannot be used. */
export interface TrustListener {
  warn(warning: { readonly code: string; readonly name: string; readonly entries: readonly string[] }): void
}

const checkInterval = 2_000
const fileBytesMost = 32 * 1024 * 1024

/**
 * @param folder relative paths start here
 * @param checkEvery milliseconds
 * @throws RightsError `configuration-invalid`
 */
export function openClientAuthorities(
  files: AuthorityFiles,
  folder: string,
  listener: TrustListener,
  checkEvery = checkInterval,
): ClientAuthorities {
  const paths = [files.authoritiesFile, files.revocationListFile].flatMap((file) =>
    file === undefined ? [] : [resolve(folder, file)],
  )
  let version = versionOf(paths)
  let trust = readClientTrust(files, folder)
  const listeners: (() => void)[] = []
  const check = (): void => {
    const found = versionOf(paths)
    if (found === version) return
    version = found
    trust = readClientTrust(files, folder)
    for (const heard of listeners) heard()
  }
  const look = async (): Promise<void> => {
    try {
      check()
    } catch (error) {
      const entries = error instanceof RightsError ? [error.message] : []
      listener.warn({ code: 'client-authorities-refused', name: 'client certificates', entries })
    }
  }
  // Before somebody listens there is nobody to verify.
  let schedule: Schedule | undefined
  return {
    current: () => trust,
    onChange(heard) {
      listeners.push(heard)
      schedule ??= repeated(look, checkEvery)
    },
    close: async () => schedule?.close(),
  }
}

/** @throws RightsError `configuration-invalid` */
export function readClientTrust({ authoritiesFile, revocationListFile }: AuthorityFiles, folder: string): ClientTrust {
  const authorities = blocksOf(resolve(folder, authoritiesFile), 'CERTIFICATE')
  requireAuthorities(authorities, authoritiesFile)
  if (revocationListFile === undefined) return { authorities, revocationLists: undefined }
  const revocationLists = blocksOf(resolve(folder, revocationListFile), 'X509 CRL')
  try {
    createSecureContext({ ca: [...authorities], crl: [...revocationLists] })
  } catch (cause) {
    throw invalid(`${revocationListFile} has a revocation list that cannot be read`, cause)
  }
  return { authorities, revocationLists }
}

/** OpenSSL builds chains up to a root, so what does not lead to one would vouch for nobody. */
function requireAuthorities(texts: readonly string[], file: string): void {
  const authorities = texts.map((text) => certificateIn(text, file))
  for (const authority of authorities) {
    const name = authority.subject.replaceAll('\n', ', ')
    if (!authority.ca) throw invalid(`${file}: ${name} is not the certificate of an authority`)
    const known = authorities.some((issuer) => authority.checkIssued(issuer) && authority.verify(issuer.publicKey))
    if (!known) throw invalid(`${file}: the authority above ${name} is missing`)
  }
}

function certificateIn(text: string, file: string): X509Certificate {
  try {
    return new X509Certificate(text)
  } catch (cause) {
    throw invalid(`${file} has a certificate that cannot be read`, cause)
  }
}

function blocksOf(path: string, label: string): readonly string[] {
  const form = new RegExp(`-----BEGIN ${label}-----[A-Za-z0-9+/=\\s]+-----END ${label}-----`, 'g')
  const blocks = read(path).match(form) ?? []
  if (blocks.length === 0) throw invalid(`${path} has nothing between BEGIN ${label} and END`)
  return blocks
}

function read(path: string): string {
  try {
    if (statSync(path).size > fileBytesMost) throw invalid(`${path} is too large`)
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw cause instanceof RightsError ? cause : invalid(`${path} cannot be read`, cause)
  }
}

function versionOf(paths: readonly string[]): string {
  return paths
    .map((path) => {
      const stats = statSync(path, { bigint: true, throwIfNoEntry: false })
      return stats === undefined ? '' : `${stats.ino} ${stats.size} ${stats.mtimeNs}`
    })
    .join('\n')
}

function invalid(detail: string, cause?: unknown): RightsError {
  return new RightsError('configuration-invalid', { detail: `authentication.clientCertificates: ${detail}`, cause })
}
