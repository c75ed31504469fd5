/**
 * Whom the closed doors admit: servers that prelicense or precertify, that give published documents another policy, or that
 * ask for memberships, and people who get content keys of a decommissioned cluster (MS-RMSI 2.1, MS-RMPRS 2.1). Servers come
 * as accounts of the directory, farms as groups of them.
 */
import { RightsError } from '@sealward/xrml'
import { canonicalAddress } from '../core/address.ts'
import type { Directory } from '../core/ports.ts'
import { accountsOnly, type ClosedDoor, type Settings } from '../core/settings.ts'
import { admitAccount, dismissAccount } from './admitted-accounts.ts'
import { change, type AdministrationContext } from './change.ts'
import { requirePersonality } from './require-personality.ts'
import { securityGroup } from './security-group.ts'

/** @returns canonical addresses by door, sorted; doors that admit nobody are absent */
export async function listAdmitted({ store }: AdministrationContext): Promise<Settings['admitted']> {
  return (await store.settings.read()).admitted
}

/**
 * @param input.member address of a user or of a security group; whatever has no at sign is one for `admitAccount`
 * @throws RightsError of `admitAccount`; `address-refused`, `group-refused` for an address of neither, `user-not-in-directory` for anything but a
 * primary address where only accounts are admitted, `personality-mismatch`, `directory-unavailable`
 */
export async function admit(
  context: AdministrationContext,
  input: { readonly door: ClosedDoor; readonly member: string; readonly directory: Directory },
): Promise<void> {
  requirePersonality(context, ({ closedDoors }) => closedDoors.includes(input.door))
  if (!input.member.includes('@')) return admitAccount(context, input)
  const member = await memberOf(input)
  await changeList(context, 'admit', { door: input.door, member }, (listed) => [...listed, member])
}

async function memberOf({ door, member, directory }: Parameters<typeof admit>[1]): Promise<string> {
  const named = canonicalAddress(member)
  const user = await directory.findByAddress(named)
  if (!accountsOnly.has(door)) return user?.address ?? securityGroup(directory, named)
  if (user?.address !== named) throw new RightsError('user-not-in-directory', { detail: named })
  return named
}

/** Also for somebody whom the directory does not know any more. @throws RightsError `address-refused`, and of `dismissAccount` */
export async function dismiss(
  context: AdministrationContext,
  input: { readonly door: ClosedDoor; readonly member: string },
): Promise<void> {
  if (!input.member.includes('@')) return dismissAccount(context, input)
  const member = canonicalAddress(input.member)
  await changeList(context, 'dismiss', { door: input.door, member }, (listed) =>
    listed.filter((other) => other !== member),
  )
}

async function changeList(
  context: AdministrationContext,
  operation: string,
  { door, member }: { readonly door: ClosedDoor; readonly member: string },
  edit: (listed: readonly string[]) => readonly string[],
): Promise<void> {
  await change(context, operation, async ({ settings }) => {
    const { admitted } = await settings.read()
    const { [door]: listed = [], ...others } = admitted
    const members = [...new Set(edit(listed))].sort()
    const now = { ...others, ...(members.length === 0 ? {} : { [door]: members }) }
    await settings.put('admitted', now, context.clock.now())
    return { result: undefined, record: { door, member } }
  })
}
