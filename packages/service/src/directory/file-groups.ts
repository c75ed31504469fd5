/**
 * Memberships in the directory file, in both directions: groups above somebody, and contacts below a group. Groups that
 * contain each other are visited once; half an answer would be a wrong one (threat D5).
 */
import type { Contact } from '../core/forests.ts'
import type { DirectoryUser } from '../core/ports.ts'
import type { DirectoryEntries, GroupEntry } from './directory-file.ts'
import { requireGroupsWithin, standardGroupLimits, type GroupLimits } from './group-limits.ts'

/**
 * Addresses of all groups of a user, level by level.
 * @throws RightsError `directory-unavailable` beyond the limits
 */
export function groupsOf(
  entries: DirectoryEntries,
  user: DirectoryUser,
  limits: GroupLimits = standardGroupLimits,
): readonly string[] {
  return groupsAbove(entries, [user.address], limits)
}

/** The same for contacts. @param addresses canonical @throws RightsError `directory-unavailable` as for users */
export function groupsOfContact(
  entries: DirectoryEntries,
  addresses: readonly string[],
  limits: GroupLimits = standardGroupLimits,
): readonly string[] {
  return groupsAbove(
    entries,
    addresses.filter((address) => entries.contacts.has(address)),
    limits,
  )
}

/**
 * Contacts in a group and in the groups within it; none for a name that is no group.
 * @param group canonical address
 * @throws RightsError `directory-unavailable` beyond the limits
 */
export function contactsIn(
  entries: DirectoryEntries,
  group: string,
  limits: GroupLimits = standardGroupLimits,
): readonly Contact[] {
  const start = entries.groupsByAddress.get(group)
  const found = collect(
    start === undefined ? [] : [start],
    ({ members }) => members.flatMap((member) => entries.groupsByAddress.get(member) ?? []),
    limits,
  )
  const members = new Set([...found].flatMap((each) => each.members))
  return [...members].filter((member) => entries.contacts.has(member)).map((address) => ({ address }))
}

function groupsAbove({ parents }: DirectoryEntries, start: readonly string[], limits: GroupLimits): readonly string[] {
  const above = (name: string): readonly GroupEntry[] => parents.get(name) ?? []
  const found = collect(start.flatMap(above), ({ addresses }) => addresses.slice(0, 1).flatMap(above), limits)
  return [...found].flatMap(({ addresses }) => addresses)
}

function collect(
  start: readonly GroupEntry[],
  next: (group: GroupEntry) => readonly GroupEntry[],
  limits: GroupLimits,
): ReadonlySet<GroupEntry> {
  const found = new Set<GroupEntry>()
  let level: ReadonlySet<GroupEntry> = new Set(start)
  for (let depth = 0; level.size > 0; depth++) {
    for (const group of level) found.add(group)
    requireGroupsWithin(limits, depth + 1, found.size)
    level = new Set([...level].flatMap(next).filter((group) => !found.has(group)))
  }
  return found
}
