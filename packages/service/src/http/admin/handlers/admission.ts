/** Whom the closed doors admit. Every change answers with all lists afterwards. */
import { admit, dismiss, listAdmitted } from '../../../administration/admission.ts'
import { listAdmittedAccounts } from '../../../administration/admitted-accounts.ts'
import { closedDoors } from '../../../core/settings.ts'
import type { AdminHandlers, AdminWorld } from '../handler.ts'
import type { admissionOperations } from '../operations/admission.ts'

export const admissionHandlers: AdminHandlers<typeof admissionOperations> = {
  getAdmission: (world) => answer(world),
  async admit(world, { parameters: { door }, body: { member } }) {
    await admit(world.administration, { door, member, directory: world.core.directory })
    return answer(world)
  },
  async dismiss(world, { parameters }) {
    await dismiss(world.administration, parameters)
    return answer(world)
  },
}

async function answer({ administration }: AdminWorld) {
  const admitted = await listAdmitted(administration)
  const accounts = await listAdmittedAccounts(administration)
  return {
    doors: closedDoors.map((door) => ({ door, members: admitted[door] ?? [], accounts: accounts[door] ?? [] })),
  }
}
