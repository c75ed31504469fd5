/** Gives an address of somebody who was renamed or deleted to the one who lists it now, before its time is over (threat D3). */
import { RightsError } from '@sealward/xrml'
import { canonicalAddress } from '../core/address.ts'
import type { AddressClaim, SynchronisedDirectoryRepository } from '../core/synchronised-directory.ts'
import { claimsOver } from '../directory/synchronised/claims.ts'
import { isWaiting } from '../directory/synchronised/settle-address.ts'
import { change, type AdministrationContext } from './change.ts'
import { requireSynchronisation, revisionOf } from './synchronise-directory.ts'

/**
 * Old documents that name the address open for the one who gets it, and no longer for whoever had it.
 * @returns names of both entries at the source
 * @throws RightsError `directory-not-synchronised`, `address-refused`, `address-not-waiting`
 */
export async function releaseAddress(
  context: AdministrationContext,
  input: { readonly address: string },
): Promise<{ readonly address: string; readonly entry: string; readonly formerly: string }> {
  requireSynchronisation(context)
  const address = canonicalAddress(input.address)
  return change(context, 'release-address', async ({ synchronisedDirectory: repository }) => {
    const claims = await repository.claimsOn([address])
    const newcomer = claims.find(isWaiting)
    const holder = claims.find((claim) => claim.holder)
    if (newcomer === undefined || holder === undefined)
      throw new RightsError('address-not-waiting', { detail: address })
    const names = await handOver(repository, { newcomer, holder, now: context.clock.now() })
    const result = { address, entry: names[0], formerly: names[1] }
    return { result, record: result }
  })
}

interface HandOver {
  readonly newcomer: AddressClaim
  readonly holder: AddressClaim
  readonly now: Date
}

async function handOver(
  repository: SynchronisedDirectoryRepository,
  { newcomer, holder, now }: HandOver,
): Promise<readonly [string, string]> {
  const ids = [newcomer.entry, holder.entry]
  const { address } = newcomer
  const after = (await repository.claimsOf(ids))
    .filter((claim) => claim.address !== address || claim.entry !== holder.entry)
    .map((claim) => (claim.address === address ? { ...claim, holder: true } : claim))
  const claims = claimsOver(after, now)
  const entries = await repository.entries(ids)
  await repository.apply({
    entries: entries.map((entry) => ({
      ...entry,
      address: claims.countingAddress(entry.immutableId, entry.address),
    })),
    claims: after.filter((claim) => claim.address === address),
    forgotten: [{ address, entry: holder.entry }],
    members: new Map(),
    standIns: [],
  })
  const sources = await repository.sources()
  const revision = revisionOf(sources) + 1
  await repository.putSources(sources.map((source) => ({ ...source, revision })))
  const nameOf = (id: string): string => entries.find(({ immutableId }) => immutableId === id)?.name ?? id
  return [nameOf(newcomer.entry), nameOf(holder.entry)]
}
