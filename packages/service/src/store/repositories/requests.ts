/** The request log: one row per request, numbered without gaps. */
import type { RequestRecord } from '../../core/request-record.ts'
import type { RequestRepository, RequestRow } from '../../core/store.ts'
import type { RepositoryInput } from './repository-input.ts'

/** To be used in a transaction for `append`: number and row are one change. */
export function requestRepository({ database, tenant }: RepositoryInput): RequestRepository {
  const rows = (after: number, limit: number) =>
    database
      .selectFrom('request_row')
      .select(['sequence', 'record'])
      .where('tenant', '=', tenant)
      .where('sequence', '>', after)
      .orderBy('sequence')
      .limit(limit)
  return {
    async append(record) {
      const last = await database
        .selectFrom('request_row')
        .select('sequence')
        .where('tenant', '=', tenant)
        .orderBy('sequence', 'desc')
        .limit(1)
        .executeTakeFirst()
      await database
        .insertInto('request_row')
        .values({
          tenant,
          sequence: (last?.sequence ?? 0) + 1,
          at: record.at,
          operation: record.operation,
          template: record.template ?? null,
          record: JSON.stringify(record),
        })
        .execute()
    },
    after: async (after, limit) => (await rows(after, limit).execute()).map(read),
    async during(from, until, after, limit) {
      const found = await rows(after, limit)
        .where('at', '>=', from.toISOString())
        .where('at', '<', until.toISOString())
        .execute()
      return found.map(read)
    },
    async lastOf(operations, template) {
      const all = database
        .selectFrom('request_row')
        .select('at')
        .where('tenant', '=', tenant)
        .where('operation', 'in', [...operations])
      const wanted = template === undefined ? all : all.where('template', '=', template)
      const last = await wanted.orderBy('at', 'desc').limit(1).executeTakeFirst()
      return last === undefined ? undefined : new Date(last.at)
    },
  }
}

function read(row: { readonly sequence: number; readonly record: string }): RequestRow {
  return { sequence: row.sequence, record: JSON.parse(row.record) as RequestRecord }
}
