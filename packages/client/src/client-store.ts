/**
 * What one user of one service keeps on this machine: the machine's key, the certificates (SPC, RAC, CLC, each with its
 * chain), templates, use licences, tokens, and the highest time seen, so that a clock that is set back does not bring expired
 * licences to life (threat P5). The machine key is a PKCS#8 PEM file that nobody but the user may read; it is not
 * encrypted, as the key to do that with would have to stand beside it. Whoever reads it can open what this user can open
 * offline. Loose modes are refused (threat S14).
 */
import { createHash, createPrivateKey, type KeyObject } from 'node:crypto'
import { chmodSync, lstatSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { normalizeLicensingUrl } from '@sealward/protocol'
import { isRightsError, parseXrmlChain, RightsError } from '@sealward/xrml'
import { systemCode } from './file-source.ts'
import { writeFileSafely } from './safe-write.ts'

/** Chains by what their first document is. */
export type StoredChain = 'machine' | 'account' | 'client-licensor'

export interface ClientStore {
  /** Texts, leaf first. */
  readChain(name: StoredChain): readonly string[] | undefined
  writeChain(name: StoredChain, chain: readonly string[]): void
  readMachineKey(): KeyObject | undefined
  writeMachineKey(key: KeyObject): void
  /** Fingerprints of the roots that were trusted on first use. */
  readAnchors(): readonly string[]
  writeAnchors(fingerprints: readonly string[]): void
  /** A use licence with its chain, by the licence it belongs to. */
  readUseLicense(license: StoredLicenseName): readonly string[] | undefined
  writeUseLicense(license: StoredLicenseName, chain: readonly string[]): void
  removeUseLicense(license: StoredLicenseName): void
  readTemplates(): readonly string[]
  writeTemplates(templates: readonly string[]): void
  /** Tokens of the user, as text. */
  readSignIn(): string | undefined
  writeSignIn(text: string): void
  removeSignIn(): void
  /** The later of the clock and the highest time seen; remembers it. */
  currentTime(clock: Date): Date
  /** The service signed that it is this time: the one authority that may correct a time that was too high. */
  setServerTime(time: Date): void
  /** Certificates are asked for again at the next use; key and licences stay. */
  forgetCertificates(): void
}

/** Two publishing licences may carry one content id, with different keys. */
export interface StoredLicenseName {
  readonly contentId: string
  /** The publishing licence as signed. */
  readonly bodyText: string
}

/** A few minutes between clocks are no sign of tampering. */
const clockTolerance = 5 * 60_000

/**
 * Opens the store of one user of one service, and creates it at the first use.
 *
 * ```ts
 * const store = openClientStore({
 *   directory: '/home/bob/.local/share/sealward',
 *   serviceUrl: 'https://rights.lakeside.example',
 *   user: 'bob@lakeside.example',
 * })
 * ```
 * @throws RightsError `client-store-refused`
 */
export function openClientStore(input: {
  readonly directory: string
  readonly serviceUrl: string
  readonly user: string
}): ClientStore {
  const service = normalizeLicensingUrl(input.serviceUrl)
  const user = input.user.toLowerCase()
  const name = createHash('sha256').update(`${service}\n${user}`).digest('hex').slice(0, 32)
  const folder = join(input.directory, name)
  const licenses = join(folder, 'licences')
  for (const each of [input.directory, folder, licenses]) requirePrivateFolder(each)
  // For people who look into the folder.
  if (readText(join(folder, 'account.json')) === undefined) {
    writeText(join(folder, 'account.json'), `${JSON.stringify({ service, user }, null, 2)}\n`)
  }
  const pathOf = (file: string): string => join(folder, file)
  const licensePath = (license: StoredLicenseName): string => join(licenses, `${licenseFileName(license)}.xrml`)
  const highest = (): Date => parseTime(readText(pathOf('highest-time.txt')))
  const setHighest = (time: Date): void => writeText(pathOf('highest-time.txt'), `${time.toISOString()}\n`)

  return {
    readChain: (chain) => readDocuments(pathOf(`${chain}.xrml`)),
    writeChain: (chain, texts) => writeText(pathOf(`${chain}.xrml`), texts.join('')),
    readMachineKey: () => readKey(pathOf('machine-key.pem')),
    writeMachineKey: (key) =>
      writeText(pathOf('machine-key.pem'), key.export({ format: 'pem', type: 'pkcs8' }).toString()),
    readAnchors: () => (readText(pathOf('anchors.txt')) ?? '').split('\n').filter((line) => line !== ''),
    writeAnchors: (fingerprints) => writeText(pathOf('anchors.txt'), `${fingerprints.join('\n')}\n`),
    readUseLicense: (license) => readDocuments(licensePath(license)),
    writeUseLicense: (license, chain) => writeText(licensePath(license), chain.join('')),
    removeUseLicense: (license) => rmSync(licensePath(license), { force: true }),
    readTemplates: () => readDocuments(pathOf('templates.xrml')) ?? [],
    writeTemplates: (templates) => writeTemplates(pathOf('templates.xrml'), templates),
    readSignIn: () => readText(pathOf('sign-in.json')),
    writeSignIn: (text) => writeText(pathOf('sign-in.json'), text),
    removeSignIn: () => rmSync(pathOf('sign-in.json'), { force: true }),
    currentTime(clock) {
      const seen = highest()
      if (clock > seen) {
        // Written at most once a minute: licences know no smaller unit.
        if (clock.getTime() - seen.getTime() >= 60_000) setHighest(clock)
        return clock
      }
      return seen.getTime() - clock.getTime() <= clockTolerance ? clock : seen
    },
    setServerTime(time) {
      if (Math.abs(highest().getTime() - time.getTime()) > clockTolerance) setHighest(time)
    },
    forgetCertificates() {
      for (const chain of ['machine', 'account', 'client-licensor'] satisfies StoredChain[]) {
        rmSync(pathOf(`${chain}.xrml`), { force: true })
      }
    },
  }
}

function licenseFileName({ contentId, bodyText }: StoredLicenseName): string {
  return createHash('sha256').update(`${contentId}\n${bodyText}`, 'utf16le').digest('hex')
}

function requirePrivateFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw refused(folder, systemCode(cause), cause)
  }
  requirePrivate(folder, 'folder')
}

/** On Windows the folder's access control list decides, and modes say nothing. */
function requirePrivate(path: string, kind: 'folder' | 'file'): void {
  const stats = lstatSync(path)
  if (kind === 'folder' ? !stats.isDirectory() : !stats.isFile()) throw refused(path, `not an ordinary ${kind}`)
  if (process.platform === 'win32') return
  if ((stats.mode & 0o077) !== 0) throw refused(path, 'others may read or change it')
  if (stats.uid !== process.getuid?.()) throw refused(path, 'it belongs to somebody else')
}

function readText(path: string): string | undefined {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return undefined
  requirePrivate(path, 'file')
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw refused(path, systemCode(cause), cause)
  }
}

function writeText(path: string, text: string): void {
  writeFileSafely({ path, existing: 'overwrite', write: (sink) => sink.write(Buffer.from(text, 'utf8')) })
  chmodSync(path, 0o600)
}

function writeTemplates(path: string, templates: readonly string[]): void {
  if (templates.length === 0) rmSync(path, { force: true })
  else writeText(path, templates.join(''))
}

function readDocuments(path: string): readonly string[] | undefined {
  const text = readText(path)
  if (text === undefined) return undefined
  try {
    return parseXrmlChain(text).map((document) => document.text)
  } catch (cause) {
    throw refused(path, isRightsError(cause) ? cause.code : 'damaged', cause)
  }
}

function readKey(path: string): KeyObject | undefined {
  const text = readText(path)
  if (text === undefined) return undefined
  try {
    return createPrivateKey(text)
  } catch (cause) {
    throw refused(path, 'not a private key', cause)
  }
}

function parseTime(text: string | undefined): Date {
  const time = new Date(text?.trim() ?? 0)
  return Number.isNaN(time.getTime()) ? new Date(0) : time
}

function refused(path: string, why: string, cause?: unknown): RightsError {
  return new RightsError('client-store-refused', { detail: `${path}: ${why}`, cause })
}
