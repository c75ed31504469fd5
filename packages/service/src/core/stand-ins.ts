/**
 * Entries of a synchronised directory that stand for somebody elsewhere: contacts, by address, and foreign security
 * principals, by security identifier. They are members of groups and nobody themselves: what they list, they do not claim,
 * so that no contact takes an address away from the person who has it.
 */
import type { Contact } from './forests.ts'

export interface SynchronisedStandIn {
  /** As of people and groups, among whose identifiers it is. */
  readonly immutableId: string
  readonly source: string
  readonly type: 'contact' | 'foreign-principal'
  /** What the source calls it. */
  readonly name: string
  /** The primary address of a contact, canonical; without one it stands for no group of another forest. */
  readonly address: string | undefined
  readonly aliases: readonly string[]
  /** DNS name of the forest whose the contact is, where the source says so. */
  readonly forest: string | undefined
  /** Security identifier of a foreign security principal. */
  readonly sid: string | undefined
  readonly deletedAt: Date | undefined
}

/** Lists may have any length. */
export interface StandInRepository {
  /** Deleted ones included; all unless named. @param ids immutable identifiers */
  all(ids?: readonly string[]): Promise<readonly SynchronisedStandIn[]>
  /** Those that are not deleted. @param names canonical addresses and security identifiers */
  named(names: readonly string[]): Promise<readonly SynchronisedStandIn[]>
  /** Those that are not deleted and are members themselves. @param groups immutable identifiers */
  in(groups: readonly string[]): Promise<readonly SynchronisedStandIn[]>
  /** How many stand for somebody. */
  count(): Promise<number>
  put(standIn: SynchronisedStandIn): Promise<void>
}

/** Addresses, or the identifier, by which somebody elsewhere is meant; none for what is deleted. */
export function namesOfStandIn({ address, aliases, sid, deletedAt }: SynchronisedStandIn): readonly string[] {
  if (deletedAt !== undefined) return []
  return [address, ...aliases, sid].filter((name) => name !== undefined)
}

/** What the cluster of another forest may be asked about; nothing without a primary address. */
export function contactOf({ address, forest }: Pick<SynchronisedStandIn, 'address' | 'forest'>): readonly Contact[] {
  if (address === undefined) return []
  return [{ address, ...(forest === undefined ? {} : { forest }) }]
}

/** Whether anybody is meant by it. */
export function stands(standIn: SynchronisedStandIn): boolean {
  return namesOfStandIn(standIn).length > 0
}
