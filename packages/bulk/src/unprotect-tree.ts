/**
 * Taking the protection off a whole folder. Every file has its own line in the report and fails alone; what was done in
 * an earlier run is not done again, and what a killed run left half written is removed (threats F4, F5, F6).
 */
import { existsSync, unlinkSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { isAbandonedPart, isPartName, requireAnyRight, unprotectedName } from '@sealward/client'
import type { DocumentLicense, LicensedContent } from '@sealward/client'
import type { FileFormat } from '@sealward/formats'
import { isRightsError, removalRights, RightsError, type ErrorCode } from '@sealward/xrml'
import { inParentFolder } from './anchored-folder.ts'
import type { InspectedFile, WrittenContent } from './isolated-parser/messages.ts'
import type { ParserPool } from './isolated-parser/parser-pool.ts'
import { walkEntries, type WalkedEntry, type WalkLimits } from './walk.ts'
import { workInOrder } from './work-in-order.ts'

export interface UnprotectTreeOptions {
  readonly root: string
  /** Gets key and rights for a licence, for example `(content) => licenseDocument(client, content)`. */
  readonly license: (content: LicensedContent) => Promise<DocumentLicense>
  /** A writable pool over the same folder. */
  readonly pool: ParserPool
  /** Write the results below this folder and keep the originals; without it the results take their place. */
  readonly outputRoot?: string
  /** Also files with several names; the others then still stand for the protected content. Default false. */
  readonly hardLinks?: boolean
  readonly limits?: WalkLimits
}

export type UnprotectedItem = { readonly path: string } & (
  | ({ readonly outcome: 'unprotected'; readonly owner: string | undefined } & WrittenContent)
  | { readonly outcome: 'not-protected'; readonly format: FileFormat }
  /** The result stands in the output folder already. */
  | { readonly outcome: 'done-before' }
  | { readonly outcome: 'skipped'; readonly reason: 'link' | 'special' | 'unreadable' | 'hard-link' | 'being-written' }
  /** Half a file from a run that was killed. */
  | { readonly outcome: 'removed-remains' }
  | { readonly outcome: 'failed'; readonly code: ErrorCode; readonly detail: string | undefined }
)

/**
 * ```ts
 * for await (const item of unprotectTree({ root, pool, license: (content) => licenseDocument(client, content) })) {
 *   console.log(item.path, item.outcome)
 * }
 * ```
 * @throws RightsError `file-unreadable` for the folder itself, `tree-limit-exceeded`
 */
export function unprotectTree(options: UnprotectTreeOptions): AsyncGenerator<UnprotectedItem> {
  const { root, pool, limits } = options
  return workInOrder(walkEntries(root, limits), pool.lanes, (entry) => unprotectEntry(options, entry))
}

async function unprotectEntry(options: UnprotectTreeOptions, entry: WalkedEntry): Promise<UnprotectedItem> {
  const { path } = entry
  if (entry.kind === 'skipped') return { path, outcome: 'skipped', reason: entry.reason }
  try {
    if (isPartName(basename(path))) return removeRemains(options.root, path)
    return await unprotectFound(options, path)
  } catch (error) {
    if (!isRightsError(error)) throw error
    return { path, outcome: 'failed', code: error.code, detail: error.detail }
  }
}

async function unprotectFound(options: UnprotectTreeOptions, path: string): Promise<UnprotectedItem> {
  const { pool, outputRoot } = options
  const file = await pool.inspect(path)
  const { format, licenseText, useLicenses, state } = file
  if (!file.protected) return { path, outcome: 'not-protected', format }
  if (licenseText === undefined) throw new RightsError(file.refusal ?? 'format-not-readable')
  if (state.links > 1 && options.hardLinks !== true) return { path, outcome: 'skipped', reason: 'hard-link' }
  if (outputRoot !== undefined && existsSync(join(outputRoot, outputPath(path, file)))) {
    return { path, outcome: 'done-before' }
  }
  const { cipher, rights, owner } = await options.license({ format, licenseText, useLicenses })
  requireAnyRight(rights, removalRights)
  const order = outputRoot === undefined ? { state } : { state, outputRoot }
  return { path, outcome: 'unprotected', owner, ...(await pool.writeContent(path, cipher, order)) }
}

function outputPath(path: string, { format, extension }: InspectedFile): string {
  return join(dirname(path), unprotectedName(basename(path), format, extension))
}

function removeRemains(root: string, path: string): UnprotectedItem {
  return inParentFolder(root, path, (folder, name) => {
    if (!isAbandonedPart(name)) return { path, outcome: 'skipped', reason: 'being-written' }
    unlinkSync(join(folder, name))
    return { path, outcome: 'removed-remains' }
  })
}
