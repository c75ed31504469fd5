/**
 * Accounts to which a decommissioned cluster gives content keys without a policy (MS-RMSI 3.2.4.1). Nobody is one until an
 * administrator says so, before or after the cluster is decommissioned; each is one exact user by primary address, never
 * an alias or a group (threat P8).
 */
import { RightsError } from '@sealward/xrml'
import { canonicalAddress } from '../core/address.ts'
import type { Directory } from '../core/ports.ts'
import type { Repositories } from '../core/store.ts'
import { change, type AdministrationContext } from './change.ts'
import { requirePersonality } from './require-personality.ts'

/** @returns canonical addresses, sorted */
export async function listRecoveryAccounts({ store }: AdministrationContext): Promise<readonly string[]> {
  return (await store.settings.read()).recoveryAccounts
}

/**
 * @throws RightsError `personality-mismatch`, `address-refused`, `user-not-in-directory` unless it is the primary address
 * of a user, `directory-unavailable`
 */
export async function addRecoveryAccount(
  context: AdministrationContext,
  input: { readonly address: string; readonly directory: Directory },
): Promise<void> {
  requirePersonality(context, 'cluster')
  const address = canonicalAddress(input.address)
  const user = await input.directory.findByAddress(address)
  if (user?.address !== address) throw new RightsError('user-not-in-directory', { detail: address })
  await changeList(context, 'add-recovery-account', address, (listed) => [...listed, address])
}

/** Takes an account off the list, also one that the directory does not know any more. @throws RightsError `address-refused` */
export async function removeRecoveryAccount(
  context: AdministrationContext,
  input: { readonly address: string },
): Promise<void> {
  const address = canonicalAddress(input.address)
  await changeList(context, 'remove-recovery-account', address, (listed) => listed.filter((each) => each !== address))
}

async function changeList(
  context: AdministrationContext,
  operation: string,
  address: string,
  edit: (listed: readonly string[]) => readonly string[],
): Promise<void> {
  await change(context, operation, async ({ settings }: Repositories) => {
    const { recoveryAccounts } = await settings.read()
    await settings.put('recoveryAccounts', [...new Set(edit(recoveryAccounts))].sort(), context.clock.now())
    return { result: undefined, record: { address } }
  })
}
