/** Which key issued the newest publishing certificate of each user. */
import type { ClientLicensorRepository } from '../../core/store.ts'
import type { RepositoryInput } from './repository-input.ts'

export function clientLicensorRepository({ database, tenant }: RepositoryInput): ClientLicensorRepository {
  return {
    async list() {
      const rows = await database
        .selectFrom('client_licensor')
        .selectAll()
        .where('tenant', '=', tenant)
        .orderBy('address')
        .orderBy('issued_at')
        .execute()
      return rows.map((row) => ({
        userId: row.user_id,
        address: row.address,
        keyId: row.key_id,
        issuedAt: new Date(row.issued_at),
        validUntil: new Date(row.valid_until),
      }))
    },
    async put({ userId, keyId, address, issuedAt, validUntil }) {
      const changed = { address, issued_at: issuedAt.toISOString(), valid_until: validUntil.toISOString() }
      await database
        .insertInto('client_licensor')
        .values({ tenant, user_id: userId, key_id: keyId, ...changed })
        .onConflict((conflict) => conflict.columns(['tenant', 'user_id', 'key_id']).doUpdateSet(changed))
        .execute()
    },
  }
}
