/**
 * Entries of Active Directory that stand for somebody elsewhere: contacts, by address, for people and groups of other
 * forests (MS-RMPRS 3.3.4.1); foreign security principals, by security identifier, for accounts of trusted forests (MS-ADTS
 * 6.1.1.4.10). They are nobody themselves, only members of groups. Servers of other kinds have none.
 */
import type { Contact } from '../../core/forests.ts'
import { contactOf } from '../../core/stand-ins.ts'
import { entryAttributes, readEntry, type DirectoryEntry } from './entries.ts'
import { contactsInChain, groupsInChain, standIns } from './filters.ts'
import { search } from './search.ts'
import type { Question } from './server.ts'
import { readStandIn, standInAttributes } from './stand-in-entry.ts'

/** Contacts for one person, in one forest. */
const standInsMost = 1_000
/** Contacts below one group. */
const contactsMost = 10_000

export interface Elsewhere {
  /** Canonical. */
  readonly addresses: readonly string[]
  /** Only as another source of ours says it: no certificate vouches for an identifier of somebody else's domain. */
  readonly sid?: string
}

/**
 * Groups, nested to any depth, that have somebody of elsewhere as a member.
 * @param within milliseconds @throws RightsError `directory-unavailable`; errors of ldapts
 */
export async function groupsOfStandIns(
  question: Question,
  { addresses, sid }: Elsewhere,
  within: number,
): Promise<readonly DirectoryEntry[]> {
  const { client, server } = question
  const filter = server.kind === 'generic' ? undefined : standIns(addresses, sid)
  if (filter === undefined) return []
  const found = await search(client, { base: server.base, filter, attributes: standInAttributes, most: standInsMost })
  const wanted = new Set(addresses)
  const dns: string[] = []
  for (const entry of found) {
    // Servers compare addresses loosely, identifiers exactly.
    const { type, address, aliases, dn } = await readStandIn(question, entry)
    const exact = type !== 'contact' || [address, ...aliases].some((each) => each !== undefined && wanted.has(each))
    if (exact) dns.push(dn)
  }
  if (dns.length === 0) return []
  const attributes = entryAttributes(server.kind)
  const above = await search(client, {
    base: server.base,
    filter: groupsInChain(dns),
    attributes,
    most: question.limits.groups,
    timeLimit: within,
  })
  return Promise.all(above.map((entry) => readEntry(question, entry)))
}

/** Contacts in a group and in the groups within it. @param within milliseconds @throws as `groupsOfStandIns` */
export async function contactsBelow(question: Question, group: string, within: number): Promise<readonly Contact[]> {
  const { client, server } = question
  if (server.kind === 'generic') return []
  const found = await search(client, {
    base: server.base,
    filter: contactsInChain(group),
    attributes: standInAttributes,
    most: contactsMost,
    timeLimit: within,
  })
  const contacts = await Promise.all(found.map((entry) => readStandIn(question, entry)))
  return contacts.flatMap(contactOf)
}
