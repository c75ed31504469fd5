/** What of the stored directory a run has to know: everything, or as much as the changes of its sources concern. */
import type { SynchronisedStandIn } from '../../core/stand-ins.ts'
import type {
  AddressClaim,
  Membership,
  SynchronisedDirectoryRepository,
  SynchronisedEntry,
} from '../../core/synchronised-directory.ts'
import type { SourceReading } from './source-reading.ts'

export interface StoredDirectory {
  readonly entries: ReadonlyMap<string, SynchronisedEntry>
  readonly claims: readonly AddressClaim[]
  readonly members: ReadonlyMap<string, readonly string[]>
  readonly standIns: ReadonlyMap<string, SynchronisedStandIn>
}

export async function loadStored(
  repository: SynchronisedDirectoryRepository,
  readings: readonly SourceReading[],
  known: readonly string[],
): Promise<StoredDirectory> {
  const sources = new Set(readings.map(({ source }) => source))
  const partial = readings.every(({ whole }) => !whole) && known.every((source) => sources.has(source))
  if (partial) return loadConcerned(repository, readings)
  return storedOf({
    entries: await repository.entries(),
    claims: await repository.claimsOf(),
    memberships: await repository.membershipsIn(),
    standIns: await repository.standIns.all(),
  })
}

async function loadConcerned(
  repository: SynchronisedDirectoryRepository,
  readings: readonly SourceReading[],
): Promise<StoredDirectory> {
  const entries = readings.flatMap((reading) => reading.entries)
  const ids = [...entries.map(({ immutableId }) => immutableId), ...readings.flatMap(({ deleted }) => deleted)]
  const own = await repository.claimsOf(ids)
  const open = await repository.openClaims()
  const listed = entries.flatMap(({ address, aliases }) => (address === undefined ? [] : [address, ...aliases]))
  const addresses = [...listed, ...[...own, ...open].map(({ address }) => address)]
  // Whoever shares one of these addresses may get another primary address.
  const sharing = (await repository.claimsOn(addresses)).map(({ entry }) => entry)
  const all = [...ids, ...sharing]
  const claims = new Map<string, AddressClaim>()
  for (const claim of await repository.claimsOf(all)) claims.set(`${claim.address} ${claim.entry}`, claim)
  const concerned = [...readings.flatMap((reading) => reading.standIns.map(({ immutableId }) => immutableId)), ...ids]
  return storedOf({
    entries: await repository.entries(all),
    claims: [...claims.values()],
    memberships: await repository.membershipsIn(ids),
    standIns: await repository.standIns.all(concerned),
  })
}

function storedOf(rows: {
  readonly entries: readonly SynchronisedEntry[]
  readonly claims: readonly AddressClaim[]
  readonly memberships: readonly Membership[]
  readonly standIns: readonly SynchronisedStandIn[]
}): StoredDirectory {
  const { entries, claims, memberships, standIns } = rows
  const members = new Map<string, string[]>()
  for (const { group, member } of memberships) {
    const known = members.get(group)
    if (known === undefined) members.set(group, [member])
    else known.push(member)
  }
  return {
    entries: new Map(entries.map((entry) => [entry.immutableId, entry])),
    claims,
    members,
    standIns: new Map(standIns.map((each) => [each.immutableId, each])),
  }
}
