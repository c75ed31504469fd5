/** The service by which somebody has worked on this machine last, for opening offline what was opened before. */
import { join } from 'node:path'
import { isRightsError } from '@sealward/xrml'
import { storeFiles } from './client-store.ts'
import { readText } from './private-files.ts'
import { listStoredIdentities, type StoredIdentity } from './stored-identities.ts'

export interface LastKnownService {
  /** Scheme, host and port. */
  readonly url: string
  /** When certificates or licences of it were used last, to a minute. */
  readonly usedAt: Date
}

/**
 * ```ts
 * const known = lastKnownService('/home/bob/.local/share/sealward', 'bob@lakeside.example')
 * ```
 * @returns undefined unless the user has an account certificate there
 * @throws RightsError `client-store-refused`
 */
export function lastKnownService(directory: string, user: string): LastKnownService | undefined {
  const known = identitiesIn(directory)
    .filter((identity) => identity.user === user.toLowerCase() && hasCertificate(identity))
    .map(({ service, folder }) => ({ url: new URL(service).origin, usedAt: usedAt(folder) }))
  return known.toSorted((a, b) => b.usedAt.getTime() - a.usedAt.getTime())[0]
}

function identitiesIn(directory: string): readonly StoredIdentity[] {
  try {
    return listStoredIdentities(directory)
  } catch (error) {
    // A folder of other things is not one yet.
    if (isRightsError(error, 'client-store-unknown')) return []
    throw error
  }
}

function hasCertificate({ files, folder, service }: StoredIdentity): boolean {
  return URL.canParse(service) && files.some(({ path }) => path === join(folder, 'account.xrml'))
}

function usedAt(folder: string): Date {
  const time = new Date(readText(join(folder, storeFiles.highestTime))?.trim() ?? 0)
  return Number.isNaN(time.getTime()) ? new Date(0) : time
}
