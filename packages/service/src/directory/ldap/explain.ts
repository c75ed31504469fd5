/** Explains a name by asking as the service does, but slowly and without what is remembered: group by group, with the way. */
import { knownAddress } from '../../core/address.ts'
import { nobody, type DirectoryExplanation, type DirectoryProblem, type ExplainedGroup } from '../explanation.ts'
import { settle, type Contest } from './contested.ts'
import { addressesOf, entryAttributes, readEntry, type DirectoryEntry } from './entries.ts'
import { withName } from './filters.ts'
import { climb, primaryGroups } from './groups.ts'
import { search } from './search.ts'
import type { Question } from './server.ts'
import type { LdapSource } from './source.ts'

/** Milliseconds for all groups; an administrator has patience. */
const within = 60_000
const entriesMost = 100

/** @param name an address, or the name of an account @throws RightsError `directory-unavailable` */
export async function explainName(sources: readonly LdapSource[], name: string): Promise<DirectoryExplanation> {
  const known: { readonly source: LdapSource; readonly explanation: DirectoryExplanation }[] = []
  for (const source of sources) {
    const explanation = await source.ask((question) => explainIn(question, name, source.name))
    if (explanation !== undefined) known.push({ source, explanation })
  }
  const [first, ...others] = known
  if (first === undefined) return nobody(name, { code: 'unknown', detail: 'no source knows the name' })
  const elsewhere = others.map(({ source }): DirectoryProblem => ({ code: 'also-elsewhere', detail: source.name }))
  return { ...first.explanation, problems: [...first.explanation.problems, ...elsewhere] }
}

async function explainIn(question: Question, name: string, source: string): Promise<DirectoryExplanation | undefined> {
  const entries = await entriesNamed(question, name)
  const [entry, ...others] = entries
  if (entry === undefined) return undefined
  if (others.length > 0) {
    return nobody(name, contestProblem({ name, entries: entries.map(({ dn }) => dn) }), source)
  }
  const { entries: kept, contests } = await settle(question, [entry])
  const [settled] = kept
  const groups = entry.type === 'person' ? await explainGroups(question, entry) : { groups: [], contests: [] }
  return {
    asked: name,
    type: settled?.type,
    source,
    displayName: entry.displayName,
    id: entry.id,
    sid: entry.sid,
    sidHistory: entry.sidHistory,
    addresses: settled === undefined ? [] : addressesOf(settled),
    groups: groups.groups,
    problems: [
      ...(entry.disabled ? [{ code: 'disabled', detail: entry.dn } as const] : []),
      ...(entry.address === undefined ? [{ code: 'no-address', detail: entry.dn } as const] : []),
      ...[...contests, ...groups.contests].map(contestProblem),
      ...entry.refused.map((detail) => ({ code: 'address-refused', detail }) as const),
    ],
  }
}

/** Those with the address count before those who only have an account of that name. */
async function entriesNamed(question: Question, name: string): Promise<readonly DirectoryEntry[]> {
  const { client, server } = question
  const address = knownAddress(name)
  const found = await search(client, {
    base: server.base,
    filter: withName(server.kind, name, address),
    attributes: entryAttributes(server.kind),
    most: entriesMost,
  })
  const entries = await Promise.all(found.map((entry) => readEntry(question, entry)))
  const withAddress = entries.filter((entry) => address !== undefined && addressesOf(entry).includes(address))
  return withAddress.length > 0 ? withAddress : entries
}

async function explainGroups(
  question: Question,
  person: DirectoryEntry,
): Promise<{ readonly groups: readonly ExplainedGroup[]; readonly contests: readonly Contest[] }> {
  const primary = await primaryGroups(question, person)
  const steps = await climb(question, [person, ...primary], { within, atOnce: 1 })
  const paths = new Map<string, readonly string[]>([[person.id, []]])
  const groups = new Map<string, DirectoryEntry>()
  const arrive = (group: DirectoryEntry, from: DirectoryEntry | undefined): void => {
    paths.set(group.id, [...(paths.get(from?.id ?? '') ?? []), nameOf(group)])
    groups.set(group.id, group)
  }
  for (const group of primary) arrive(group, person)
  for (const { group, members } of steps) if (!groups.has(group.id)) arrive(group, members[0])
  const { entries, contests } = await settle(question, [...groups.values()])
  const counting = new Map(entries.map((group) => [group.id, addressesOf(group)]))
  const explained = [...groups.values()].map((group): ExplainedGroup => {
    const kind = group.security ? 'security' : 'distribution'
    return { name: nameOf(group), addresses: counting.get(group.id) ?? [], kind, path: paths.get(group.id) ?? [] }
  })
  return { groups: explained, contests }
}

function nameOf({ address, displayName, dn }: DirectoryEntry): string {
  return address ?? (displayName === '' ? dn : displayName)
}

function contestProblem({ name, entries }: Contest): DirectoryProblem {
  return { code: 'contested', detail: `${name}: ${entries.join('; ')}` }
}
