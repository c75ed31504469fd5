/** Who may open everything, and whether anybody may at present. */
import type { SuperUserRepository } from '../../core/store.ts'
import type { RepositoryInput } from './repository-input.ts'

export function superUserRepository({ database, tenant }: RepositoryInput): SuperUserRepository {
  return {
    async read() {
      const { super_users_enabled: enabled } = await database
        .selectFrom('tenant')
        .select('super_users_enabled')
        .where('tenant', '=', tenant)
        .executeTakeFirstOrThrow()
      const rows = await database
        .selectFrom('super_user')
        .select('address')
        .where('tenant', '=', tenant)
        .orderBy('address')
        .execute()
      return { enabled: enabled === 1, addresses: rows.map((row) => row.address) }
    },
    async setEnabled(enabled) {
      await database
        .updateTable('tenant')
        .set({ super_users_enabled: enabled ? 1 : 0 })
        .where('tenant', '=', tenant)
        .execute()
    },
    async add(address) {
      await database
        .insertInto('super_user')
        .values({ tenant, address })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
    },
    async remove(address) {
      await database.deleteFrom('super_user').where('tenant', '=', tenant).where('address', '=', address).execute()
    },
  }
}
