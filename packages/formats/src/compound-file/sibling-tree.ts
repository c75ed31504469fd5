/**
 * The red-black tree of one storage's entries (MS-CFB 2.6.4), built balanced from the sorted names: all levels are
 * black but an additional deepest one, which is red. So no red entry has a red child and all paths have the same number
 * of black entries.
 */
import { nodeColor, noEntry } from './directory-entry.ts'

export interface SiblingLinks {
  readonly left: number
  readonly right: number
  readonly color: number
}

/**
 * @param ids entry ids in name order
 * @param place receives the links of each entry
 * @returns the id at the top, or `noEntry`
 */
export function linkSiblings(ids: readonly number[], place: (id: number, links: SiblingLinks) => void): number {
  const redLevel = Math.floor(Math.log2(Math.max(1, ids.length)))
  const link = (from: number, to: number, level: number): number => {
    if (from >= to) return noEntry
    const middle = (from + to) >> 1
    const id = ids[middle] ?? noEntry
    place(id, {
      left: link(from, middle, level + 1),
      right: link(middle + 1, to, level + 1),
      color: level > 0 && level === redLevel ? nodeColor.red : nodeColor.black,
    })
    return id
  }
  return link(0, ids.length, 0)
}
