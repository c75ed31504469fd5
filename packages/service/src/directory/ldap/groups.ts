/**
 * Groups of a person, directly or through other groups, whether those have addresses or not (MS-RMPR 3.1.4.4). The question
 * is always which groups somebody is in, never who is in a group. Half an answer would be a wrong one: what does not end
 * within the limits is unavailable (threat D5).
 */
import type { Filter } from 'ldapts'
import { RightsError } from '@sealward/xrml'
import { requireGroupsWithin } from '../group-limits.ts'
import { entryAttributes, readEntry, type DirectoryEntry } from './entries.ts'
import { anyGroupInChain, groupsInChain, groupsWithMember, withGroupSid } from './filters.ts'
import { sidOfSameDomain } from './identifiers.ts'
import { search } from './search.ts'
import type { Question } from './server.ts'

const membersAtOnce = 50

/** @param within milliseconds @throws RightsError `directory-unavailable`; errors of ldapts */
export async function groupsOfPerson(
  question: Question,
  person: DirectoryEntry,
  within: number,
): Promise<readonly DirectoryEntry[]> {
  if (question.server.kind === 'generic') {
    const steps = await climb(question, [person], { within, atOnce: membersAtOnce })
    return steps.map(({ group }) => group).filter(({ address }) => address !== undefined)
  }
  const primary = await primaryGroups(question, person)
  const filter = groupsInChain([person.dn, ...primary.map(({ dn }) => dn)])
  const groups = new Map<string, DirectoryEntry>()
  for (const group of await readGroups(question, filter, within)) groups.set(group.id, group)
  for (const group of primary) if (group.address !== undefined) groups.set(group.id, group)
  return [...groups.values()]
}

/**
 * Security groups of Active Directory, those without addresses among them: what decides about accounts, not about rights.
 * @param within milliseconds @throws RightsError `directory-unavailable`; errors of ldapts
 */
export async function securityGroupsOf(
  question: Question,
  account: DirectoryEntry,
  within: number,
): Promise<readonly DirectoryEntry[]> {
  const primary = await primaryGroups(question, account)
  const filter = anyGroupInChain([account.dn, ...primary.map(({ dn }) => dn)])
  const above = await readGroups(question, filter, within)
  return [...primary, ...above].filter(({ security }) => security)
}

async function readGroups(question: Question, filter: Filter, timeLimit: number): Promise<readonly DirectoryEntry[]> {
  const { client, server } = question
  const attributes = entryAttributes(server.kind)
  const most = question.limits.groups
  const found = await search(client, { base: server.base, filter, attributes, most, timeLimit })
  return Promise.all(found.map((entry) => readEntry(question, entry)))
}

/** No group lists those among its members whose primary group it is. */
export async function primaryGroups(
  question: Question,
  { sid, primaryGroup }: DirectoryEntry,
): Promise<readonly DirectoryEntry[]> {
  const { client, server } = question
  const filter = primaryGroup === undefined ? undefined : withGroupSid(sidOfSameDomain(sid, primaryGroup))
  if (filter === undefined) return []
  const found = await search(client, {
    base: server.base,
    filter,
    attributes: entryAttributes(server.kind),
    most: 1,
  })
  return Promise.all(found.map((entry) => readEntry(question, entry)))
}

export interface Step {
  readonly group: DirectoryEntry
  /** Entries of the level below of which one is a member; only one, if they were asked about one by one. */
  readonly members: readonly DirectoryEntry[]
}

/** Level by level; groups that contain each other are visited once. @throws RightsError `directory-unavailable` */
export async function climb(
  question: Question,
  start: readonly DirectoryEntry[],
  limits: { readonly within: number; readonly atOnce: number },
): Promise<readonly Step[]> {
  const { client, server, limits: most } = question
  const until = performance.now() + limits.within
  const steps = new Map<string, Step>()
  let level = start
  for (let depth = 0; level.length > 0; depth++) {
    const above: DirectoryEntry[] = []
    for (let at = 0; at < level.length; at += limits.atOnce) {
      if (performance.now() > until)
        throw new RightsError('directory-unavailable', { detail: 'the search for groups takes too long' })
      const members = level.slice(at, at + limits.atOnce)
      const filter = groupsWithMember(
        server.kind,
        members.map(({ dn }) => dn),
      )
      const attributes = entryAttributes(server.kind)
      for (const entry of await search(client, { base: server.base, filter, attributes, most: most.groups })) {
        const group = await readEntry(question, entry)
        if (steps.has(group.id)) continue
        steps.set(group.id, { group, members })
        above.push(group)
      }
      requireGroupsWithin(most, depth, steps.size)
    }
    if (above.length > 0) requireGroupsWithin(most, depth + 1, steps.size)
    level = above
  }
  return [...steps.values()]
}
