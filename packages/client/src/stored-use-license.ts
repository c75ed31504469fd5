/** A use licence that this machine keeps, looked at without changing anything: read from disk, verified by nobody. */
import { join } from 'node:path'
import { canonicalGuid, isRightsError, parseSignedXrml, parseUseLicense, parseXrmlChain } from '@sealward/xrml'
import { licenseFileName, storeFiles } from './client-store.ts'
import { readText } from './private-files.ts'
import type { PublishedLicense } from './published-license.ts'
import type { StoredIdentity } from './stored-identities.ts'
import { rightsHeldAt } from './use-license-check.ts'

export interface StoredUseLicense {
  readonly issuedAt?: Date
  /** Those that hold now. */
  readonly rights: readonly string[]
  /** When the last of them ends; absent if never. */
  readonly expiresAt?: Date
  /** Code of what is wrong with it; it would be fetched again. */
  readonly problem?: string
}

/**
 * ```ts
 * const kept = findUseLicense(identity, readPublishedLicense(licenseText), new Date())
 * ```
 * @returns undefined if the document was not opened with this identity, or its licence was not to be kept
 * @throws RightsError `client-store-refused`
 */
export function findUseLicense(
  { folder }: StoredIdentity,
  { license }: PublishedLicense,
  now: Date,
): StoredUseLicense | undefined {
  const name = { contentId: canonicalGuid(license.work.object.id), bodyText: license.document.bodyText }
  const text = readText(join(folder, storeFiles.licenses, `${licenseFileName(name)}.xrml`))
  if (text === undefined) return undefined
  try {
    const [first] = parseXrmlChain(text)
    if (first === undefined) return { rights: [], problem: 'use-license-mismatch' }
    const kept = parseUseLicense(parseSignedXrml(first.text))
    const { rights, expiresAt } = rightsHeldAt(kept, now)
    return { issuedAt: kept.issuedAt, rights, ...(expiresAt === undefined ? {} : { expiresAt }) }
  } catch (error) {
    if (isRightsError(error)) return { rights: [], problem: error.code }
    throw error
  }
}
