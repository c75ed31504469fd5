/** What a source of a synchronised directory says: everything it has, or what has changed since it was read last. */
import type { SynchronisedStandIn } from '../../core/stand-ins.ts'
import type { SynchronisedEntry } from '../../core/synchronised-directory.ts'

export interface SourceEntry extends Omit<SynchronisedEntry, 'source' | 'deletedAt'> {
  /** As the source lists it, canonical; undefined for an entry that does not exist for rights. */
  readonly address: string | undefined
  readonly aliases: readonly string[]
  /** Immutable identifiers, also of entries that are not among these. */
  readonly members: readonly string[]
}

export type SourceStandIn = Omit<SynchronisedStandIn, 'source' | 'deletedAt'>

export interface SourceReading {
  readonly source: string
  /** Whether entries that are missing are gone. */
  readonly whole: boolean
  readonly entries: readonly SourceEntry[]
  readonly standIns: readonly SourceStandIn[]
  /** Immutable identifiers. */
  readonly deleted: readonly string[]
  /** Where to go on the next time; undefined for a source that is always compared as a whole. */
  readonly cookie: string | undefined
}

/** Where a synchronised directory comes from. */
export interface SynchronisationSource {
  /**
   * All sources, or none: half an answer is none.
   * @param cookies of the last run by source; without one the source is read as a whole
   * @throws RightsError `directory-unavailable`; for a file also `directory-refused`, `address-refused`, `address-collision`
   */
  read(cookies: ReadonlyMap<string, string>): Promise<readonly SourceReading[]>
}
