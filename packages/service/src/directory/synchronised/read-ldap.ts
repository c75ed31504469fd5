/** Reads a source by LDAP: as a whole, or the changes since the last run where the server tells them (Active Directory). */
import type { Entry } from 'ldapts'
import { readEntry, type DirectoryEntry } from '../ldap/entries.ts'
import { everyEntry } from '../ldap/filters.ts'
import { search } from '../ldap/search.ts'
import type { Question } from '../ldap/server.ts'
import type { LdapSource } from '../ldap/source.ts'
import { readAccounts } from '../ldap/account-names.ts'
import { isStandIn, readStandIn } from '../ldap/stand-in-entry.ts'
import { changesSince, cookieNow } from './active-directory-changes.ts'
import { keptAttributes, keptEntry, keptStandIn } from './kept-entry.ts'
import { membersInActiveDirectory, membersOfGroups } from './members.ts'
import type { SourceEntry, SourceReading, SourceStandIn } from './source-reading.ts'

/** More are not read: the service keeps them in memory while it compares. */
const entriesMost = 250_000

export interface ReadLdapInput {
  readonly source: LdapSource
  /** What the directory calls it. */
  readonly name: string
  readonly cookie: string | undefined
  /** What of the settings decides what is read: with others everything is read again. */
  readonly scope: string
  /** Milliseconds after which Active Directory is read as a whole again. */
  readonly wholeEvery: number
}

/** @throws RightsError `directory-unavailable`: whatever is not answered in full is no answer */
export function readLdapSource({ source, name, cookie, scope, wholeEvery }: ReadLdapInput): Promise<SourceReading> {
  return source.ask(async (question): Promise<SourceReading> => {
    const reading = { source: name }
    if (question.server.kind === 'generic') {
      const entries = await readGeneric(question)
      return { ...reading, whole: true, entries, standIns: [], deleted: [], cookie: undefined }
    }
    // Before anything is read: what changes meanwhile is read twice, and not missed.
    const next = await cookieNow(question, cookie, { scope, wholeEvery })
    const found = next.since === undefined ? await readAll(question) : await changesSince(question, next.since)
    return {
      ...reading,
      whole: next.since === undefined,
      ...(await readActiveDirectory(question, found.entries)),
      deleted: found.deleted,
      cookie: next.cookie,
    }
  })
}

async function readAll(question: Question): Promise<{ readonly entries: readonly Entry[]; readonly deleted: [] }> {
  const { client, server, next } = question
  const filter = everyEntry(server.kind)
  const attributes = keptAttributes(server.kind)
  return {
    entries: await search(client, { base: server.base, filter, attributes, most: entriesMost, next }),
    deleted: [],
  }
}

async function readActiveDirectory(
  question: Question,
  found: readonly Entry[],
): Promise<Pick<SourceReading, 'entries' | 'standIns'>> {
  const accounts = await readAccounts(question)
  const entries: SourceEntry[] = []
  const standIns: SourceStandIn[] = []
  for (const each of found) {
    question.next()
    if (isStandIn(each)) {
      standIns.push(keptStandIn(await readStandIn(question, each)))
      continue
    }
    const entry = await readEntry(question, each)
    const members = entry.type === 'group' ? await membersInActiveDirectory(question, entry.dn) : []
    entries.push({ ...keptEntry(entry, each, accounts), members })
  }
  return { entries, standIns }
}

async function readGeneric(question: Question): Promise<readonly SourceEntry[]> {
  const found = (await readAll(question)).entries
  const entries: DirectoryEntry[] = []
  for (const each of found) {
    question.next()
    entries.push(await readEntry(question, each))
  }
  const members = await membersOfGroups(question, entries)
  return entries.map((entry, index) => ({
    ...keptEntry(entry, found[index], undefined),
    members: members.get(entry.id) ?? [],
  }))
}
