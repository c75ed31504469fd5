/** Counts over a run, for progress and for the end; memory does not grow with the files. */
import { failureClasses, failureClassOf, type FailureClass } from './failure-class.ts'
import type { TreeItem } from './tree-item.ts'

export interface RunSummary {
  readonly files: number
  readonly outcomes: Readonly<Record<TreeItem['outcome'], number>>
  readonly failures: Readonly<Record<FailureClass, number>>
  /** Bytes of the results written. */
  readonly bytes: number
  /** Keys of servers that failed documents name, with their number: what is still missing. */
  readonly unknownKeys: ReadonlyMap<string, number>
}

export interface RunTally {
  add(item: TreeItem): void
  summary(): RunSummary
}

/** A tree in which every file names another key is a hostile one. */
const unknownKeysMost = 10_000

/**
 * ```ts
 * const tally = createRunTally()
 * for await (const item of unprotectTree(options)) tally.add(item)
 * console.log(tally.summary().outcomes.failed)
 * ```
 */
export function createRunTally(): RunTally {
  const outcomes: Record<TreeItem['outcome'], number> = {
    unprotected: 0,
    reprotected: 0,
    'not-protected': 0,
    'done-before': 0,
    skipped: 0,
    'removed-remains': 0,
    failed: 0,
  }
  const failures = Object.fromEntries(failureClasses.map((name) => [name, 0])) as Record<FailureClass, number>
  const unknownKeys = new Map<string, number>()
  let files = 0
  let bytes = 0
  return {
    add(item) {
      files++
      outcomes[item.outcome]++
      if (item.outcome === 'unprotected' || item.outcome === 'reprotected') bytes += item.size
      if (item.outcome !== 'failed') return
      const failure = failureClassOf(item.code)
      failures[failure]++
      const { issuerKey } = item
      if (failure !== 'key-unknown' || issuerKey === undefined) return
      if (unknownKeys.has(issuerKey) || unknownKeys.size < unknownKeysMost) {
        unknownKeys.set(issuerKey, (unknownKeys.get(issuerKey) ?? 0) + 1)
      }
    },
    summary: () => ({
      files,
      outcomes: { ...outcomes },
      failures: { ...failures },
      bytes,
      unknownKeys: new Map(unknownKeys),
    }),
  }
}
