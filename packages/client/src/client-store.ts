/**
 * What one user of one service keeps on this machine: the machine's key, the certificates (SPC, RAC, CLC, each with its
 * chain), templates, use licences, tokens, and the highest time seen, so that a clock that is set back does not bring expired
 * licences to life (threat P5). The machine key is a PKCS#8 PEM file that nobody but the user may read; it is not
 * encrypted, as the key to do that with would have to stand beside it. Whoever reads it can open what this user can open
 * offline. Loose modes are refused (threat S14).
 */
import { createHash, createPrivateKey, type KeyObject } from 'node:crypto'
import { chmodSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { normalizeLicensingUrl } from '@sealward/protocol'
import { isRightsError, parseXrmlChain } from '@sealward/xrml'
import { readText, refused, requirePrivateFolder } from './private-files.ts'
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
  /** The newest revocation list of an authority that was seen. */
  readRevocationList(list: StoredListName): string | undefined
  writeRevocationList(list: StoredListName, text: string): void
  /** The templates of the service, as text. */
  readTemplates(): string | undefined
  writeTemplates(text: string): void
  /** Where the service locator of a forest says that this user's licensing is: a directory URL. */
  readLicensing(): string | undefined
  writeLicensing(url: string): void
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

/** A list is that of a key: another authority may use the same identifier. */
export interface StoredListName {
  readonly listId: string
  /** Fingerprint. */
  readonly key: string
}

export const storedChains: readonly StoredChain[] = ['machine', 'account', 'client-licensor']

/** Besides the chains, which are named by what they are. */
export const storeFiles = {
  /** Which user of which service, for people who look into the folder. */
  account: 'account.json',
  machineKey: 'machine-key.pem',
  anchors: 'anchors.txt',
  templates: 'templates.json',
  licensing: 'licensing.txt',
  signIn: 'sign-in.json',
  highestTime: 'highest-time.txt',
  licenses: 'licences',
} as const

/** @param service in normal form @param user in lower case */
export function identityFolder(service: string, user: string): string {
  return createHash('sha256').update(`${service}\n${user}`).digest('hex').slice(0, 32)
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
  const folder = join(input.directory, identityFolder(service, user))
  const licenses = join(folder, storeFiles.licenses)
  for (const each of [input.directory, folder, licenses]) requirePrivateFolder(each)
  if (readText(join(folder, storeFiles.account)) === undefined) {
    writeText(join(folder, storeFiles.account), `${JSON.stringify({ service, user }, null, 2)}\n`)
  }
  const pathOf = (file: string): string => join(folder, file)
  const licensePath = (license: StoredLicenseName): string => join(licenses, `${licenseFileName(license)}.xrml`)
  const highest = (): Date => parseTime(readText(pathOf(storeFiles.highestTime)))
  const setHighest = (time: Date): void => writeText(pathOf(storeFiles.highestTime), `${time.toISOString()}\n`)

  return {
    readChain: (chain) => readDocuments(pathOf(`${chain}.xrml`)),
    writeChain: (chain, texts) => writeText(pathOf(`${chain}.xrml`), texts.join('')),
    readMachineKey: () => readKey(pathOf(storeFiles.machineKey)),
    writeMachineKey: (key) =>
      writeText(pathOf(storeFiles.machineKey), key.export({ format: 'pem', type: 'pkcs8' }).toString()),
    readAnchors: () => (readText(pathOf(storeFiles.anchors)) ?? '').split('\n').filter((line) => line !== ''),
    writeAnchors: (fingerprints) => writeText(pathOf(storeFiles.anchors), `${fingerprints.join('\n')}\n`),
    readUseLicense: (license) => readDocuments(licensePath(license)),
    writeUseLicense: (license, chain) => writeText(licensePath(license), chain.join('')),
    removeUseLicense: (license) => rmSync(licensePath(license), { force: true }),
    readRevocationList: (list) => readText(pathOf(listFileName(list))),
    writeRevocationList: (list, text) => writeText(pathOf(listFileName(list)), text),
    readTemplates: () => readText(pathOf(storeFiles.templates)),
    writeTemplates: (text) => writeText(pathOf(storeFiles.templates), text),
    readLicensing: () => readText(pathOf(storeFiles.licensing))?.trim(),
    writeLicensing: (url) => writeText(pathOf(storeFiles.licensing), `${url}\n`),
    readSignIn: () => readText(pathOf(storeFiles.signIn)),
    writeSignIn: (text) => writeText(pathOf(storeFiles.signIn), text),
    removeSignIn: () => rmSync(pathOf(storeFiles.signIn), { force: true }),
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
      for (const chain of storedChains) {
        rmSync(pathOf(`${chain}.xrml`), { force: true })
      }
    },
  }
}

/** In the folder of licences, without its ending. */
export function licenseFileName({ contentId, bodyText }: StoredLicenseName): string {
  return createHash('sha256').update(`${contentId}\n${bodyText}`, 'utf16le').digest('hex')
}

function listFileName({ listId, key }: StoredListName): string {
  return `revocation-${createHash('sha256').update(`${listId}\n${key}`, 'utf8').digest('hex')}.xrml`
}

function writeText(path: string, text: string): void {
  writeFileSafely({ path, existing: 'overwrite', write: (sink) => sink.write(Buffer.from(text, 'utf8')) })
  chmodSync(path, 0o600)
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
