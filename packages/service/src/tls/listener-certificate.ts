/** Certificate and key of the listener: files of the operator, or for development a pair that the service makes itself. */
import { randomBytes, X509Certificate, createPrivateKey } from 'node:crypto'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { RightsError } from '@sealward/xrml'
import type { Clock } from '../core/ports.ts'
import { isLoopback } from '../http/loopback.ts'
import { makeLoopbackCertificate, type MadeCertificate } from './self-signed.ts'

export interface CertificateSettings {
  readonly host: string
  readonly certificateFile?: string | undefined
  readonly keyFile?: string | undefined
  readonly loopbackCertificate: boolean
}

/** In the folder of the service, for clients to trust. */
export const loopbackFiles = { certificate: 'loopback-certificate.pem', key: 'loopback-key.pem' } as const

const day = 86_400_000
const loopbackDays = 90
const renewedDaysBefore = 14

/**
 * @param folder relative paths start here
 * @returns PEM texts, or nothing for plain HTTP
 * @throws RightsError `configuration-invalid`, `listener-refused` for a certificate of our own on an address of others
 */
export function listenerCertificate(
  settings: CertificateSettings,
  folder: string,
  clock: Clock,
): MadeCertificate | undefined {
  const { certificateFile, keyFile, loopbackCertificate, host } = settings
  if (loopbackCertificate) {
    if (certificateFile !== undefined || keyFile !== undefined) throw invalid('certificateFile or loopbackCertificate')
    if (!isLoopback(host)) throw new RightsError('listener-refused', { detail: `loopbackCertificate on ${host}` })
    return ownCertificate(folder, clock.now())
  }
  if (certificateFile === undefined && keyFile === undefined) return undefined
  if (certificateFile === undefined || keyFile === undefined)
    throw invalid('certificateFile and keyFile belong together')
  return readPair(resolve(folder, certificateFile), resolve(folder, keyFile))
}

function readPair(certificateFile: string, keyFile: string): MadeCertificate {
  const pair = { certificate: read(certificateFile), key: read(keyFile) }
  if (process.platform !== 'win32' && (statSync(keyFile).mode & 0o007) !== 0) {
    throw invalid(`everybody may read or change ${keyFile}; give it mode 600`)
  }
  if (!fits(pair)) throw invalid(`${keyFile} is not the key of the first certificate in ${certificateFile}`)
  return pair
}

/** The pair of the last start, as long as it is good for a while. */
function ownCertificate(folder: string, now: Date): MadeCertificate {
  const [certificateFile, keyFile] = [resolve(folder, loopbackFiles.certificate), resolve(folder, loopbackFiles.key)]
  const known = [certificateFile, keyFile].every((file) => statSync(file, { throwIfNoEntry: false }) !== undefined)
  if (known) {
    const pair = readPair(certificateFile, keyFile)
    const { validFromDate, validToDate } = new X509Certificate(pair.certificate)
    if (validFromDate <= now && validToDate.getTime() > now.getTime() + renewedDaysBefore * day) return pair
  }
  const from = new Date(now.getTime() - day)
  const until = new Date(now.getTime() + loopbackDays * day)
  const made = makeLoopbackCertificate(from, until, randomBytes(16))
  writeFileSync(keyFile, made.key, { mode: 0o600 })
  writeFileSync(certificateFile, made.certificate)
  return made
}

function fits({ certificate, key }: MadeCertificate): boolean {
  try {
    return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key))
  } catch {
    return false
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new RightsError('configuration-invalid', { detail: `${file} cannot be read`, cause })
  }
}

function invalid(detail: string): RightsError {
  return new RightsError('configuration-invalid', { detail: `listener: ${detail}` })
}
