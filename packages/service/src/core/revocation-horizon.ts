/**
 * Until when copies can be opened that do not ask the service (threat P4): from the licences that are out, as far as the
 * store knows them, else from the longest life that a licence may have here.
 */
import { useLicenseMost } from './license-times.ts'
import type { Clock, Cluster } from './ports.ts'
import type { IssuedLicense, Repositories } from './store.ts'

export interface RevocationHorizon {
  /** The last moment; undefined if a copy may be opened for ever. */
  readonly lastUse: Date | undefined
  /** Where this is known from. */
  readonly from: 'licenses' | 'maximum'
  /** Whose licences are out, those that end last first. */
  readonly holders: readonly {
    readonly address: string
    readonly contentId: string
    readonly until: Date | undefined
  }[]
}

/**
 * @param filter what is revoked: a document, or a person; undefined for what no record tells, such as the key of a publisher
 */
export async function horizonOf(
  context: { readonly cluster: Cluster; readonly clock: Clock },
  repositories: Pick<Repositories, 'issuedLicenses' | 'settings'>,
  filter: { readonly contentId: string } | { readonly userId: string } | undefined,
): Promise<RevocationHorizon> {
  const now = context.clock.now().getTime()
  const issued = filter === undefined ? [] : await repositories.issuedLicenses.list(filter)
  if (issued.length === 0) {
    const most = useLicenseMost(context, { settings: await repositories.settings.read() })
    return { lastUse: most === undefined ? undefined : new Date(now + most), from: 'maximum', holders: [] }
  }
  const ends = issued.map((license) => ({ license, until: endOf(license, now) })).sort((a, b) => b.until - a.until)
  const out = ends.filter(({ until }) => until > now)
  return {
    // Where every licence has ended, nothing is out from now on.
    lastUse: dateOf(Math.max(now, ends[0]?.until ?? now)),
    from: 'licenses',
    holders: out.map(({ license: { address, contentId }, until }) => ({ address, contentId, until: dateOf(until) })),
  }
}

/** A licence that demands our list ends when the list that its holder may have seen last is too old. */
function endOf({ usableUntil, refresh }: IssuedLicense, now: number): number {
  const end = usableUntil?.getTime() ?? Number.POSITIVE_INFINITY
  return refresh === undefined ? end : Math.min(end, now + refresh)
}

function dateOf(time: number): Date | undefined {
  return Number.isFinite(time) ? new Date(time) : undefined
}
