/**
 * What a script saves before it changes anything, so that its counterpart brings back exactly that. The copy lies in the
 * registry itself, below our own key: there a computer's part can be written by administrators only, which no folder that
 * every user may add files to can promise.
 */
import type { ChangePart } from './client-change.ts'
import { below, stateKey } from './client-keys.ts'
import { fullKey, isWithin, type RegistryKey } from './registry-operation.ts'

export interface SavedState {
  /** Below it: a copy of each root under its number, and the marks. */
  readonly saved: RegistryKey
  /** Keys that are copied whole and brought back whole; none lies within another. */
  readonly roots: readonly RegistryKey[]
  /** Keys above the roots, outermost first. Those that are missing are marked, and go again if they are empty then. */
  readonly ancestors: readonly RegistryKey[]
  /** Our own keys, innermost first; they go when they are empty. */
  readonly own: readonly RegistryKey[]
}

/** Set when everything is saved. A second run, also with a raised version, keeps the first copy. */
export const completeMark = 'Complete'

/** The mark of a missing ancestor, by its place in the list. */
export function absentMark(place: number): string {
  return `Absent${place + 1}`
}

export function savedState({ change, hive, operations }: ChangePart): SavedState {
  const state = stateKey(hive)
  const outermost = operations.filter(
    (each) => !operations.some((other) => isWithin(each, other) && !isWithin(other, each)),
  )
  const roots = distinct(outermost)
  const allSaved = below(state, 'Saved')
  return {
    saved: below(allSaved, change === 'prepare' ? 'Prepare' : 'Migrate'),
    roots,
    ancestors: [...distinct(roots.flatMap(ancestorsOf))].sort((a, b) => depth(a) - depth(b)),
    own: [allSaved, state, { hive, key: state.key.slice(0, state.key.lastIndexOf('\\')) }],
  }
}

/** The keys above it that a script may have had to make: everything below `Software` and `Wow6432Node`. */
function ancestorsOf({ hive, key }: RegistryKey): readonly RegistryKey[] {
  const names = key.split('\\')
  return names
    .map((_, index) => ({ hive, key: names.slice(0, index).join('\\') }))
    .filter(({ key: above }) => above !== '' && above.toLowerCase() !== 'software')
}

function distinct(keys: readonly RegistryKey[]): readonly RegistryKey[] {
  const byName = new Map<string, RegistryKey>()
  for (const { hive, key } of keys) {
    const name = fullKey({ hive, key }).toLowerCase()
    if (!byName.has(name)) byName.set(name, { hive, key })
  }
  return [...byName.values()]
}

function depth({ key }: RegistryKey): number {
  return key.split('\\').length
}
