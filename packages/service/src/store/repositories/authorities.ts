/** Certification authorities of our own hierarchy. */
import type { AuthorityPurpose, AuthorityRepository } from '../../core/store.ts'
import type { RepositoryInput } from './repository-input.ts'
import { readTexts, writeTexts } from './texts.ts'

export function authorityRepository({ database, tenant }: RepositoryInput): AuthorityRepository {
  return {
    async list() {
      const rows = await database.selectFrom('authority').selectAll().where('tenant', '=', tenant).execute()
      return rows.map((row) => ({
        purpose: row.purpose as AuthorityPurpose,
        mode: row.mode,
        vaultKeyId: row.vault_key_id,
        chain: readTexts(row.chain),
      }))
    },
    async insert(authority, createdAt) {
      await database
        .insertInto('authority')
        .values({
          tenant,
          purpose: authority.purpose,
          mode: authority.mode,
          vault_key_id: authority.vaultKeyId,
          chain: writeTexts(authority.chain),
          created_at: createdAt.toISOString(),
        })
        .execute()
    },
  }
}
