/**
 * Takes over what the sources of the synchronised directory say. First everything is read and compared, then everything is
 * written in one transaction: an outage, or a refusal at the last check, changes nothing (threat D5).
 */
import { RightsError } from '@sealward/xrml'
import type { SourceState } from '../core/synchronised-directory.ts'
import { compareDirectory, type Comparison } from '../directory/synchronised/compare.ts'
import { checkDeletions } from '../directory/synchronised/deletion-guard.ts'
import type { SourceReading } from '../directory/synchronised/source-reading.ts'
import { loadStored, type StoredDirectory } from '../directory/synchronised/stored-directory.ts'
import { openAddresses, summaryOf, type SynchronisationResult } from '../directory/synchronised/summary.ts'
import type { Synchronisation } from '../directory/synchronised/synchronisation.ts'
import { logOperation, type AdministrationContext } from './change.ts'

/** What a run takes of the administration. */
type SynchronisingContext = Pick<AdministrationContext, 'store' | 'clock' | 'actor' | 'synchronisation'>

export interface SynchroniseInput {
  /** Reads and compares, and changes nothing. */
  readonly dryRun?: boolean | undefined
  /** Reads everything, also where changes would do. */
  readonly whole?: boolean | undefined
  /** How many people, and how many groups, may disappear; the configured share unless given. */
  readonly deletionsAllowed?: number | undefined
}

/**
 * @throws RightsError `directory-not-synchronised`, `directory-deletions-refused`, `directory-changed-meanwhile`,
 * `directory-unavailable`, and for a file `directory-refused`, `address-refused`, `address-collision`
 */
export async function synchroniseDirectory(
  context: SynchronisingContext,
  { dryRun = false, whole = false, deletionsAllowed }: SynchroniseInput,
): Promise<SynchronisationResult> {
  const { settings, report, source } = requireSynchronisation(context)
  const repository = context.store.synchronisedDirectory
  const states = await repository.sources()
  const { readings, stored } = await read(context, source, whole ? [] : states, states)
  const now = context.clock.now()
  const comparison = compareDirectory({ stored, readings, now, wait: settings.wait })
  const before = await repository.counts()
  checkDeletions(comparison, before, { ...settings, allowed: deletionsAllowed })
  if (!dryRun) await write(context, { states, readings, comparison, now })
  const entries = new Map(stored.entries)
  for (const { after } of comparison.differences) entries.set(after.immutableId, after)
  const open = openAddresses(comparison.open, entries, settings.wait)
  for (const { address, entries: claimants } of open.contested) report({ name: address, entries: claimants })
  return summaryOf({ applied: !dryRun, readings, comparison, before, open })
}

/** @throws RightsError `directory-not-synchronised` */
export function requireSynchronisation({
  synchronisation,
}: Pick<AdministrationContext, 'synchronisation'>): Synchronisation {
  if (synchronisation === undefined) throw new RightsError('directory-not-synchronised')
  return synchronisation
}

/** @param from where to go on */
async function read(
  context: SynchronisingContext,
  source: Synchronisation['source'],
  from: readonly SourceState[],
  states: readonly SourceState[],
): Promise<{ readonly readings: readonly SourceReading[]; readonly stored: StoredDirectory }> {
  const cookies = from.flatMap(({ source: name, cookie }) => (cookie === undefined ? [] : [[name, cookie] as const]))
  const readings = await source.read(new Map(cookies))
  const names = states.map((state) => state.source)
  const stored = await loadStored(context.store.synchronisedDirectory, readings, names)
  // Memberships of an object that came back are not told as changes of its groups.
  const returned = readings.some(
    (reading) =>
      !reading.whole &&
      (reading.entries.some(({ immutableId }) => stored.entries.get(immutableId)?.deletedAt !== undefined) ||
        reading.standIns.some(({ immutableId }) => stored.standIns.get(immutableId)?.deletedAt !== undefined)),
  )
  return returned ? read(context, source, [], states) : { readings, stored }
}

interface Run {
  /** Before the run. */
  readonly states: readonly SourceState[]
  readonly readings: readonly SourceReading[]
  readonly comparison: Comparison
  readonly now: Date
}

async function write(context: SynchronisingContext, { states, readings, comparison, now }: Run): Promise<void> {
  const { changes, differences, standIns } = comparison
  const revision = revisionOf(states) + 1
  const { entries, claims, forgotten, members } = changes
  const nothing = entries.length + claims.length + forgotten.length + members.size + standIns.length === 0
  await context.store.transaction(async (repositories) => {
    const repository = repositories.synchronisedDirectory
    if (revisionOf(await repository.sources()) !== revision - 1) throw new RightsError('directory-changed-meanwhile')
    await repository.apply(changes)
    await repository.putSources(
      readings.map(({ source, cookie }) => ({ source, cookie, synchronisedAt: now, revision })),
    )
    if (nothing) return
    // What somebody lost is not granted after this, whatever was weighed before (threat P18).
    await repositories.nextConfigurationVersion()
    const changed = differences.filter((each) => each.changed).length + standIns.length
    await logOperation(context, repositories, 'synchronise-directory', { revision, changed })
  })
}

/** Number of the last run. */
export function revisionOf(states: readonly SourceState[]): number {
  return Math.max(0, ...states.map(({ revision }) => revision))
}
