/** A source that shows too little, because rights were taken from the reading account or a base was mistyped, looks like many deletions. */
import { RightsError } from '@sealward/xrml'
import type { DirectoryCounts } from '../../core/synchronised-directory.ts'
import { stands } from '../../core/stand-ins.ts'
import type { Comparison } from './compare.ts'

/** So few may always go: small organisations have small numbers. */
const alwaysAllowed = 10

export interface DeletionLimit {
  /** Of the people, of the groups, and of those who stand for somebody elsewhere. */
  readonly percentMost: number
  /** What an administrator allows for this run, instead of the share. */
  readonly allowed: number | undefined
}

/**
 * Whoever had an address that counted and has none after the run disappears for rights, deleted or not; so does who stood
 * for somebody elsewhere and does so no more.
 * @param counts before the run
 * @throws RightsError `directory-deletions-refused`
 */
export function checkDeletions(
  { differences, standIns }: Pick<Comparison, 'differences' | 'standIns'>,
  counts: DirectoryCounts,
  { percentMost, allowed }: DeletionLimit,
): void {
  const lostOf = (type: 'person' | 'group'): number =>
    differences.filter(
      ({ before, after }) => after.type === type && before?.address !== undefined && after.address === undefined,
    ).length
  const standInsLost = standIns.filter(
    ({ before, after }) => before !== undefined && stands(before) && !stands(after),
  ).length
  for (const [what, lost, total] of [
    ['people', lostOf('person'), counts.people],
    ['groups', lostOf('group'), counts.groups],
    ['contacts and foreign principals', standInsLost, counts.standIns],
  ] as const) {
    const most = allowed ?? Math.max(alwaysAllowed, (total * percentMost) / 100)
    if (lost > most) throw new RightsError('directory-deletions-refused', { detail: `${lost} of ${total} ${what}` })
  }
}
