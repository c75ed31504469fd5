/** Groups that decide who may do something: distribution lists do not. */
import { RightsError } from '@sealward/xrml'
import type { Directory } from '../core/ports.ts'

/** @returns the canonical primary address @throws RightsError `group-refused`, `directory-unavailable` */
export async function securityGroup(directory: Directory, address: string): Promise<string> {
  const group = await directory.findGroup(address)
  const [primary] = group?.addresses ?? []
  if (primary === undefined)
    throw new RightsError('group-refused', { detail: `${address.slice(0, 254)}: no such group` })
  if (group?.kind !== 'security') throw new RightsError('group-refused', { detail: `${primary}: a distribution list` })
  return primary
}
