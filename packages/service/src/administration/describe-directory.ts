/** How a synchronised directory stands: how old it is, how many it knows, and which addresses are nobody's or wait. */
import type { DirectoryCounts } from '../core/synchronised-directory.ts'
import { claimsByEntry } from '../directory/synchronised/directory.ts'
import { openAddresses, type OpenAddresses } from '../directory/synchronised/summary.ts'
import type { AdministrationContext } from './change.ts'
import { requireSynchronisation } from './synchronise-directory.ts'

export interface DirectoryDescription extends DirectoryCounts, OpenAddresses {
  /** Empty before the first run. */
  readonly sources: readonly { readonly source: string; readonly synchronisedAt: Date; readonly ageSeconds: number }[]
  /** Undefined if only `directory sync` synchronises. */
  readonly everyMinutes: number | undefined
}

const second = 1_000
const minute = 60 * second

/** @throws RightsError `directory-not-synchronised` */
export async function describeDirectory(context: AdministrationContext): Promise<DirectoryDescription> {
  const { settings } = requireSynchronisation(context)
  const now = context.clock.now().getTime()
  return context.store.transaction(async ({ synchronisedDirectory: repository }) => {
    const addresses = (await repository.openClaims()).map(({ address }) => address)
    const claims = await repository.claimsOn(addresses)
    const entries = await repository.entries([...claimsByEntry(claims).keys()])
    const byAddress = [...new Set(addresses)].map((address) => claims.filter((claim) => claim.address === address))
    const byId = new Map(entries.map((entry) => [entry.immutableId, entry]))
    return {
      sources: (await repository.sources()).map(({ source, synchronisedAt }) => ({
        source,
        synchronisedAt,
        ageSeconds: Math.max(0, Math.round((now - synchronisedAt.getTime()) / second)),
      })),
      ...(await repository.counts()),
      everyMinutes: settings.every === undefined ? undefined : settings.every / minute,
      ...openAddresses(byAddress, byId, settings.wait),
    }
  })
}
