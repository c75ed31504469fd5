/** What changes when sources are taken over: a function of what they say and of what is stored. */
import { isDeepStrictEqual } from 'node:util'
import type { AddressClaim, DirectoryChanges, SynchronisedEntry } from '../../core/synchronised-directory.ts'
import { claimsOver } from './claims.ts'
import { compareStandIns, type StandInDifference } from './compare-stand-ins.ts'
import { goneFrom } from './gone.ts'
import type { SourceEntry, SourceReading } from './source-reading.ts'
import type { StoredDirectory } from './stored-directory.ts'

/** An entry before and after; one of them may be missing. */
export interface Difference {
  readonly before: SynchronisedEntry | undefined
  readonly after: SynchronisedEntry
  /** Whether anything is different, be it only an alias or a member. */
  readonly changed: boolean
}

export interface Comparison {
  readonly changes: DirectoryChanges
  readonly differences: readonly Difference[]
  readonly standIns: readonly StandInDifference[]
  /** Claims on each address that is contested or waited for, after the changes. */
  readonly open: readonly (readonly AddressClaim[])[]
}

export interface CompareInput {
  readonly stored: StoredDirectory
  readonly readings: readonly SourceReading[]
  readonly now: Date
  /** Milliseconds until a newcomer gets the address of somebody else. */
  readonly wait: number
}

export function compareDirectory({ stored, readings, now, wait }: CompareInput): Comparison {
  const listed = listedEntries(readings)
  const gone = goneFrom(stored.entries, readings, listed)
  const claims = claimsOver(stored.claims, now)
  for (const [id, { entry }] of listed) claims.list(id, entry)
  for (const id of gone) claims.list(id, undefined)
  const affected = claims.settle(wait)

  const members = new Map<string, readonly string[]>()
  const differences: Difference[] = []
  for (const id of new Set([...listed.keys(), ...gone, ...affected])) {
    const before = stored.entries.get(id)
    const found = listed.get(id)
    const entry = found === undefined ? before : entryOf(found)
    if (entry === undefined) continue
    const deletedAt = gone.has(id) ? now : found === undefined ? before?.deletedAt : undefined
    const after = { ...entry, address: claims.countingAddress(id, before?.address), deletedAt }
    const newMembers = gone.has(id) ? [] : found?.entry.members.toSorted()
    const membersChanged =
      newMembers !== undefined && !isDeepStrictEqual(newMembers, stored.members.get(id)?.toSorted() ?? [])
    if (membersChanged) members.set(id, newMembers)
    const changed = membersChanged || !isDeepStrictEqual(before, after) || claims.changed(id)
    differences.push({ before, after, changed })
  }
  const entries = differences.filter(({ before, after }) => !isDeepStrictEqual(before, after)).map(({ after }) => after)
  const standIns = compareStandIns(stored.standIns, readings, now)
  const changes = { entries, members, standIns: standIns.map(({ after }) => after), ...claims.changes() }
  return { changes, differences, standIns, open: claims.open() }
}

interface Listed {
  readonly source: string
  readonly entry: SourceEntry
}

/** An object that two sources know is that of the first. */
function listedEntries(readings: readonly SourceReading[]): ReadonlyMap<string, Listed> {
  const listed = new Map<string, Listed>()
  for (const { source, entries } of readings) {
    for (const entry of entries) if (!listed.has(entry.immutableId)) listed.set(entry.immutableId, { source, entry })
  }
  return listed
}

function entryOf({ source, entry }: Listed): Omit<SynchronisedEntry, 'address' | 'deletedAt'> {
  const { address: _address, aliases: _aliases, members: _members, ...rest } = entry
  return { ...rest, source }
}
