/**
 * Memberships as they are stored: groups above somebody and below a group, directly or through other groups, whether those
 * have addresses or not. Half an answer would be a wrong one: what goes beyond the limits is unavailable (threat D5).
 */
import type { SynchronisedDirectoryRepository, SynchronisedEntry } from '../../core/synchronised-directory.ts'
import { requireGroupsWithin, type GroupLimits } from '../group-limits.ts'

/** Somebody who is a member; a contact has no primary group. */
type Member = Pick<SynchronisedEntry, 'immutableId'> & Partial<Pick<SynchronisedEntry, 'primaryGroup'>>

/** What is stored, and how far it is followed. */
export interface BoundedGroups {
  readonly repository: SynchronisedDirectoryRepository
  readonly limits: GroupLimits
}

/**
 * @returns groups by immutable identifier, each with the member through which it was reached first, the nearest
 * groups first
 * @throws RightsError `directory-unavailable`
 */
export async function groupsAbove(
  { repository, limits }: BoundedGroups,
  members: readonly Member[],
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  for (const { immutableId, primaryGroup } of members) {
    const primary = primaryGroup === undefined ? [] : await repository.withSid(primaryGroup)
    for (const group of primary) found.set(group, immutableId)
  }
  let level: readonly string[] = [...members.map(({ immutableId }) => immutableId), ...found.keys()]
  for (let depth = 0; level.length > 0; depth++) {
    const memberships = await repository.membershipsOf(level)
    const above = memberships.filter(({ group }) => !found.has(group))
    for (const { group, member } of above) if (!found.has(group)) found.set(group, member)
    requireGroupsWithin(limits, above.length > 0 ? depth + 1 : depth, found.size)
    level = [...new Set(above.map(({ group }) => group))]
  }
  return found
}

/** @param group immutable identifier @returns the group and those within it @throws RightsError `directory-unavailable` */
export async function groupsBelow({ repository, limits }: BoundedGroups, group: string): Promise<readonly string[]> {
  const found = new Set([group])
  let level: readonly string[] = [group]
  for (let depth = 0; level.length > 0; depth++) {
    const below = (await repository.groupsIn(level)).filter((each) => !found.has(each))
    for (const each of below) found.add(each)
    requireGroupsWithin(limits, below.length > 0 ? depth + 1 : depth, found.size)
    level = below
  }
  return [...found]
}
