/** What a folder of keys and licences holds, looked at without changing it: every user of every service, file by file. */
import { lstatSync, readdirSync, type Stats } from 'node:fs'
import { join } from 'node:path'
import { RightsError } from '@sealward/xrml'
import { identityFolder, storedChains, storeFiles } from './client-store.ts'
import { systemCode } from './file-source.ts'
import { readText, refused, requirePrivate } from './private-files.ts'

export type StoredKind =
  | 'certificate'
  | 'machine-key'
  | 'licence'
  | 'template'
  | 'location'
  | 'sign-in'
  | 'anchors'
  | 'revocation-list'
  | 'highest-time'
  | 'account'

export interface StoredFile {
  readonly kind: StoredKind
  readonly path: string
  readonly bytes: number
}

export interface StoredIdentity {
  readonly folder: string
  /** Address of the service. */
  readonly service: string
  readonly user: string
  readonly files: readonly StoredFile[]
  /** Paths of what this client did not put there. */
  readonly foreign: readonly string[]
}

const kinds: ReadonlyMap<string, StoredKind> = new Map<string, StoredKind>([
  ...storedChains.map((chain) => [`${chain}.xrml`, 'certificate'] as const),
  [storeFiles.machineKey, 'machine-key'],
  [storeFiles.templates, 'template'],
  [storeFiles.licensing, 'location'],
  [storeFiles.signIn, 'sign-in'],
  [storeFiles.anchors, 'anchors'],
  [storeFiles.highestTime, 'highest-time'],
  [storeFiles.account, 'account'],
])
const licenseName = /^[0-9a-f]{64}\.xrml$/
const revocationListName = /^revocation-[0-9a-f]{64}\.xrml$/

/**
 * ```ts
 * for (const { service, user, files } of listStoredIdentities(directory)) console.log(service, user, files.length)
 * ```
 * @returns nothing for a folder that is not there, or is empty
 * @throws RightsError `client-store-unknown` if something is there, and nothing of it is of this client;
 * `client-store-refused` for loose modes, links, and what cannot be read
 */
export function listStoredIdentities(directory: string): readonly StoredIdentity[] {
  const names = namesIn(directory)
  if (names.length === 0) return []
  const identities = names.flatMap((name) => identityIn(directory, name) ?? [])
  if (identities.length === 0) throw new RightsError('client-store-unknown', { detail: directory })
  requirePrivate(directory, 'folder')
  return identities
}

function identityIn(directory: string, name: string): StoredIdentity | undefined {
  const folder = join(directory, name)
  if (!/^[0-9a-f]{32}$/.test(name) || !lstatSync(folder).isDirectory()) return undefined
  const account = accountIn(folder)
  if (account === undefined || identityFolder(account.service, account.user) !== name) return undefined
  requirePrivate(folder, 'folder')
  const files: StoredFile[] = []
  const foreign: string[] = []
  const sort = (path: string, kind: StoredKind | undefined): void => {
    const stats = lstatSync(path)
    if (kind === undefined || !stats.isFile()) foreign.push(path)
    else files.push(fileAt(path, kind, stats))
  }
  for (const entry of namesIn(folder)) {
    if (entry !== storeFiles.licenses) sort(join(folder, entry), kindOf(entry))
  }
  const licenses = join(folder, storeFiles.licenses)
  if (lstatSync(licenses, { throwIfNoEntry: false }) !== undefined) {
    requirePrivate(licenses, 'folder')
    for (const entry of namesIn(licenses)) {
      sort(join(licenses, entry), licenseName.test(entry) ? 'licence' : undefined)
    }
  }
  return { folder, ...account, files, foreign }
}

function kindOf(name: string): StoredKind | undefined {
  return revocationListName.test(name) ? 'revocation-list' : kinds.get(name)
}

function fileAt(path: string, kind: StoredKind, { size }: Stats): StoredFile {
  requirePrivate(path, 'file')
  return { kind, path, bytes: size }
}

function accountIn(folder: string): { readonly service: string; readonly user: string } | undefined {
  const path = join(folder, storeFiles.account)
  if (lstatSync(path, { throwIfNoEntry: false })?.isFile() !== true) return undefined
  try {
    const { service, user } = JSON.parse(readText(path) ?? '') as {
      readonly service?: unknown
      readonly user?: unknown
    }
    return typeof service === 'string' && typeof user === 'string' ? { service, user } : undefined
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined
    throw error
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort()
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return []
    throw refused(folder, systemCode(cause), cause)
  }
}
