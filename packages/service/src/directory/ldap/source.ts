/** One forest, or one server of its own: who has a name there, and which groups. */
import { mailDomainOf } from '../../core/address.ts'
import { domainToASCII } from 'node:url'
import type { Filter } from 'ldapts'
import type { Contact } from '../../core/forests.ts'
import type { GroupLimits } from '../group-limits.ts'
import { claimants, settle, type Contest } from './contested.ts'
import { entryAttributes, readEntry, type DirectoryEntry } from './entries.ts'
import { withAccountName, withId, withNetbiosName, withPrincipalName, withSid } from './filters.ts'
import { groupsOfPerson, securityGroupsOf } from './groups.ts'
import { createLdapPool, readPassword, type PoolLimits } from './pool.ts'
import { search, texts } from './search.ts'
import { readServer, type LdapServer, type Question } from './server.ts'
import type { LdapSourceSettings } from './settings.ts'
import { contactsBelow, groupsOfStandIns, type Elsewhere } from './stand-ins.ts'

/** What a source says about a name. Contested is an answer: no other source is asked after it. */
export type Answer = DirectoryEntry | 'contested' | undefined

export interface LdapSource {
  readonly name: string
  /** Whether it may tell about the address. */
  concerns(address: string): boolean
  /** A person or group. @param address canonical */
  byAddress(address: string): Promise<Answer>
  bySid(sid: string): Promise<Answer>
  byPrincipalName(name: string): Promise<Answer>
  /** @param domain NetBIOS name */
  byAccount(domain: string, name: string): Promise<Answer>
  /** Groups with addresses of their own; undefined if it does not know the person. @param id immutable */
  groupsOf(id: string): Promise<readonly DirectoryEntry[] | undefined>
  /** Where the entry is now; undefined if it does not know it. @param id immutable */
  dnOf(id: string): Promise<string | undefined>
  /** The same for somebody of another source or forest, as a member of groups here. */
  groupsOfStandIns(person: Elsewhere): Promise<readonly DirectoryEntry[]>
  /** @param group DN of an entry of this source */
  contactsBelow(group: string): Promise<readonly Contact[]>
  /** Whether the password is that of the entry; for a name that nobody has, with the same work. */
  admits(dn: string | undefined, password: string): Promise<boolean>
  /** Security groups of an account, those without addresses among them; undefined if it does not know the account. @param id immutable */
  securityGroupsOf(id: string): Promise<readonly DirectoryEntry[] | undefined>
  /** For what is no question about people and their rights. */
  ask<T>(work: (question: Question) => Promise<T>): Promise<T>
  close(): Promise<void>
}

export interface SourceInput extends PoolLimits {
  readonly settings: LdapSourceSettings
  /** Milliseconds for all groups of one person. */
  readonly groupTime: number
  readonly limits: GroupLimits
  readonly now: () => Date
  readonly report: (contest: Contest) => void
}

const peopleMost = 100

export function openSource(input: SourceInput): LdapSource {
  const { settings, now, report } = input
  const [firstUrl = ''] = settings.urls
  const pool = createLdapPool({ ...settings, password: () => readPassword(settings.passwordFile) }, input)
  const domains = settings.domains?.map((domain) => domainToASCII(domain.toLowerCase()))
  let known: LdapServer | undefined

  const concerns = (address: string): boolean => domains === undefined || domains.includes(mailDomainOf(address))

  const ask = <T>(work: (question: Question) => Promise<T>): Promise<T> =>
    pool.use(async (client, next) => {
      known ??= await readServer(client, settings.baseDn, firstUrl)
      return work({ client, server: known, now: now(), concerns, next, limits: input.limits })
    })

  const settled = async (
    question: Question,
    entries: readonly DirectoryEntry[],
  ): Promise<readonly DirectoryEntry[]> => {
    const { entries: kept, contests } = await settle(question, entries)
    for (const contest of contests) report(contest)
    return kept
  }

  const only = async (question: Question, name: string, entries: readonly DirectoryEntry[]): Promise<Answer> => {
    if (entries.length > 1) {
      report({ name, entries: entries.map(({ dn }) => dn) })
      return 'contested'
    }
    const [entry] = entries
    if (entry?.address === undefined) return undefined
    return (await settled(question, entries))[0] ?? 'contested'
  }

  return {
    name: settings.name ?? new URL(firstUrl).hostname,
    concerns,
    byAddress: (address) => ask(async (question) => only(question, address, await claimants(question, [address]))),
    bySid: (sid) =>
      ask(async (question) => only(question, sid, await found(question, withSid(question.server.kind, sid)))),
    byPrincipalName: (name) =>
      ask(async (question) => {
        if (question.server.kind === 'generic') return undefined
        return only(question, name, await found(question, withPrincipalName(name)))
      }),
    byAccount: (domain, name) =>
      ask(async (question) => {
        const base = await namingContextOf(question, domain)
        if (base === undefined) return undefined
        return only(question, `${domain}\\${name}`, await found(question, withAccountName(name), base))
      }),
    groupsOf: (id) =>
      ask(async (question) => {
        const [person] = await found(question, withId(question.server.kind, id))
        if (person === undefined) return undefined
        return settled(question, await groupsOfPerson(question, person, input.groupTime))
      }),
    securityGroupsOf: (id) =>
      ask(async (question) => {
        const [account] = await found(question, withId(question.server.kind, id))
        if (account === undefined || question.server.kind === 'generic') return undefined
        return securityGroupsOf(question, account, input.groupTime)
      }),
    dnOf: (id) => ask(async (question) => (await found(question, withId(question.server.kind, id)))[0]?.dn),
    groupsOfStandIns: (person) =>
      ask(async (question) => settled(question, await groupsOfStandIns(question, person, input.groupTime))),
    contactsBelow: (group) => ask((question) => contactsBelow(question, group, input.groupTime)),
    admits: async (dn, password) => {
      const nobody = await ask(async ({ server }) => `CN=nobody-of-this-name,${server.base}`)
      return pool.admits({ dn: dn ?? nobody, password })
    },
    ask,
    close: () => pool.close(),
  }
}

/** Where the people of a domain are; undefined unless the forest has a domain of this NetBIOS name. */
async function namingContextOf({ client, server }: Question, domain: string): Promise<string | undefined> {
  if (server.kind === 'generic' || server.configuration === undefined) return undefined
  const [partition] = await search(client, {
    base: `CN=Partitions,${server.configuration}`,
    filter: withNetbiosName(domain),
    attributes: ['nCName'],
    most: 1,
  })
  return partition === undefined ? undefined : texts(partition, 'nCName')[0]
}

async function found(
  question: Question,
  filter: Filter | undefined,
  base = question.server.base,
): Promise<readonly DirectoryEntry[]> {
  if (filter === undefined) return []
  const { client, server } = question
  const attributes = entryAttributes(server.kind)
  const entries = await search(client, { base, filter, attributes, most: peopleMost })
  return Promise.all(entries.map((entry) => readEntry(question, entry)))
}
