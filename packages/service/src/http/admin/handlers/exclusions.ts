/** Who and what is excluded. Every change answers with the whole list afterwards. */
import { addExclusion, listExclusions, removeExclusion } from '../../../administration/exclusions.ts'
import type { AdminHandlers, AdminWorld } from '../handler.ts'
import type { exclusionOperations } from '../operations/exclusions.ts'

export const exclusionHandlers: AdminHandlers<typeof exclusionOperations> = {
  listExclusions: (world) => answer(world),
  async addExclusion(world, { body }) {
    await addExclusion(world.administration, body)
    return answer(world)
  },
  async removeExclusion(world, { body }) {
    await removeExclusion(world.administration, body)
    return answer(world)
  },
}

async function answer({ administration }: AdminWorld) {
  const listed = await listExclusions(administration)
  return {
    exclusions: listed.map(({ kind, subject, minimum, maximum, addedAt }) => ({
      kind,
      ...(subject === '' ? {} : { subject }),
      ...(minimum === '' ? {} : { minimum }),
      ...(maximum === '' ? {} : { maximum }),
      addedAt: addedAt.toISOString(),
    })),
  }
}
