/** The directory that the service keeps itself, as the core asks it. Nothing is remembered beside the database. */
import { RightsError } from '@sealward/xrml'
import { knownAddress } from '../../core/address.ts'
import type { Clock, Directory, DirectoryUser } from '../../core/ports.ts'
import type {
  AddressClaim,
  SynchronisedDirectoryRepository,
  SynchronisedEntry,
} from '../../core/synchronised-directory.ts'
import { canonicalAccount } from '../directory-file.ts'
import type { GroupLimits } from '../group-limits.ts'
import { groupsAbove } from './groups.ts'
import type { OpenedSource } from './open-source.ts'
import { belongs } from './settle-address.ts'
import { contactsBelow, groupsOfStandIns } from './stand-ins.ts'
import { synchronisedAccounts } from './windows-accounts.ts'

export interface SynchronisedDirectoryInput {
  readonly repository: SynchronisedDirectoryRepository
  readonly clock: Clock
  /** Milliseconds after which the last run is too old to answer from. */
  readonly refuseAfter: number | undefined
  /** Who checks passwords; undefined if nobody signs in with one. */
  readonly passwords: Pick<OpenedSource, 'admits' | 'withPrincipalName'> | undefined
  /** Who knows which computers share whose identity. */
  readonly links: OpenedSource['accounts']
  readonly limits: GroupLimits
}

export function synchronisedDirectory(input: SynchronisedDirectoryInput): Directory {
  const { repository, clock, passwords } = input
  const bounded = { repository, limits: input.limits }

  const userOf = async (entry: SynchronisedEntry | undefined): Promise<DirectoryUser | undefined> => {
    if (entry?.type !== 'person' || !counts(entry)) return undefined
    const { id, sid, sidHistory, address, displayName } = entry
    const aliases = addressesOf(entry, await repository.claimsOf([entry.immutableId])).slice(1)
    return { id, sid, address, aliases, displayName, sidHistory, disabled: isDisabled(entry, clock.now()) }
  }

  /** Nobody, if several have the identifier. */
  const only = async (ids: readonly string[]): Promise<SynchronisedEntry | undefined> => {
    const [entry, ...others] = (await repository.entries(ids)).filter(counts)
    return others.length === 0 ? entry : undefined
  }

  const byAddress = async (text: string): Promise<SynchronisedEntry | undefined> => {
    const address = knownAddress(text)
    if (address === undefined) return undefined
    const claim = (await repository.claimsOn([address])).find(belongs)
    return claim === undefined ? undefined : only([claim.entry])
  }

  const addressesOfGroups = async (ids: readonly string[]): Promise<readonly string[]> => {
    const groups = (await repository.entries(ids)).filter((entry) => entry.type === 'group').filter(counts)
    const claims = claimsByEntry(await repository.claimsOf(groups.map(({ immutableId }) => immutableId)))
    return groups.flatMap((group) => addressesOf(group, claims.get(group.immutableId) ?? []))
  }

  const checkAge = (): Promise<void> => checkSynchronised(input)

  return {
    async findByAddress(address) {
      await checkAge()
      return userOf(await byAddress(address))
    },
    async findBySid(sid) {
      await checkAge()
      return userOf(await only(await repository.withSid(sid)))
    },
    async findByAccount(domain, name) {
      await checkAge()
      const account = canonicalAccount(`${domain}\\${name}`)
      return userOf(await only(await repository.withAccount(account)))
    },
    async groupsOf(user) {
      await checkAge()
      const person = (await repository.entries(await repository.withSid(user.sid))).find(({ id }) => id === user.id)
      if (person === undefined || !counts(person)) return []
      const known = { addresses: [user.address, ...user.aliases], sid: user.sid }
      const elsewhere = await groupsOfStandIns(bounded, known, person.source)
      return addressesOfGroups([...(await groupsAbove(bounded, [person])).keys(), ...elsewhere])
    },
    async groupsOfContact(addresses) {
      await checkAge()
      return addressesOfGroups(await groupsOfStandIns(bounded, { addresses }))
    },
    async contactsIn(group) {
      await checkAge()
      const entry = await byAddress(group)
      return entry?.type === 'group' ? contactsBelow(bounded, entry.immutableId) : []
    },
    async findGroup(address) {
      await checkAge()
      const entry = await byAddress(address)
      if (entry?.type !== 'group') return undefined
      return { addresses: addressesOf(entry, await repository.claimsOf([entry.immutableId])), kind: entry.kind }
    },
    accounts: synchronisedAccounts({
      ...bounded,
      checkAge,
      isDisabled: (entry) => isDisabled(entry, clock.now()),
      source: input.links,
    }),
    async verifyPassword(name, password) {
      // RFC 4513, 5.1: a server may answer success to a password that is empty, and nobody has signed in.
      if (passwords === undefined || password.length === 0) return undefined
      await checkAge()
      const principal = async (): Promise<SynchronisedEntry | undefined> => {
        const id = knownAddress(name) === undefined ? undefined : await passwords.withPrincipalName(name)
        return id === undefined ? undefined : only([id])
      }
      const entry = (await byAddress(name)) ?? (await principal())
      const user = await userOf(entry)
      const person = user?.disabled === false ? entry : undefined
      return (await passwords.admits(person, password)) ? user : undefined
    },
    flush: () => undefined,
  }
}

/** @throws RightsError `directory-unavailable` before the first run, or when the last one is too old */
async function checkSynchronised({ repository, clock, refuseAfter }: SynchronisedDirectoryInput): Promise<void> {
  const sources = await repository.sources()
  if (sources.length === 0) throw new RightsError('directory-unavailable', { detail: 'it was never synchronised' })
  const oldest = Math.min(...sources.map(({ synchronisedAt }) => synchronisedAt.getTime()))
  if (refuseAfter !== undefined && clock.now().getTime() - oldest > refuseAfter) {
    throw new RightsError('directory-unavailable', { detail: 'the last synchronisation is too old' })
  }
}

/** Whether the entry exists for rights. */
export function counts(entry: SynchronisedEntry): entry is SynchronisedEntry & { readonly address: string } {
  return entry.deletedAt === undefined && entry.address !== undefined
}

export function isDisabled({ disabled, expiresAt }: SynchronisedEntry, now: Date): boolean {
  return disabled || (expiresAt !== undefined && expiresAt <= now)
}

/** Addresses that count, the primary one first, then present ones, then former ones. */
export function addressesOf(entry: SynchronisedEntry, claims: readonly AddressClaim[]): readonly string[] {
  if (!counts(entry)) return []
  const others = claims.filter((claim) => belongs(claim) && claim.address !== entry.address)
  others.sort((a, b) => (rank(a) < rank(b) ? -1 : 1))
  return [entry.address, ...others.map(({ address }) => address)]
}

function rank({ current, address }: AddressClaim): string {
  return `${current ? 0 : 1} ${address}`
}

export function claimsByEntry(claims: readonly AddressClaim[]): ReadonlyMap<string, readonly AddressClaim[]> {
  const byEntry = new Map<string, AddressClaim[]>()
  for (const claim of claims) byEntry.set(claim.entry, [...(byEntry.get(claim.entry) ?? []), claim])
  return byEntry
}
