/**
 * Super users may open every document. Off by default; a member is one exact user by primary address, never an alias
 * (threat P8), or belongs to the one group that an administrator chose; every use is marked in the licence log.
 */
import { RightsError } from '@sealward/xrml'
import { canonicalAddress } from '../core/address.ts'
import type { SuperUsers } from '../core/configuration.ts'
import { loadConfiguration } from '../core/load-configuration.ts'
import type { Directory } from '../core/ports.ts'
import { change, type AdministrationContext } from './change.ts'
import { securityGroup } from './security-group.ts'

export async function listSuperUsers(context: AdministrationContext): Promise<SuperUsers> {
  return (await context.store.transaction(loadConfiguration)).superUsers
}

export async function enableSuperUsers(
  context: AdministrationContext,
  input: { readonly enabled: boolean },
): Promise<void> {
  await change(context, input.enabled ? 'enable-super-users' : 'disable-super-users', async (repositories) => {
    await repositories.superUsers.setEnabled(input.enabled)
    return { result: undefined, record: {} }
  })
}

/** @throws RightsError `address-refused`, `user-not-in-directory` unless it is the primary address of a user */
export async function addSuperUser(
  context: AdministrationContext,
  input: { readonly address: string; readonly directory: Directory },
): Promise<void> {
  const address = canonicalAddress(input.address)
  const user = await input.directory.findByAddress(address)
  if (user?.address !== address) throw new RightsError('user-not-in-directory', { detail: address })
  await change(context, 'add-super-user', async (repositories) => {
    await repositories.superUsers.add(address)
    return { result: undefined, record: { address } }
  })
}

/** @throws RightsError `address-refused` */
export async function removeSuperUser(
  context: AdministrationContext,
  input: { readonly address: string },
): Promise<void> {
  const address = canonicalAddress(input.address)
  await change(context, 'remove-super-user', async (repositories) => {
    await repositories.superUsers.remove(address)
    return { result: undefined, record: { address } }
  })
}

/**
 * The members of one group, nested groups included, become super users; a second group replaces the first.
 * @param input.address of a security group; undefined for none
 * @throws RightsError `group-refused`
 */
export async function setSuperUserGroup(
  context: AdministrationContext,
  input: { readonly address: string | undefined; readonly directory: Directory },
): Promise<void> {
  const address = input.address === undefined ? undefined : await securityGroup(input.directory, input.address)
  await change(context, 'set-super-user-group', async (repositories) => {
    await repositories.settings.put('superUserGroup', address, context.clock.now())
    return { result: undefined, record: { address: address ?? null } }
  })
}
