/** From flat directory entries to storages and streams. Every entry is visited once, however its links are bent. */
import { RightsError } from '@sealward/xrml'
import { type DirectoryEntry, noEntry, objectType } from './directory-entry.ts'
import { foldName } from './entry-name.ts'

export interface CompoundStream {
  readonly kind: 'stream'
  readonly name: string
  readonly id: number
  readonly size: number
}

export interface CompoundStorage {
  readonly kind: 'storage'
  readonly name: string
  readonly id: number
  /** 16 bytes in stored order; zeros for none. */
  readonly classId: Uint8Array
  readonly stateBits: number
  readonly createdAt: Date | undefined
  readonly modifiedAt: Date | undefined
  /** Keyed by folded name, in the stored order. */
  readonly children: ReadonlyMap<string, CompoundEntry>
}

export type CompoundEntry = CompoundStorage | CompoundStream

const maxDepth = 64

/** @throws RightsError `compound-file-damaged`, `compound-file-limit-exceeded` */
export function buildDirectoryTree(entries: readonly DirectoryEntry[]): CompoundStorage {
  const root = entries[0]
  if (root === undefined || root.type !== objectType.root) throw damaged('no root entry')
  const visited = new Set<number>([0])

  const storage = (entry: DirectoryEntry, id: number, depth: number): CompoundStorage => {
    if (depth > maxDepth) throw new RightsError('compound-file-limit-exceeded', { detail: `${maxDepth} levels` })
    const children = new Map<string, CompoundEntry>()
    for (const childId of siblings(entries, entry.child, visited)) {
      const child = entries[childId]
      if (child === undefined) throw damaged('an entry link leaves the directory')
      const name = foldName(child.name)
      if (children.has(name)) throw damaged('two entries of one storage have the same name')
      children.set(name, isStorage(child) ? storage(child, childId, depth + 1) : stream(child, childId))
    }
    const { name, classId, stateBits, createdAt, modifiedAt } = entry
    return { kind: 'storage', name, id, classId, stateBits, createdAt, modifiedAt, children }
  }
  return storage(root, 0, 0)
}

/** In-order walk of a sibling tree, without recursion: a hostile tree may be one long list. */
function* siblings(entries: readonly DirectoryEntry[], top: number, visited: Set<number>): Generator<number> {
  const pending: number[] = []
  let at = top
  while (at !== noEntry || pending.length > 0) {
    if (at === noEntry) {
      const id = pending.pop() ?? noEntry
      yield id
      at = entries[id]?.right ?? noEntry
      continue
    }
    const entry = entries[at]
    if (entry === undefined) throw damaged('an entry link leaves the directory')
    if (visited.has(at)) throw damaged('an entry is linked twice')
    visited.add(at)
    pending.push(at)
    at = entry.left
  }
}

function isStorage(entry: DirectoryEntry): boolean {
  if (entry.type !== objectType.storage && entry.type !== objectType.stream) throw damaged('an entry has no valid type')
  return entry.type === objectType.storage
}

function stream(entry: DirectoryEntry, id: number): CompoundStream {
  return { kind: 'stream', name: entry.name, id, size: entry.size }
}

function damaged(detail: string): RightsError {
  return new RightsError('compound-file-damaged', { detail })
}
