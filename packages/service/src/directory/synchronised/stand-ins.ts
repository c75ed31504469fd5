/** Who of elsewhere is in the groups of a synchronised directory: by contacts, and by foreign security principals. */
import { contactOf } from '../../core/stand-ins.ts'
import type { Contact } from '../../core/forests.ts'
import type { Elsewhere } from '../ldap/stand-ins.ts'
import { groupsAbove, groupsBelow, type BoundedGroups } from './groups.ts'

/**
 * Immutable identifiers of the groups above those who stand for somebody.
 * @param person a security identifier only of somebody whom another source knows
 * @param except the source that knows somebody as a person: what stands for her there is somebody else's mistake
 * @throws RightsError `directory-unavailable`
 */
export async function groupsOfStandIns(
  bounded: BoundedGroups,
  { addresses, sid }: Elsewhere,
  except?: string,
): Promise<readonly string[]> {
  const named = await bounded.repository.standIns.named([...addresses, ...(sid === undefined ? [] : [sid])])
  const found = named.filter((each) => each.source !== except && (each.type === 'contact' || each.sid === sid))
  return found.length === 0 ? [] : [...(await groupsAbove(bounded, found)).keys()]
}

/** Contacts in a group and in the groups within it. @param group immutable identifier @throws as `groupsOfStandIns` */
export async function contactsBelow(bounded: BoundedGroups, group: string): Promise<readonly Contact[]> {
  return (await bounded.repository.standIns.in(await groupsBelow(bounded, group))).flatMap(contactOf)
}
