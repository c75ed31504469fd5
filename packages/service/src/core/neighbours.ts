/**
 * What other tenants of the installation have. Tenants never meet; only what may belong to one of them alone is looked up
 * here: host names, and keys (threat P13).
 */
import { RightsError } from '@sealward/xrml'
import { bareHostName } from './host-names.ts'

export interface Neighbour {
  readonly tenant: string
  /** Names that it answers for, with or without ports. */
  readonly hostNames: readonly string[]
  /** Fingerprints of its keys. */
  readonly keys: readonly string[]
}

/** @throws RightsError `host-name-claimed` */
export function requireFreeHostNames(neighbours: readonly Neighbour[], hostNames: readonly string[]): void {
  // Ports do not make it another name: what a client asks for when it connects has none.
  const wanted = new Set(hostNames.map(bareHostName))
  for (const { tenant, hostNames: theirs } of neighbours) {
    const claimed = theirs.find((name) => wanted.has(bareHostName(name)))
    if (claimed !== undefined) throw new RightsError('host-name-claimed', { detail: `${claimed}, of ${tenant}` })
  }
}

/** @param keyId fingerprint @throws RightsError `key-in-other-tenant` */
export function requireKeyOfNobodyElse(neighbours: readonly Neighbour[], keyId: string): void {
  const owner = neighbours.find(({ keys }) => keys.includes(keyId))
  if (owner !== undefined) throw new RightsError('key-in-other-tenant', { detail: owner.tenant })
}
