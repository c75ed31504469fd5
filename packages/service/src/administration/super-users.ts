/**
 * Super users may open every document. Off by default; a member is one exact user by primary address, never an alias or a
 * group (threat P8); every use is marked in the licence log.
 */
import { RightsError } from '@sealward/xrml'
import { canonicalAddress } from '../core/address.ts'
import type { SuperUsers } from '../core/configuration.ts'
import type { Directory } from '../core/ports.ts'
import { change, type AdministrationContext } from './change.ts'

export async function listSuperUsers(context: AdministrationContext): Promise<SuperUsers> {
  return context.store.superUsers.read()
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
