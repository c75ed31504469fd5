/** An opened compound file as the plan of a new one, so that a part can be replaced and everything else is kept. */
import { contentOf } from '../byte-source.ts'
import type { CompoundStorage } from './directory-tree.ts'
import type { NewEntry, NewStorage } from './directory-plan.ts'
import { compareNames } from './entry-name.ts'
import type { CompoundFile } from './read.ts'

export function storageToWrite(file: CompoundFile, storage: CompoundStorage = file.root): NewStorage {
  const { name, classId, stateBits, createdAt, modifiedAt } = storage
  const children = [...storage.children.values()].map((entry): NewEntry => {
    if (entry.kind === 'storage') return storageToWrite(file, entry)
    return { kind: 'stream', name: entry.name, content: contentOf(file.openStream(entry)) }
  })
  return { kind: 'storage', name, classId, stateBits, createdAt, modifiedAt, children }
}

/** The storage with the children at a path of storages changed. Storages of the path that do not exist are left out. */
export function withChildren(
  storage: NewStorage,
  path: readonly string[],
  change: (children: readonly NewEntry[]) => readonly NewEntry[],
): NewStorage {
  const [name, ...rest] = path
  if (name === undefined) return { ...storage, children: change(storage.children) }
  return {
    ...storage,
    children: storage.children.map((child) =>
      child.kind === 'storage' && compareNames(child.name, name) === 0 ? withChildren(child, rest, change) : child,
    ),
  }
}
