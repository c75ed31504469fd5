/** The directory behind the service, by LDAP: sources are asked in order, and the first that knows a name answers. */
import type { DirectoryGroup, DirectoryUser } from '../../core/ports.ts'
import { knownAddress } from '../../core/address.ts'
import type { UncachedDirectory } from '../cache.ts'
import { addressesOf, type DirectoryEntry } from './entries.ts'
import type { Answer, LdapSource } from './source.ts'
import type { Elsewhere } from './stand-ins.ts'
import { ldapWindowsAccounts } from './windows-accounts.ts'

/** @param sources in the order in which they are asked */
export function ldapDirectory(sources: readonly LdapSource[]): UncachedDirectory {
  const first = async (ask: (source: LdapSource) => Promise<Answer>, asked = sources): Promise<Found | undefined> => {
    for (const source of asked) {
      const answer = await ask(source)
      if (answer === 'contested') return undefined
      if (answer !== undefined) return { source, entry: answer }
    }
    return undefined
  }

  const byAddress = async (text: string): Promise<Found | undefined> => {
    const address = knownAddress(text)
    if (address === undefined) return undefined
    return first(
      (source) => source.byAddress(address),
      sources.filter((source) => source.concerns(address)),
    )
  }

  const whoSignsIn = async (name: string): Promise<Found | undefined> => {
    // A name without an at sign is none, here and in Active Directory's principal names.
    if (knownAddress(name) === undefined) return undefined
    return (await byAddress(name)) ?? first((source) => source.byPrincipalName(name))
  }

  return {
    async findByAddress(address) {
      return userOf((await byAddress(address))?.entry)
    },
    async findBySid(sid) {
      return userOf((await first((source) => source.bySid(sid)))?.entry)
    },
    async findByAccount(domain, name) {
      return userOf((await first((source) => source.byAccount(domain, name)))?.entry)
    },
    async groupsOf(user) {
      for (const source of sources) {
        const groups = await source.groupsOf(user.id)
        if (groups === undefined) continue
        const { address, aliases, sid } = user
        const others = sources.filter((other) => other !== source)
        return [
          ...groups.flatMap(addressesOf),
          ...(await groupsElsewhere(others, { addresses: [address, ...aliases], sid })),
        ]
      }
      return []
    },
    groupsOfContact: (addresses) => groupsElsewhere(sources, { addresses }),
    async contactsIn(group) {
      const found = await byAddress(group)
      return found?.entry.type === 'group' ? found.source.contactsBelow(found.entry.dn) : []
    },
    async findGroup(address) {
      return groupOf((await byAddress(address))?.entry)
    },
    accounts: ldapWindowsAccounts(sources),
    async verifyPassword(address, password) {
      const text = Buffer.from(password).toString('utf8')
      if (text === '') return undefined
      const found = await whoSignsIn(address)
      const user = userOf(found?.entry)
      const source = found?.source ?? sources[0]
      const dn = user === undefined ? undefined : found?.entry.dn
      const admitted = (await source?.admits(dn, text)) === true
      return admitted && user?.disabled === false ? user : undefined
    },
  }
}

async function groupsElsewhere(sources: readonly LdapSource[], person: Elsewhere): Promise<readonly string[]> {
  const groups = await Promise.all(sources.map((source) => source.groupsOfStandIns(person)))
  return groups.flat().flatMap(addressesOf)
}

interface Found {
  readonly source: LdapSource
  readonly entry: DirectoryEntry
}

function userOf(entry: DirectoryEntry | undefined): DirectoryUser | undefined {
  if (entry?.type !== 'person' || entry.address === undefined) return undefined
  const { id, sid, address, aliases, displayName, sidHistory, disabled } = entry
  return { id, sid, address, aliases, displayName, sidHistory, disabled }
}

function groupOf(entry: DirectoryEntry | undefined): DirectoryGroup | undefined {
  if (entry?.type !== 'group') return undefined
  return { addresses: addressesOf(entry), kind: entry.security ? 'security' : 'distribution' }
}
