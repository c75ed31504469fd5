/**
 * Forgetting what one user of one service has on this machine, so that the next use asks the service for everything anew.
 * What protects the user stays unless all is to go: the machine's key, the root that was trusted at first use, the newest
 * revocation lists, and the highest time seen, without which a clock that is set back would revive licences (threat P5).
 */
import { rmdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { storeFiles } from './client-store.ts'
import { systemCode } from './file-source.ts'
import { refused } from './private-files.ts'
import type { StoredFile, StoredIdentity, StoredKind } from './stored-identities.ts'

export interface ResetOptions {
  /** Also the machine's key, the trusted root, revocation lists and the highest time. Default false. */
  readonly all?: boolean
  /** Use licences stay, and with them the highest time. Default false. */
  readonly keepLicenses?: boolean
}

export interface ResetPlan {
  readonly identity: StoredIdentity
  readonly remove: readonly StoredFile[]
  readonly keep: readonly StoredFile[]
}

const always: readonly StoredKind[] = ['certificate', 'location', 'template', 'sign-in']
const withAll: readonly StoredKind[] = ['machine-key', 'anchors', 'revocation-list']

/**
 * ```ts
 * const plans = listStoredIdentities(directory).map((identity) => planReset(identity, { keepLicenses: true }))
 * ```
 */
export function planReset(
  identity: StoredIdentity,
  { all = false, keepLicenses = false }: ResetOptions = {},
): ResetPlan {
  const goes = ({ kind }: StoredFile): boolean =>
    always.includes(kind) ||
    (all && withAll.includes(kind)) ||
    (!keepLicenses && (kind === 'licence' || (all && (kind === 'highest-time' || kind === 'account'))))
  const { files } = identity
  return { identity, remove: files.filter(goes), keep: files.filter((file) => !goes(file)) }
}

/**
 * Removes what the plan names. Interrupted, it has removed some of it: done again, it removes the rest.
 *
 * ```ts
 * for (const plan of plans) carryOutReset(plan)
 * ```
 * @throws RightsError `client-store-refused`
 */
export function carryOutReset({ identity: { folder }, remove }: ResetPlan): void {
  // Who the folder belongs to goes last: without it nobody would find the rest.
  for (const { path } of remove.toSorted((a, b) => Number(a.kind === 'account') - Number(b.kind === 'account'))) {
    try {
      rmSync(path, { force: true })
    } catch (cause) {
      throw refused(path, systemCode(cause), cause)
    }
  }
  if (!remove.some(({ kind }) => kind === 'account')) return
  for (const each of [join(folder, storeFiles.licenses), folder]) removeIfEmpty(each)
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder)
  } catch (cause) {
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(systemCode(cause))) throw refused(folder, systemCode(cause), cause)
  }
}
