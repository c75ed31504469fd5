/** What changes of contacts and foreign security principals when sources are taken over; they claim nothing, so nothing is settled. */
import { isDeepStrictEqual } from 'node:util'
import type { SynchronisedStandIn } from '../../core/stand-ins.ts'
import { goneFrom } from './gone.ts'
import type { SourceReading } from './source-reading.ts'

/** A stand-in before and after; only those that differ. */
export interface StandInDifference {
  readonly before: SynchronisedStandIn | undefined
  readonly after: SynchronisedStandIn
}

/** @param stored by immutable identifier, as far as the readings concern them */
export function compareStandIns(
  stored: ReadonlyMap<string, SynchronisedStandIn>,
  readings: readonly SourceReading[],
  now: Date,
): readonly StandInDifference[] {
  const listed = new Map<string, SynchronisedStandIn>()
  for (const { source, standIns } of readings) {
    for (const each of standIns) {
      if (!listed.has(each.immutableId)) listed.set(each.immutableId, { ...each, source, deletedAt: undefined })
    }
  }
  const changed = [...listed.values()].flatMap((after) => {
    const before = stored.get(after.immutableId)
    return isDeepStrictEqual(before, after) ? [] : [{ before, after }]
  })
  const gone = [...goneFrom(stored, readings, listed)].flatMap((id) => {
    const before = stored.get(id)
    return before === undefined ? [] : [{ before, after: { ...before, deletedAt: now } }]
  })
  return [...changed, ...gone]
}
