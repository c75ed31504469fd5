/**
 * Groups of a person by the stored memberships, directly or through other groups, whether those have addresses or not. Half
 * an answer would be a wrong one: what goes beyond the limits is unavailable (threat D5).
 */
import type { SynchronisedDirectoryRepository, SynchronisedEntry } from '../../core/synchronised-directory.ts'
import { requireGroupsWithin, type GroupLimits } from '../group-limits.ts'

/**
 * @returns groups by immutable identifier, each with the person or group through which it was reached first, the nearest
 * groups first
 * @throws RightsError `directory-unavailable`
 */
export async function groupsAbove(
  repository: SynchronisedDirectoryRepository,
  person: SynchronisedEntry,
  limits: GroupLimits,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  const primary = person.primaryGroup === undefined ? [] : await repository.withSid(person.primaryGroup)
  for (const group of primary) found.set(group, person.immutableId)
  let level: readonly string[] = [person.immutableId, ...primary]
  for (let depth = 0; level.length > 0; depth++) {
    const memberships = await repository.membershipsOf(level)
    const above = memberships.filter(({ group }) => !found.has(group))
    for (const { group, member } of above) if (!found.has(group)) found.set(group, member)
    requireGroupsWithin(limits, above.length > 0 ? depth + 1 : depth, found.size)
    level = [...new Set(above.map(({ group }) => group))]
  }
  return found
}
