/**
 * Which of several services a name leads to: each answers for its own names and for those of former services that it has
 * taken over. A name that two would answer for leads to neither (threat P13).
 */
import { formerHosts, formerNames } from '../core/former-sites.ts'
import { answersFor, bareHostName } from '../core/host-names.ts'
import type { Resident } from './resident.ts'

export interface ResidentNames {
  /** @param host name, with a port or without, as a Host header has it */
  ownerOf(host: string): Promise<Resident | undefined>
  /** @param name without port, as clients name a server when they connect (RFC 6066, 3) */
  ownerOfServerName(name: string): Promise<Resident | undefined>
}

/** @param formerOnly whether only names of former services count, for plain HTTP */
export function createResidentNames(residents: readonly Resident[], formerOnly: boolean): ResidentNames {
  const own = new Map(residents.flatMap((resident) => resident.ownNames.map((name) => [name, resident] as const)))

  async function formerOwner(claims: (entries: readonly string[]) => boolean): Promise<Resident | undefined> {
    const claiming = await Promise.all(residents.map(async (resident) => claims(await formerEntries(resident))))
    const owners = residents.filter((_, index) => claiming[index])
    return owners.length === 1 ? owners[0] : undefined
  }

  async function find(host: string, claims: (entries: readonly string[]) => boolean): Promise<Resident | undefined> {
    const name = bareHostName(host)
    if (name === undefined) return undefined
    const owner = own.get(name)
    if (owner === undefined) return formerOwner(claims)
    // A service that has moved may have its own name as a former one, at another base path.
    return !formerOnly || claims(await formerEntries(owner)) ? owner : undefined
  }

  return {
    ownerOf: (host) => find(host, (entries) => answersFor(formerHosts(entries), host)),
    ownerOfServerName: (host) => {
      const name = bareHostName(host)
      return find(host, (entries) => name !== undefined && formerNames(entries).includes(name))
    },
  }
}

async function formerEntries({ lastConfiguration }: Resident): Promise<readonly string[]> {
  return (await lastConfiguration())?.settings.hostNames ?? []
}
