/**
 * The records of a directory that a tenant keeps itself, filled from a source. Objects are told apart by an identifier that
 * never changes; an address belongs to one object only, and what it belonged to is never forgotten (threats D2, D3).
 */
import type { StandInRepository, SynchronisedStandIn } from './stand-ins.ts'

export interface SynchronisedEntry {
  /** Base64 of the 16 bytes of `objectGUID`; `entryUUID` of other servers; the id in a directory file. */
  readonly immutableId: string
  /** As the core knows the person: the same as where the source is asked directly. */
  readonly id: string
  readonly source: string
  readonly type: 'person' | 'group'
  /** What the source calls it: a DN, or the primary address in a file. */
  readonly name: string
  readonly displayName: string
  readonly sid: string
  readonly sidHistory: readonly string[]
  /** Windows account in canonical form, `corp\alice`. */
  readonly account: string | undefined
  /** Security identifier of the group that no `member` tells of. */
  readonly primaryGroup: string | undefined
  readonly kind: 'security' | 'distribution'
  readonly disabled: boolean
  readonly expiresAt: Date | undefined
  /** The primary address that counts; an entry without one does not exist for rights. */
  readonly address: string | undefined
  readonly deletedAt: Date | undefined
}

/** That an entry lists an address, or listed it once. */
export interface AddressClaim {
  /** Canonical. */
  readonly address: string
  /** Immutable identifier. */
  readonly entry: string
  /** Whether the source lists it now. */
  readonly current: boolean
  /** Whether the source lists it as the primary address now. */
  readonly primary: boolean
  /** Whether it belongs to the entry; of all claims on an address at most one does. */
  readonly holder: boolean
  /** Whether several entries list it now: then it grants nobody, whoever holds it. */
  readonly contested: boolean
  /** Since when the entry has listed it. */
  readonly since: Date
  /** Since when it has not been listed any more. */
  readonly until: Date | undefined
}

export interface SourceState {
  readonly source: string
  /** Where to go on; undefined for sources that are compared as a whole. */
  readonly cookie: string | undefined
  readonly synchronisedAt: Date
  /** Number of the run. */
  readonly revision: number
}

export interface DirectoryChanges {
  readonly entries: readonly SynchronisedEntry[]
  readonly claims: readonly AddressClaim[]
  readonly forgotten: readonly Pick<AddressClaim, 'address' | 'entry'>[]
  readonly standIns: readonly SynchronisedStandIn[]
  /** All members of groups whose members changed. */
  readonly members: ReadonlyMap<string, readonly string[]>
}

export interface Membership {
  readonly group: string
  readonly member: string
}

export interface DirectoryCounts {
  readonly people: number
  readonly groups: number
  /** Contacts and foreign security principals. */
  readonly standIns: number
}

/** Identifiers are immutable ones; lists may have any length. */
export interface SynchronisedDirectoryRepository {
  readonly standIns: StandInRepository
  /** Empty before the first run. */
  sources(): Promise<readonly SourceState[]>
  /** Replaces the list. */
  putSources(sources: readonly SourceState[]): Promise<void>
  /** Deleted ones included; all unless named. */
  entries(ids?: readonly string[]): Promise<readonly SynchronisedEntry[]>
  claimsOf(ids?: readonly string[]): Promise<readonly AddressClaim[]>
  claimsOn(addresses: readonly string[]): Promise<readonly AddressClaim[]>
  /** Of addresses that several entries list, or that wait for an entry to which they do not belong yet. */
  openClaims(): Promise<readonly AddressClaim[]>
  /** In groups; in all unless named. */
  membershipsIn(groups?: readonly string[]): Promise<readonly Membership[]>
  /** Groups that are members themselves, deleted ones left out. */
  groupsIn(groups: readonly string[]): Promise<readonly string[]>
  membershipsOf(members: readonly string[]): Promise<readonly Membership[]>
  /** Entries with a current or historical security identifier. */
  withSid(sid: string): Promise<readonly string[]>
  /** @param account canonical, `corp\alice`; or the name alone, in any domain */
  withAccount(account: string): Promise<readonly string[]>
  /** Entries that count. */
  counts(): Promise<DirectoryCounts>
  apply(changes: DirectoryChanges): Promise<void>
}
