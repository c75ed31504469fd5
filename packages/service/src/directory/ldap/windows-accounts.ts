/**
 * Accounts and groups of Active Directory by security identifier, whether they have addresses or not (MS-ADTS 3.1.1.1.3).
 * Other servers know neither. Sources are asked in order, like those of people.
 */
import type { Entry, Filter } from 'ldapts'
import type { WindowsAccounts, WindowsPrincipal } from '../../core/windows-accounts.ts'
import { canonicalAccount } from '../directory-file.ts'
import { readAccounts } from './account-names.ts'
import { entryAttributes, readEntry, type DirectoryEntry } from './entries.ts'
import { linkedToComputer, withAnyAccountName, withCurrentSid, withId } from './filters.ts'
import { search } from './search.ts'
import type { Question } from './server.ts'
import type { LdapSource } from './source.ts'

interface Named {
  readonly entry: DirectoryEntry
  /** Canonical, `corp\mail01$`. */
  readonly name: string
}

/** As many as can have one name in a forest: one in each domain. */
const namesakesMost = 1_000

export function ldapWindowsAccounts(sources: readonly LdapSource[]): WindowsAccounts {
  /** The answer of the first source that has one. */
  const first = async <T>(ask: (question: Question) => Promise<T | undefined>): Promise<T | undefined> => {
    for (const source of sources) {
      const answer = await source.ask(async (question) =>
        question.server.kind === 'active-directory' ? ask(question) : undefined,
      )
      if (answer !== undefined) return answer
    }
    return undefined
  }

  return {
    async find(domain, name) {
      const account = canonicalAccount(`${domain}\\${name}`)
      const found = await first(async (question) =>
        (await named(question, withAnyAccountName(name))).find((each) => each.name === account),
      )
      if (found?.entry.type !== 'person' || found.entry.address !== undefined) return undefined
      const { id, sid, disabled } = found.entry
      return { id, sid, name: found.name, disabled }
    },
    async named(text) {
      const bySid = withCurrentSid(text)
      const written = canonicalAccount(text)
      const whole = written.includes('\\')
      const filter = bySid ?? withAnyAccountName(written.slice(written.indexOf('\\') + 1))
      return first(async (question) => {
        const found = await named(question, filter)
        const meant = bySid === undefined && whole ? found.filter(({ name }) => name === written) : found
        return meant.length === 1 ? meant.map(principalOf)[0] : undefined
      })
    },
    async groupSids(id) {
      for (const source of sources) {
        const groups = await source.securityGroupsOf(id)
        if (groups !== undefined) return groups.map(({ sid }) => sid)
      }
      return []
    },
    async linkedUser(id) {
      const linked = await first(async (question) => {
        const [computer] = await entries(question, withId('active-directory', id))
        return computer === undefined ? undefined : entries(question, linkedToComputer(computer.dn))
      })
      const [user, ...others] = linked ?? []
      // Whoever is linked to several has no identity among them that would be the right one.
      return user === undefined || others.length > 0 ? undefined : { sid: user.sid }
    },
  }
}

function principalOf({ entry, name }: Named): WindowsPrincipal {
  const kind = entry.security ? 'security' : 'distribution'
  return { kind: entry.type === 'person' ? 'account' : kind, sid: entry.sid, name }
}

async function named(question: Question, filter: Filter): Promise<readonly Named[]> {
  const found = await raw(question, filter)
  if (found.length === 0) return []
  const accounts = await readAccounts(question)
  const all = await Promise.all(
    found.map(async (entry) => ({ entry: await readEntry(question, entry), name: accounts.accountOf(entry) })),
  )
  return all.flatMap(({ entry, name }) => (name === undefined ? [] : [{ entry, name }]))
}

async function entries(question: Question, filter: Filter | undefined): Promise<readonly DirectoryEntry[]> {
  if (filter === undefined) return []
  return Promise.all((await raw(question, filter)).map((entry) => readEntry(question, entry)))
}

function raw({ client, server }: Question, filter: Filter): Promise<readonly Entry[]> {
  const attributes = [...entryAttributes(server.kind), 'sAMAccountName']
  return search(client, { base: server.base, filter, attributes, most: namesakesMost })
}
