/** What a run did or would do, in the names that administrators know. */
import type { AddressClaim, DirectoryCounts, SynchronisedEntry } from '../../core/synchronised-directory.ts'
import { stands } from '../../core/stand-ins.ts'
import type { Comparison, Difference } from './compare.ts'
import type { StandInDifference } from './compare-stand-ins.ts'
import { counts } from './directory.ts'
import { isWaiting, waitsUntil } from './settle-address.ts'
import type { SourceReading } from './source-reading.ts'

export interface ContestedAddress {
  readonly address: string
  /** Names of the entries that list it. */
  readonly entries: readonly string[]
}

export interface WaitingAddress {
  readonly address: string
  /** Name of the entry that lists it now. */
  readonly entry: string
  /** Name of the entry whose it was. */
  readonly formerly: string
  readonly until: Date
}

export interface OpenAddresses {
  readonly contested: readonly ContestedAddress[]
  readonly waiting: readonly WaitingAddress[]
}

export interface SynchronisationResult extends OpenAddresses {
  /** False for a rehearsal. */
  readonly applied: boolean
  readonly sources: readonly { readonly source: string; readonly whole: boolean; readonly entries: number }[]
  /** After the run: entries that count. */
  readonly people: number
  readonly groups: number
  /** Contacts and foreign security principals. */
  readonly standIns: number
  /** How many, also of those that the lists leave out. */
  readonly counts: Readonly<Record<'added' | 'renamed' | 'changed' | 'deleted', number>>
  /** At most a thousand of each. */
  readonly added: readonly string[]
  readonly renamed: readonly { readonly from: string; readonly to: string }[]
  readonly changed: readonly string[]
  readonly deleted: readonly string[]
}

const listedMost = 1_000

export interface SummaryInput {
  readonly applied: boolean
  readonly readings: readonly SourceReading[]
  readonly comparison: Comparison
  /** Before the run. */
  readonly before: DirectoryCounts
  readonly open: OpenAddresses
}

export function summaryOf({ applied, readings, comparison, before, open }: SummaryInput): SynchronisationResult {
  const { differences } = comparison
  const standIns = comparison.standIns.filter((each) => stood(each) || stands(each.after))
  const known = differences.filter((each) => !isNew(each) && each.after.deletedAt === undefined)
  const renamed = known.flatMap((each) => renaming(each) ?? [])
  const added = [...differences.filter(isNew), ...standIns.filter((each) => !stood(each))]
  const changed = [
    ...known.filter((each) => each.changed && renaming(each) === undefined),
    ...standIns.filter((each) => stood(each) && stands(each.after)),
  ]
  const deleted = [
    ...differences.filter((each) => each.before?.deletedAt === undefined && each.after.deletedAt !== undefined),
    ...standIns.filter((each) => !stands(each.after)),
  ]
  const grown = (type: SynchronisedEntry['type']): number =>
    differences
      .filter(({ after }) => after.type === type)
      .reduce(
        (sum, each) => sum + Number(counts(each.after)) - Number(each.before !== undefined && counts(each.before)),
        0,
      )
  return {
    applied,
    sources: readings.map(({ source, whole, entries, standIns: others }) => ({
      source,
      whole,
      entries: entries.length + others.length,
    })),
    people: before.people + grown('person'),
    groups: before.groups + grown('group'),
    standIns: standIns.reduce((sum, each) => sum + Number(stands(each.after)) - Number(stood(each)), before.standIns),
    counts: { added: added.length, renamed: renamed.length, changed: changed.length, deleted: deleted.length },
    added: added.slice(0, listedMost).map(({ after }) => nameOf(after)),
    renamed: renamed.slice(0, listedMost),
    changed: changed.slice(0, listedMost).map(({ after }) => nameOf(after)),
    deleted: deleted.slice(0, listedMost).map((each) => nameOf(each.before ?? each.after)),
    ...open,
  }
}

function stood({ before }: StandInDifference): boolean {
  return before !== undefined && stands(before)
}

function isNew({ before, after }: Difference): boolean {
  return (before === undefined || before.deletedAt !== undefined) && after.deletedAt === undefined
}

function renaming({ before, after }: Difference): { readonly from: string; readonly to: string } | undefined {
  const [from, to] = [before?.address, after.address]
  return from === undefined || to === undefined || from === to ? undefined : { from, to }
}

/** @param open all claims on each of the addresses @param wait milliseconds */
export function openAddresses(
  open: readonly (readonly AddressClaim[])[],
  entries: ReadonlyMap<string, SynchronisedEntry>,
  wait: number,
): OpenAddresses {
  const named = (id: string): string => entries.get(id)?.name ?? id
  const sorted = open.toSorted((a, b) => ((a[0]?.address ?? '') < (b[0]?.address ?? '') ? -1 : 1))
  const contested = sorted.flatMap((claims): ContestedAddress[] => {
    const listing = claims.filter(({ current, contested: each }) => current && each)
    const [first] = listing
    return first === undefined ? [] : [{ address: first.address, entries: listing.map(({ entry }) => named(entry)) }]
  })
  const waiting = sorted.flatMap((claims): WaitingAddress[] => {
    const newcomer = claims.find(isWaiting)
    const holder = claims.find((claim) => claim.holder)
    if (newcomer === undefined || holder === undefined) return []
    const { address, entry } = newcomer
    return [{ address, entry: named(entry), formerly: named(holder.entry), until: waitsUntil(newcomer, holder, wait) }]
  })
  return { contested, waiting }
}

export function nameOf({
  address,
  displayName = '',
  name,
}: Pick<SynchronisedEntry, 'address' | 'name'> & Partial<Pick<SynchronisedEntry, 'displayName'>>): string {
  return address ?? (displayName === '' ? name : displayName)
}
