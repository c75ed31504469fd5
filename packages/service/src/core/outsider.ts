/** Somebody whom the directory does not know as a person: of another organisation or forest, or federated. */
import type { ResolvedPrincipal } from '@sealward/xrml'
import { addressSpellings } from './address.ts'
import type { Directory } from './ports.ts'

/**
 * Such people are in the groups that have a contact for one of their addresses, and nowhere else; never super users.
 * @param addresses canonical, those that count @throws RightsError `directory-unavailable`
 */
export async function outsiderPrincipal(
  directory: Pick<Directory, 'groupsOfContact'>,
  addresses: readonly string[],
): Promise<ResolvedPrincipal> {
  const groups = await directory.groupsOfContact(addresses)
  return {
    addresses: addresses.flatMap(addressSpellings),
    sids: [],
    groups: groups.flatMap(addressSpellings),
    superUser: false,
  }
}
