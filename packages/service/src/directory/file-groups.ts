/**
 * Memberships in the directory file, in both directions: groups above somebody, and contacts below a group. Groups that
 * contain each other are visited once; half an answer would be a wrong one (threat D5).
 */
import { RightsError } from '@sealward/xrml'
import type { Contact } from '../core/forests.ts'
import type { DirectoryUser } from '../core/ports.ts'
import type { DirectoryEntries, GroupEntry } from './directory-file.ts'

const depthMost = 32
const groupsMost = 10_000

/**
 * Addresses of all groups of a user, level by level.
 * @throws RightsError `directory-unavailable` beyond 32 levels or 10,000 groups
 */
export function groupsOf(entries: DirectoryEntries, user: DirectoryUser): readonly string[] {
  return groupsAbove(entries, [user.address])
}

/** The same for contacts. @param addresses canonical @throws RightsError `directory-unavailable` as for users */
export function groupsOfContact(entries: DirectoryEntries, addresses: readonly string[]): readonly string[] {
  return groupsAbove(
    entries,
    addresses.filter((address) => entries.contacts.has(address)),
  )
}

/**
 * Contacts in a group and in the groups within it; none for a name that is no group.
 * @param group canonical address
 * @throws RightsError `directory-unavailable` beyond 32 levels or 10,000 groups
 */
export function contactsIn(entries: DirectoryEntries, group: string): readonly Contact[] {
  const start = entries.groupsByAddress.get(group)
  const found = collect(start === undefined ? [] : [start], ({ members }) =>
    members.flatMap((member) => entries.groupsByAddress.get(member) ?? []),
  )
  const members = new Set([...found].flatMap((each) => each.members))
  return [...members].filter((member) => entries.contacts.has(member)).map((address) => ({ address }))
}

function groupsAbove({ parents }: DirectoryEntries, start: readonly string[]): readonly string[] {
  const above = (name: string): readonly GroupEntry[] => parents.get(name) ?? []
  const found = collect(start.flatMap(above), ({ addresses }) => addresses.slice(0, 1).flatMap(above))
  return [...found].flatMap(({ addresses }) => addresses)
}

function collect(
  start: readonly GroupEntry[],
  next: (group: GroupEntry) => readonly GroupEntry[],
): ReadonlySet<GroupEntry> {
  const found = new Set<GroupEntry>()
  let level: ReadonlySet<GroupEntry> = new Set(start)
  for (let depth = 0; level.size > 0; depth++) {
    if (depth >= depthMost) throw tooMuch(`groups nested deeper than ${depthMost}`)
    for (const group of level) found.add(group)
    if (found.size > groupsMost) throw tooMuch(`more than ${groupsMost} groups`)
    level = new Set([...level].flatMap(next).filter((group) => !found.has(group)))
  }
  return found
}

function tooMuch(detail: string): RightsError {
  return new RightsError('directory-unavailable', { detail })
}
