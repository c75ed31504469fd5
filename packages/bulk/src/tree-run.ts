/**
 * What runs over a folder have in common: every file has its own line and fails alone; what earlier runs have finished is
 * not done again; what a killed run left half written is removed (threats F4, F5, F6).
 */
import { lstatSync, unlinkSync } from 'node:fs'
import { basename, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { isAbandonedPart, isPartName, type DocumentLicense, type LicensedContent } from '@sealward/client'
import {
  isRightsError,
  parsePublishingLicense,
  parseXrmlChain,
  RightsError,
  type PublishingLicense,
} from '@sealward/xrml'
import { inParentFolder } from './anchored-folder.ts'
import type { InspectedFile } from './isolated-parser/messages.ts'
import type { ParserPool } from './isolated-parser/parser-pool.ts'
import type { RunJournal } from './run-journal.ts'
import type { TreeItem } from './tree-item.ts'
import { walkEntries, type WalkedEntry, type WalkLimits } from './walk.ts'
import { workInOrder } from './work-in-order.ts'

export interface TreeRunOptions {
  readonly root: string
  /** A writable pool over the same folder. */
  readonly pool: ParserPool
  /** Write the results below this folder and keep the originals; without it the results take their place. */
  readonly outputRoot?: string
  /** Also files with several names; the others then still stand for the old content. Default false. */
  readonly hardLinks?: boolean
  /** What earlier runs have finished; with it a run may be killed at any time and started again. */
  readonly journal?: RunJournal
  /** Largest file in bytes; larger ones fail with `file-too-large`. Default without limit. */
  readonly sizeMost?: number
  readonly limits?: WalkLimits
}

/** A protected file whose licence can be read. */
export type FoundFile = InspectedFile & { readonly licenseText: string; readonly licenseBytes: Uint8Array }

type Common = Extract<TreeItem, { outcome: 'not-protected' | 'done-before' | 'skipped' | 'removed-remains' | 'failed' }>

/** How long a process that has lost its run may still be finishing a file, in milliseconds. */
const orphanPatience = 15_000
/** A file may be changing under the hands of such a process: the second attempt sees the result. */
const attemptsMost = 2

/** @throws RightsError `file-unreadable` for the folder itself, `tree-limit-exceeded` */
export async function* runOverTree<Done extends TreeItem>(
  options: TreeRunOptions,
  work: (path: string, file: FoundFile) => Promise<Done | Common>,
): AsyncGenerator<Done | Common> {
  const { root, outputRoot, pool, limits, journal } = options
  const beingWritten: { readonly below: string; readonly path: string }[] = []
  for (const item of outputRoot === undefined ? [] : remainsBelow(outputRoot, limits)) {
    if (item.outcome === 'removed-remains') yield item
    else beingWritten.push({ below: outputRoot ?? root, path: item.path })
  }
  for await (const item of workInOrder(walkEntries(root, limits), pool.lanes, (entry) =>
    workOn(options, entry, work),
  )) {
    if (journal !== undefined && item.outcome === 'skipped' && item.reason === 'being-written') {
      beingWritten.push({ below: root, path: item.path })
    } else yield item
  }
  if (journal === undefined) return
  for (const { below, path } of beingWritten) yield await afterOrphan(below, path)
}

async function workOn<Done extends TreeItem>(
  options: TreeRunOptions,
  entry: WalkedEntry,
  work: (path: string, file: FoundFile) => Promise<Done | Common>,
): Promise<Done | Common> {
  const { path } = entry
  if (entry.kind === 'skipped') return { path, outcome: 'skipped', reason: entry.reason }
  for (let attempt = 1; ; attempt++) {
    try {
      if (isPartName(basename(path))) return removeRemains(options.root, path)
      return await workOnFile(options, path, work)
    } catch (error) {
      if (!isRightsError(error)) throw error
      const again = options.journal !== undefined && attempt < attemptsMost
      if (again && error.code === 'file-changed-meanwhile') continue
      return { path, outcome: 'failed', code: error.code, detail: error.detail }
    }
  }
}

async function workOnFile<Done extends TreeItem>(
  options: TreeRunOptions,
  path: string,
  work: (path: string, file: FoundFile) => Promise<Done | Common>,
): Promise<Done | Common> {
  if (await isFinished(options, path)) return { path, outcome: 'done-before' }
  const file = await options.pool.inspect(path)
  const { format, licenseText, licenseBytes, state, size } = file
  if (!file.protected) return { path, outcome: 'not-protected', format }
  if (options.sizeMost !== undefined && size > options.sizeMost) {
    throw new RightsError('file-too-large', { detail: `${size} bytes` })
  }
  if (licenseText === undefined || licenseBytes === undefined)
    throw new RightsError(file.refusal ?? 'format-not-readable')
  if (state.links > 1 && options.hardLinks !== true) return { path, outcome: 'skipped', reason: 'hard-link' }
  try {
    return await work(path, { ...file, licenseText, licenseBytes })
  } catch (error) {
    if (!isRightsError(error) || error.code === 'file-changed-meanwhile') throw error
    const issuerKey = readLicense(licenseText)?.server.publicKey.fingerprint
    const known = issuerKey === undefined ? {} : { issuerKey }
    return { path, outcome: 'failed', code: error.code, detail: error.detail, ...known }
  }
}

/** The journal's word counts only together with the result that it describes. */
async function isFinished({ journal, outputRoot, pool }: TreeRunOptions, path: string): Promise<boolean> {
  const finished = outputRoot === undefined ? journal?.ofOutput(path) : journal?.ofOriginal(path)
  if (finished === undefined) return false
  try {
    const { sha256, size } = await pool.digestFile(finished.output, outputRoot)
    return sha256 === finished.sha256 && size === finished.size
  } catch (error) {
    if (isRightsError(error, 'file-unreadable')) return false
    throw error
  }
}

/** The licence as it stands, without a word about who signed it. */
export function readLicense(licenseText: string): PublishingLicense | undefined {
  try {
    const [leaf] = parseXrmlChain(licenseText)
    return leaf === undefined ? undefined : parsePublishingLicense(leaf)
  } catch (error) {
    if (isRightsError(error)) return undefined
    throw error
  }
}

/** The license function of a run, as far as a run needs it. */
export type LicenseFunction<License extends DocumentLicense = DocumentLicense> = (
  content: LicensedContent,
) => Promise<License>

function* remainsBelow(root: string, limits: WalkLimits | undefined): Generator<Common> {
  if (lstatSync(root, { throwIfNoEntry: false }) === undefined) return
  for (const { kind, path } of walkEntries(root, limits)) {
    if (kind === 'file' && isPartName(basename(path))) yield removeRemains(root, path)
  }
}

function removeRemains(root: string, path: string): Common {
  return inParentFolder(root, path, (folder, name) => {
    if (!isAbandonedPart(name)) return { path, outcome: 'skipped', reason: 'being-written' }
    unlinkSync(join(folder, name))
    return { path, outcome: 'removed-remains' }
  })
}

/** A part that a process of a killed run was still writing: soon it is whole, or abandoned. */
async function afterOrphan(root: string, path: string): Promise<Common> {
  for (let waited = 0; ; waited += 100) {
    if (lstatSync(join(root, path), { throwIfNoEntry: false }) === undefined)
      return { path, outcome: 'removed-remains' }
    const item = removeRemains(root, path)
    if (item.outcome === 'removed-remains' || waited >= orphanPatience) return item
    await wait(100)
  }
}
