/** Where content keys were first seen, and who held them. */
import type { LineageRepository } from '../../core/store.ts'
import type { RepositoryInput } from './repository-input.ts'

export function lineageRepository({ database, tenant }: RepositoryInput): LineageRepository {
  const addHolder = async (tag: string, holder: string): Promise<void> => {
    await database
      .insertInto('lineage_holder')
      .values({ tenant, tag, holder })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
  return {
    async find(tag) {
      const row = await database
        .selectFrom('lineage')
        .select('content_id')
        .where('tenant', '=', tenant)
        .where('tag', '=', tag)
        .executeTakeFirst()
      if (row === undefined) return undefined
      const holders = await database
        .selectFrom('lineage_holder')
        .select('holder')
        .where('tenant', '=', tenant)
        .where('tag', '=', tag)
        .execute()
      return { tag, contentId: row.content_id, holders: holders.map(({ holder }) => holder) }
    },
    async insert({ tag, contentId, holders }, firstSeenAt) {
      await database
        .insertInto('lineage')
        .values({ tenant, tag, content_id: contentId, first_seen_at: firstSeenAt.toISOString() })
        .execute()
      for (const holder of holders) await addHolder(tag, holder)
    },
    addHolder,
  }
}
