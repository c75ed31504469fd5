/** The directory of a new compound file: entry ids, sibling trees, and which stream goes to the mini stream. */
import { RightsError } from '@sealward/xrml'
import type { StreamContent } from '../byte-source.ts'
import { noEntry, nodeColor } from './directory-entry.ts'
import { checkEntryName, compareNames } from './entry-name.ts'
import { miniStreamCutoff } from './header.ts'
import { linkSiblings, type SiblingLinks } from './sibling-tree.ts'

export interface NewStream {
  readonly kind: 'stream'
  readonly name: string
  readonly content: StreamContent
}

export interface NewStorage {
  readonly kind: 'storage'
  /** Ignored for the root. */
  readonly name: string
  /** 16 bytes in stored order; zeros without it. */
  readonly classId?: Uint8Array | undefined
  readonly stateBits?: number | undefined
  readonly createdAt?: Date | undefined
  readonly modifiedAt?: Date | undefined
  readonly children: readonly NewEntry[]
}

export type NewEntry = NewStorage | NewStream

export interface PlannedEntry {
  readonly item: NewEntry
  readonly child: number
  readonly links: SiblingLinks
}

export interface DirectoryPlan {
  /** By entry id; the root is entry 0. */
  readonly entries: readonly PlannedEntry[]
  readonly miniStreams: readonly NewStream[]
  readonly largeStreams: readonly NewStream[]
}

const maxEntries = 65_536
const maxDepth = 64

/** @throws RightsError `compound-file-entry-refused`, `compound-file-limit-exceeded` */
export function planDirectory(root: NewStorage): DirectoryPlan {
  const items: NewEntry[] = []
  const children: number[] = []
  const links: SiblingLinks[] = []

  const add = (item: NewEntry, depth: number): number => {
    const id = items.push(item) - 1
    if (id >= maxEntries || depth > maxDepth) throw new RightsError('compound-file-limit-exceeded')
    children[id] = noEntry
    links[id] = { left: noEntry, right: noEntry, color: nodeColor.black }
    if (item.kind === 'storage') {
      const sorted = item.children.toSorted((a, b) => compareNames(a.name, b.name))
      checkNames(sorted)
      const ids = sorted.map((child) => add(child, depth + 1))
      children[id] = linkSiblings(ids, (childId, childLinks) => {
        links[childId] = childLinks
      })
    }
    return id
  }
  add(root, 0)
  const streams = items.filter((item) => item.kind === 'stream').filter(({ content }) => content.size > 0)
  return {
    entries: items.map((item, id) => ({
      item,
      child: children[id] ?? noEntry,
      links: links[id] ?? { left: noEntry, right: noEntry, color: nodeColor.black },
    })),
    miniStreams: streams.filter(({ content }) => content.size < miniStreamCutoff),
    largeStreams: streams.filter(({ content }) => content.size >= miniStreamCutoff),
  }
}

function checkNames(sorted: readonly NewEntry[]): void {
  for (const [index, entry] of sorted.entries()) {
    checkEntryName(entry.name)
    const before = sorted[index - 1]
    if (before !== undefined && compareNames(before.name, entry.name) === 0) {
      throw new RightsError('compound-file-entry-refused', {
        detail: `two entries are named ${JSON.stringify(entry.name)}`,
      })
    }
  }
}
