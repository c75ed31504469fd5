/**
 * Whose claim to own a document counts (threat P9). A server's signature vouches for the owner that it wrote; a person
 * may name only himself, unless the administrator has listed the account as one that publishes for others.
 */
import { knownAddress } from './address.ts'
import type { Cluster } from './ports.ts'

/**
 * @param issuer canonical addresses of the publisher; empty if a server signed
 * @returns the owner's canonical address, or undefined if the claim does not count
 */
export function acceptedOwner(
  cluster: Pick<Cluster, 'publishersForOthers'>,
  claimed: string | undefined,
  issuer: readonly string[],
): string | undefined {
  if (claimed === undefined) return undefined
  const owner = knownAddress(claimed)
  if (owner === undefined) return undefined
  const mayClaim =
    issuer.length === 0 || issuer.some((address) => address === owner || cluster.publishersForOthers.includes(address))
  return mayClaim ? owner : undefined
}
