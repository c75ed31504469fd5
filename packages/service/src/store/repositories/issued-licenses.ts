/** Until when the licences that are out can be used without asking again: one row per document and person. */
import type { IssuedLicenseRepository } from '../../core/store.ts'
import type { RepositoryInput } from './repository-input.ts'

/** Sorts behind every time. */
const never = 'never'

export function issuedLicenseRepository({ database, tenant }: RepositoryInput): IssuedLicenseRepository {
  return {
    async put({ contentId, userId, address, usableUntil, refresh, issuedAt }) {
      const until = usableUntil?.toISOString() ?? never
      const changed = { address, refresh: refresh ?? null, issued_at: issuedAt.toISOString() }
      await database
        .insertInto('issued_license')
        .values({ tenant, content_id: contentId, user_id: userId, usable_until: until, ...changed })
        .onConflict((conflict) =>
          conflict.columns(['tenant', 'content_id', 'user_id']).doUpdateSet((row) => ({
            ...changed,
            // An earlier licence may last longer than this one, and without a list.
            usable_until: row.fn('max', [row.ref('issued_license.usable_until'), row.ref('excluded.usable_until')]),
            refresh: row.fn('max', [row.ref('issued_license.refresh'), row.ref('excluded.refresh')]),
          })),
        )
        .execute()
    },
    async list({ contentId, userId }) {
      const rows = await database
        .selectFrom('issued_license')
        .selectAll()
        .where('tenant', '=', tenant)
        .$if(contentId !== undefined, (query) => query.where('content_id', '=', contentId ?? ''))
        .$if(userId !== undefined, (query) => query.where('user_id', '=', userId ?? ''))
        .orderBy('usable_until')
        .execute()
      return rows.map((row) => ({
        contentId: row.content_id,
        userId: row.user_id,
        address: row.address,
        usableUntil: row.usable_until === never ? undefined : new Date(row.usable_until),
        refresh: row.refresh ?? undefined,
        issuedAt: new Date(row.issued_at),
      }))
    },
  }
}
