/** Server licensor keys: what they are and in which state; the private parts are in the vault. */
import type { KeyState } from '../../core/configuration.ts'
import type { KeyRepository, StoredServiceKey } from '../../core/store.ts'
import type { RepositoryInput } from './repository-input.ts'
import { readTexts, writeTexts } from './texts.ts'

export function keyRepository({ database, tenant }: RepositoryInput): KeyRepository {
  return {
    async list() {
      const rows = await database
        .selectFrom('service_key')
        .selectAll()
        .where('tenant', '=', tenant)
        .orderBy('created_at')
        .orderBy('id')
        .execute()
      return rows.map((row) => ({
        id: row.id,
        vaultKeyId: row.vault_key_id,
        state: row.state as KeyState,
        origin: row.origin as StoredServiceKey['origin'],
        createdAt: new Date(row.created_at),
        activatedAt: row.activated_at === null ? undefined : new Date(row.activated_at),
        chain: readTexts(row.chain),
        friendlyName: row.friendly_name ?? undefined,
        exportedAt: row.exported_at === null ? undefined : new Date(row.exported_at),
      }))
    },
    async insert(key) {
      await database
        .insertInto('service_key')
        .values({
          tenant,
          id: key.id,
          vault_key_id: key.vaultKeyId,
          state: key.state,
          origin: key.origin,
          created_at: key.createdAt.toISOString(),
          activated_at: key.activatedAt?.toISOString() ?? null,
          chain: writeTexts(key.chain),
          friendly_name: key.friendlyName ?? null,
          exported_at: key.exportedAt?.toISOString() ?? null,
        })
        .execute()
    },
    async setState(id, state, activatedAt) {
      await database
        .updateTable('service_key')
        .set({ state, activated_at: activatedAt?.toISOString() ?? null })
        .where('tenant', '=', tenant)
        .where('id', '=', id)
        .execute()
    },
    async setExported(id, exportedAt) {
      await database
        .updateTable('service_key')
        .set({ exported_at: exportedAt.toISOString() })
        .where('tenant', '=', tenant)
        .where('id', '=', id)
        .execute()
    },
  }
}
