/** A source that shows too little, because rights were taken from the reading account or a base was mistyped, looks like many deletions. */
import { RightsError } from '@sealward/xrml'
import type { DirectoryCounts } from '../../core/synchronised-directory.ts'
import type { Difference } from './compare.ts'

/** So few may always go: small organisations have small numbers. */
const alwaysAllowed = 10

export interface DeletionLimit {
  /** Of the people, and of the groups. */
  readonly percentMost: number
  /** What an administrator allows for this run, instead of the share. */
  readonly allowed: number | undefined
}

/**
 * Whoever had an address that counted and has none after the run disappears for rights, deleted or not.
 * @param counts before the run
 * @throws RightsError `directory-deletions-refused`
 */
export function checkDeletions(
  differences: readonly Difference[],
  counts: DirectoryCounts,
  { percentMost, allowed }: DeletionLimit,
): void {
  for (const [type, total] of [
    ['person', counts.people],
    ['group', counts.groups],
  ] as const) {
    const lost = differences.filter(
      ({ before, after }) => after.type === type && before?.address !== undefined && after.address === undefined,
    ).length
    const most = allowed ?? Math.max(alwaysAllowed, (total * percentMost) / 100)
    if (lost > most) {
      const what = type === 'person' ? 'people' : 'groups'
      throw new RightsError('directory-deletions-refused', { detail: `${lost} of ${total} ${what}` })
    }
  }
}
