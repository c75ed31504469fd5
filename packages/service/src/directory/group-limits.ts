/** How far groups are followed. Half an answer would be a wrong one: what goes beyond is unavailable (threat D5). */
import { RightsError } from '@sealward/xrml'
import { standardLimits, type Limits } from '../core/limits.ts'

export type GroupLimits = Pick<Limits, 'groupDepth' | 'groups'>

export const standardGroupLimits: GroupLimits = standardLimits

/**
 * @param depth levels above the person, or below the group
 * @throws RightsError `directory-unavailable`
 */
export function requireGroupsWithin({ groupDepth, groups }: GroupLimits, depth: number, count: number): void {
  if (depth > groupDepth) throw tooMuch(`groups nested deeper than ${groupDepth}`)
  if (count > groups) throw tooMuch(`more than ${groups} groups`)
}

function tooMuch(detail: string): RightsError {
  return new RightsError('directory-unavailable', { detail })
}
