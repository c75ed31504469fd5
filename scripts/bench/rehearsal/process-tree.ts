/** Memory of a process and all its descendants (Linux). */
import { readdirSync, readFileSync } from 'node:fs'

/** Bytes in memory. */
export interface TreeMemory {
  /** What belongs to each process, with pages that several use counted once. */
  readonly used: number
  /** The same, with such pages counted for each: the program of Node.js alone is some forty megabytes. */
  readonly resident: number
}

export function treeMemory(root: number): TreeMemory {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    const parent = /^\d+$/.test(name) ? /^PPid:\s+(\d+)/m.exec(read(`/proc/${name}/status`))?.[1] : undefined
    if (parent !== undefined) parents.set(Number(name), Number(parent))
  }
  const isInTree = (pid: number | undefined): boolean =>
    pid === root || (pid !== undefined && isInTree(parents.get(pid)))
  const maps = [...parents.keys()].filter(isInTree).map((pid) => read(`/proc/${pid}/smaps_rollup`))
  const sum = (field: RegExp): number =>
    maps.reduce((bytes, map) => bytes + Number(field.exec(map)?.[1] ?? 0) * 1024, 0)
  return { used: sum(/^Pss:\s+(\d+)/m), resident: sum(/^Rss:\s+(\d+)/m) }
}

/** Nothing, for a process that has ended meanwhile. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
