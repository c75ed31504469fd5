/**
 * Whose an address is. What two entries list is nobody's (threat D2). What belonged to somebody else does not go to a
 * newcomer, whether the former one was renamed or deleted, before a long time has passed or an administrator has released it
 * (threat D3); the one who was renamed keeps it meanwhile, because old documents name it.
 */
import type { AddressClaim } from '../../core/synchronised-directory.ts'

/** Whether the address counts for the entry that claims it. */
export function belongs({ holder, contested }: AddressClaim): boolean {
  return holder && !contested
}

/** Whether the entry lists an address that is another's. */
export function isWaiting({ current, holder, contested }: AddressClaim): boolean {
  return current && !holder && !contested
}

/** When a newcomer gets the address: counted from the later of losing and claiming. @param wait milliseconds */
export function waitsUntil(newcomer: AddressClaim, holder: AddressClaim, wait: number): Date {
  return new Date(Math.max(newcomer.since.getTime(), holder.until?.getTime() ?? 0) + wait)
}

/**
 * @param claims all claims on one address
 * @param wait milliseconds
 * @returns those that remain: an entry that neither lists nor holds the address has nothing to do with it
 */
export function settleAddress(
  claims: readonly AddressClaim[],
  { now, wait }: { readonly now: Date; readonly wait: number },
): readonly AddressClaim[] {
  const listing = claims.filter(({ current }) => current)
  const contested = listing.length > 1
  const [only] = contested ? [] : listing
  const holder = claims.find((claim) => claim.holder)
  const free = only !== undefined && (holder === undefined || now >= waitsUntil(only, holder, wait))
  return claims
    .map((claim) => ({ ...claim, contested, holder: free ? claim === only : claim.holder }))
    .filter((claim) => claim.current || claim.holder)
}
