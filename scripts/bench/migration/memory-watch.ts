/** The most memory that processes of each kind used, their own child processes included. */
import type { ChildProcess } from 'node:child_process'
import { treeMemory } from '../rehearsal/process-tree.ts'

export interface MemoryWatch {
  watch(kind: string, child: ChildProcess): void
  /** Bytes by kind, sorted. */
  peaks(): readonly (readonly [string, number])[]
  end(): void
}

const samplingMilliseconds = 500

export function createMemoryWatch(): MemoryWatch {
  const running = new Map<ChildProcess, string>()
  const most = new Map<string, number>()
  const timer = setInterval(() => {
    for (const [{ pid }, kind] of running) {
      if (pid !== undefined) most.set(kind, Math.max(most.get(kind) ?? 0, treeMemory(pid).used))
    }
  }, samplingMilliseconds)
  return {
    watch: (kind, child) => {
      running.set(child, kind)
      child.once('exit', () => running.delete(child))
    },
    peaks: () => [...most].sort(([a], [b]) => (a < b ? -1 : 1)),
    end: () => clearInterval(timer),
  }
}
