/**
 * Tenants never meet; only what may belong to one of them alone is compared with what the others have: host names, and keys
 * (threat P13).
 */
import { RightsError } from '@sealward/xrml'
import { formerNames } from '../core/former-sites.ts'
import type { Neighbour } from '../core/neighbours.ts'

/** @throws RightsError `host-name-claimed` */
export function requireFreeHostNames(neighbours: readonly Neighbour[], hostNames: readonly string[]): void {
  // Neither ports nor paths make it another name: what a client asks for when it connects has none.
  const wanted = new Set(formerNames(hostNames))
  for (const { tenant, hostNames: theirs } of neighbours) {
    const claimed = theirs.find((entry) => formerNames([entry]).some((name) => wanted.has(name)))
    if (claimed !== undefined) throw new RightsError('host-name-claimed', { detail: `${claimed}, of ${tenant}` })
  }
}

/** @param keyId fingerprint @throws RightsError `key-in-other-tenant` */
export function requireKeyOfNobodyElse(neighbours: readonly Neighbour[], keyId: string): void {
  const owner = neighbours.find(({ keys }) => keys.includes(keyId))
  if (owner !== undefined) throw new RightsError('key-in-other-tenant', { detail: owner.tenant })
}

/**
 * A key that two tenants hold certifies the people of one of them: to the other its certificates would name people of its
 * own, whoever has the same identifiers there.
 * @param keyId fingerprint @throws RightsError `key-state-refused`
 */
export function requireKeySignsNowhereElse(neighbours: readonly Neighbour[], keyId: string): void {
  const signer = neighbours.find(({ activated }) => activated.includes(keyId))
  if (signer === undefined) return
  throw new RightsError('key-state-refused', { detail: `it signs, or has signed, for ${signer.tenant}` })
}
