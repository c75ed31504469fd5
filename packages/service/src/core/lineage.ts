/**
 * Lineage of content keys (threat C6). The seal of a content key is bound to the server and not to one licence, so somebody
 * with a client licensor certificate can put the sealed key of another document into a licence of his own. The first
 * licence in which the service sees a key says to whom it belongs; a later one by somebody who never held the right to take
 * the protection off is marked, or refused.
 */
import { RightsError, removalRights, type ContentKey } from '@sealward/xrml'
import type { CoreContext } from './ports.ts'
import type { Repositories } from './store.ts'

export interface LicenseOrigin {
  readonly contentId: string
  /** Addresses that published the licence; its owner. */
  readonly issuer: readonly string[]
  readonly owner: string | undefined
}

/** A name for a content key that says nothing about it. */
export function lineageTag(context: CoreContext, contentKey: ContentKey): string {
  return Buffer.from(context.store.mac('content-key-lineage', contentKey.key)).toString('hex')
}

/**
 * Records a key that is seen for the first time.
 * @returns whether the licence is suspect
 * @throws RightsError `key-transplant-refused` if suspect licences are to be refused
 */
export async function checkLineage(
  context: CoreContext,
  repositories: Repositories,
  tag: string,
  origin: LicenseOrigin,
): Promise<boolean> {
  const suspect = await isSuspect(context, repositories, tag, origin)
  if (suspect !== undefined) return suspect
  const holders = partiesOf(origin)
  await repositories.lineage.insert({ tag, contentId: origin.contentId, holders }, context.clock.now())
  return false
}

/**
 * The same without recording anything.
 * @returns undefined for a key that was never seen
 * @throws RightsError `key-transplant-refused` if suspect licences are to be refused
 */
export async function isSuspect(
  context: CoreContext,
  { lineage }: Pick<Repositories, 'lineage'>,
  tag: string,
  origin: LicenseOrigin,
): Promise<boolean | undefined> {
  const parties = partiesOf(origin)
  const known = await lineage.find(tag)
  if (known === undefined) return undefined
  // Whoever signed answers for the licence; where a server signed, its owner does.
  const responsible = origin.issuer.length > 0 ? origin.issuer : parties
  if (responsible.length === 0 || responsible.some((party) => known.holders.includes(party))) return false
  if (context.cluster.keyTransplant === 'deny') throw new RightsError('key-transplant-refused')
  return true
}

/** Whoever is granted the right to take protection off may protect again with the same key. */
export async function recordHolder(
  repositories: Repositories,
  tag: string,
  address: string,
  rights: readonly string[],
): Promise<void> {
  if (!rights.some((right) => removalRights.some((removal) => removal === right))) return
  await repositories.lineage.addHolder(tag, address)
}

function partiesOf(origin: LicenseOrigin): readonly string[] {
  return [...new Set(origin.owner === undefined ? origin.issuer : [...origin.issuer, origin.owner])]
}
