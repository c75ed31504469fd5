/** Super users. Every change answers with how it is afterwards. */
import {
  addSuperUser,
  enableSuperUsers,
  listSuperUsers,
  removeSuperUser,
  setSuperUserGroup,
} from '../../../administration/super-users.ts'
import type { AdminHandlers, AdminWorld } from '../handler.ts'
import type { superUserOperations } from '../operations/super-users.ts'

export const superUserHandlers: AdminHandlers<typeof superUserOperations> = {
  getSuperUsers: (world) => answer(world),
  async enableSuperUsers(world, { body }) {
    await enableSuperUsers(world.administration, body)
    return answer(world)
  },
  async addSuperUser(world, { body: { address } }) {
    await addSuperUser(world.administration, { address, directory: world.core.directory })
    return answer(world)
  },
  async removeSuperUser(world, { parameters: { address } }) {
    await removeSuperUser(world.administration, { address })
    return answer(world)
  },
  async setSuperUserGroup(world, { body }) {
    await setSuperUserGroup(world.administration, { address: body?.address, directory: world.core.directory })
    return answer(world)
  },
}

async function answer({ administration }: AdminWorld) {
  const { enabled, addresses, group } = await listSuperUsers(administration)
  return { enabled, users: [...addresses], ...(group === undefined ? {} : { group }) }
}
