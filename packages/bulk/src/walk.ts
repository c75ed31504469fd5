/**
 * The files below a folder, as sorted relative paths: the same tree always gives the same sequence. One folder at a time
 * is in memory; links are never followed; limits stop a tree that is larger than anyone meant (threat F4).
 */
import { opendirSync, type Dirent } from 'node:fs'
import { isRightsError, RightsError } from '@sealward/xrml'
import { openFolder, openSubfolder, type AnchoredFolder } from './anchored-folder.ts'

export interface WalkLimits {
  /** Entries of the whole tree; default one million. */
  readonly entries?: number
  /** Levels of folders; default 64. */
  readonly levels?: number
}

export type WalkedEntry =
  /** Relative, with `/` between names. */
  | { readonly kind: 'file'; readonly path: string }
  /** A link, a device or pipe, or a folder that cannot be opened. */
  | { readonly kind: 'skipped'; readonly path: string; readonly reason: 'link' | 'special' | 'unreadable' }

type Walk = { readonly entriesMost: number; readonly levelsMost: number; entries: number }

export interface WalkedFile {
  /** Relative, with `/` between names. */
  readonly path: string
}

/**
 * The ordinary files of a tree in the order of their relative paths (by UTF-16 code units).
 *
 * ```ts
 * for (const { path } of walkTree('/srv/documents')) console.log(path)
 * ```
 * @throws RightsError `file-unreadable` for the folder itself, `tree-limit-exceeded`
 */
export function* walkTree(root: string, limits: WalkLimits = {}): Generator<WalkedFile> {
  for (const entry of walkEntries(root, limits)) if (entry.kind === 'file') yield { path: entry.path }
}

/** Like `walkTree`, with what it passes over. */
export function* walkEntries(root: string, limits: WalkLimits = {}): Generator<WalkedEntry> {
  const walk: Walk = { entriesMost: limits.entries ?? 1_000_000, levelsMost: limits.levels ?? 64, entries: 0 }
  const folder = openFolder(root)
  try {
    yield* walkFolder(folder, '', 1, walk)
  } finally {
    folder.close()
  }
}

function* walkFolder(folder: AnchoredFolder, prefix: string, level: number, walk: Walk): Generator<WalkedEntry> {
  if (level > walk.levelsMost) throw new RightsError('tree-limit-exceeded', { detail: `${walk.levelsMost} levels` })
  for (const entry of sortedEntries(folder, walk)) {
    const path = prefix + entry.name
    if (entry.isFile()) yield { kind: 'file', path }
    else if (entry.isDirectory()) yield* walkSubfolder(folder, entry.name, path, level, walk)
    else yield { kind: 'skipped', path, reason: entry.isSymbolicLink() ? 'link' : 'special' }
  }
}

function* walkSubfolder(
  folder: AnchoredFolder,
  name: string,
  path: string,
  level: number,
  walk: Walk,
): Generator<WalkedEntry> {
  let subfolder: AnchoredFolder
  try {
    subfolder = openSubfolder(folder, name)
  } catch (error) {
    if (!isRightsError(error)) throw error
    yield { kind: 'skipped', path, reason: 'unreadable' }
    return
  }
  try {
    yield* walkFolder(subfolder, `${path}/`, level + 1, walk)
  } finally {
    subfolder.close()
  }
}

function sortedEntries(folder: AnchoredFolder, walk: Walk): readonly Dirent[] {
  const entries: Dirent[] = []
  const directory = opendirSync(folder.path, { bufferSize: 256 })
  try {
    for (let entry = directory.readSync(); entry !== null; entry = directory.readSync()) {
      walk.entries++
      if (walk.entries > walk.entriesMost) {
        throw new RightsError('tree-limit-exceeded', { detail: `${walk.entriesMost} entries` })
      }
      entries.push(entry)
    }
  } finally {
    directory.closeSync()
  }
  return entries.sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1))
}

/** With its slash, a folder sorts where the paths of its files sort. */
function sortKey(entry: Dirent): string {
  return entry.isDirectory() ? `${entry.name}/` : entry.name
}
