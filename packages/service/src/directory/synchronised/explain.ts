/** Explains a name of the synchronised directory: who has it or had it, by which way one is in a group, and why not. */
import { knownAddress } from '../../core/address.ts'
import type {
  AddressClaim,
  SynchronisedDirectoryRepository,
  SynchronisedEntry,
} from '../../core/synchronised-directory.ts'
import { canonicalAccount } from '../directory-file.ts'
import { nobody, type DirectoryExplanation, type DirectoryProblem, type ExplainedGroup } from '../explanation.ts'
import { addressesOf, claimsByEntry, counts, isDisabled } from './directory.ts'
import type { GroupLimits } from '../group-limits.ts'
import { groupsAbove } from './groups.ts'
import { isWaiting, waitsUntil } from './settle-address.ts'
import { nameOf } from './summary.ts'

export interface ExplainInput {
  readonly repository: SynchronisedDirectoryRepository
  readonly now: Date
  /** Milliseconds that a newcomer waits for the address of somebody else. */
  readonly wait: number
  readonly limits: GroupLimits
}

/** @param name an address, or the name of an account @throws RightsError `directory-unavailable` */
export async function explainSynchronised(input: ExplainInput, name: string): Promise<DirectoryExplanation> {
  const { repository } = input
  const address = knownAddress(name)
  const claims = address === undefined ? [] : await repository.claimsOn([address])
  const ids = claims.length > 0 ? entriesToShow(claims) : await withAccountName(repository, name)
  const [entry, ...others] = await repository.entries(ids)
  if (entry === undefined) return nobody(name, { code: 'unknown', detail: 'no source had the name at the last run' })
  if (others.length > 0) {
    const detail = `${name}: ${[entry, ...others].map((each) => each.name).join('; ')}`
    return nobody(name, { code: 'contested', detail }, entry.source)
  }
  return explainEntry(input, name, entry)
}

/** Who has the address; without such a one who waits for it; of a contested one all who list it. */
function entriesToShow(claims: readonly AddressClaim[]): readonly string[] {
  const listing = claims.filter(({ current }) => current)
  const holders = claims.filter(({ holder }) => holder)
  return (listing.length > 1 ? listing : holders).map(({ entry }) => entry)
}

async function withAccountName(repository: SynchronisedDirectoryRepository, name: string): Promise<readonly string[]> {
  if (name === '' || name.includes('\\')) return []
  return (await repository.entries(await repository.withAccount(canonicalAccount(name))))
    .filter(({ deletedAt }) => deletedAt === undefined)
    .map(({ immutableId }) => immutableId)
}

async function explainEntry(
  input: ExplainInput,
  asked: string,
  entry: SynchronisedEntry,
): Promise<DirectoryExplanation> {
  const own = await input.repository.claimsOf([entry.immutableId])
  const addresses = addressesOf(entry, own)
  const former = own.filter((claim) => !claim.current && addresses.includes(claim.address))
  return {
    asked,
    type: counts(entry) ? entry.type : undefined,
    source: entry.source,
    displayName: entry.displayName,
    id: entry.id,
    immutableId: entry.immutableId,
    sid: entry.sid === '' ? undefined : entry.sid,
    sidHistory: entry.sidHistory,
    addresses,
    formerAddresses: former.map(({ address }) => address),
    groups: entry.type === 'person' ? await explainGroups(input, entry) : [],
    problems: await problemsOf(input, entry, own),
  }
}

async function problemsOf(
  { repository, now, wait }: ExplainInput,
  entry: SynchronisedEntry,
  own: readonly AddressClaim[],
): Promise<readonly DirectoryProblem[]> {
  const claims = await repository.claimsOn(own.map(({ address }) => address))
  const named = new Map(
    (await repository.entries(claims.map((claim) => claim.entry))).map((e) => [e.immutableId, e.name]),
  )
  const nameOfClaim = (claim: AddressClaim): string => named.get(claim.entry) ?? claim.entry
  const addressProblems = own.flatMap(({ address }): DirectoryProblem[] => {
    const same = claims.filter((claim) => claim.address === address)
    const listing = same.filter(({ current }) => current)
    if (listing.length > 1) return [{ code: 'contested', detail: `${address}: ${listing.map(nameOfClaim).join('; ')}` }]
    const newcomer = same.find(isWaiting)
    const holder = same.find((claim) => claim.holder)
    if (newcomer === undefined || holder === undefined) return []
    const until = waitsUntil(newcomer, holder, wait).toISOString().slice(0, 10)
    const detail = `${address}: of ${nameOfClaim(holder)}; ${nameOfClaim(newcomer)} gets it on ${until}`
    return [{ code: 'waiting', detail }]
  })
  const { deletedAt, name } = entry
  const listed = own.some(({ current, primary }) => current && primary)
  return [
    ...(deletedAt === undefined ? [] : [{ code: 'deleted', detail: `${name}, ${deletedAt.toISOString()}` } as const]),
    ...(isDisabled(entry, now) ? [{ code: 'disabled', detail: name } as const] : []),
    ...(deletedAt === undefined && !listed ? [{ code: 'no-address', detail: name } as const] : []),
    ...addressProblems,
  ]
}

async function explainGroups(
  { repository, limits }: ExplainInput,
  person: SynchronisedEntry,
): Promise<readonly ExplainedGroup[]> {
  const above = await groupsAbove({ repository, limits }, [person])
  const found = new Map((await repository.entries([...above.keys()])).map((group) => [group.immutableId, group]))
  const claims = claimsByEntry(await repository.claimsOf([...above.keys()]))
  const paths = new Map<string, readonly string[]>([[person.immutableId, []]])
  return [...above].flatMap(([id, through]) => {
    const group = found.get(id)
    const way = paths.get(through)
    if (group?.type !== 'group' || group.deletedAt !== undefined || way === undefined) return []
    const path = [...way, nameOf(group)]
    paths.set(id, path)
    return [{ name: nameOf(group), addresses: addressesOf(group, claims.get(id) ?? []), kind: group.kind, path }]
  })
}
