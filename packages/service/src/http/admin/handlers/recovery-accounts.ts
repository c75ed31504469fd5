/** Accounts to which a decommissioned cluster gives content keys. Every change answers with the list afterwards. */
import {
  addRecoveryAccount,
  listRecoveryAccounts,
  removeRecoveryAccount,
} from '../../../administration/recovery-accounts.ts'
import type { AdminHandlers, AdminWorld } from '../handler.ts'
import type { recoveryAccountOperations } from '../operations/recovery-accounts.ts'

export const recoveryAccountHandlers: AdminHandlers<typeof recoveryAccountOperations> = {
  getRecoveryAccounts: (world) => answer(world),
  async addRecoveryAccount(world, { body: { address } }) {
    await addRecoveryAccount(world.administration, { address, directory: world.core.directory })
    return answer(world)
  },
  async removeRecoveryAccount(world, { parameters: { address } }) {
    await removeRecoveryAccount(world.administration, { address })
    return answer(world)
  },
}

async function answer({ administration }: AdminWorld) {
  return { accounts: [...(await listRecoveryAccounts(administration))] }
}
