/** Rows of the synchronised directory's contacts and foreign security principals, and the names by which they are found. */
import type { Selectable } from 'kysely'
import { namesOfStandIn, type StandInRepository, type SynchronisedStandIn } from '../../core/stand-ins.ts'
import type { Schema } from '../schema.ts'
import { inParts } from './in-parts.ts'
import type { RepositoryInput } from './repository-input.ts'
import { readTexts, writeTexts } from './texts.ts'

export function standInRepository({
  database,
  tenant,
}: Pick<RepositoryInput, 'database' | 'tenant'>): StandInRepository {
  const rows = () =>
    database
      .selectFrom('directory_stand_in')
      .selectAll('directory_stand_in')
      .where('directory_stand_in.tenant', '=', tenant)
  const names = () => database.selectFrom('directory_stand_in_name').where('tenant', '=', tenant)
  const all = async (ids?: readonly string[]): Promise<readonly SynchronisedStandIn[]> =>
    (ids === undefined
      ? await rows().execute()
      : await inParts(ids, (part) => rows().where('immutable_id', 'in', part).execute())
    ).map(readRow)

  return {
    all,
    async named(wanted) {
      const found = await inParts(wanted, (part) => names().select('entry').where('name', 'in', part).execute())
      return all(found.map(({ entry }) => entry))
    },
    async in(groups) {
      const members = await inParts(groups, (part) =>
        rows()
          .innerJoin('directory_member', (join) =>
            join
              .onRef('directory_member.tenant', '=', 'directory_stand_in.tenant')
              .onRef('directory_member.member', '=', 'directory_stand_in.immutable_id'),
          )
          .where('directory_member.entry', 'in', part)
          .where('deleted_at', 'is', null)
          .execute(),
      )
      return [...new Map(members.map((row) => [row.immutable_id, row])).values()].map(readRow)
    },
    async count() {
      const row = await names()
        .select((each) => each.fn.count<number>('entry').distinct().as('count'))
        .executeTakeFirstOrThrow()
      return row.count
    },
    async put(standIn) {
      const { immutableId, source, type, name, address, aliases, forest, sid, deletedAt } = standIn
      const row = {
        source,
        type,
        name,
        address: address ?? null,
        aliases: writeTexts(aliases),
        forest: forest ?? null,
        sid: sid ?? null,
        deleted_at: deletedAt?.toISOString() ?? null,
      }
      await database
        .insertInto('directory_stand_in')
        .values({ tenant, immutable_id: immutableId, ...row })
        .onConflict((conflict) => conflict.columns(['tenant', 'immutable_id']).doUpdateSet(row))
        .execute()
      await database
        .deleteFrom('directory_stand_in_name')
        .where('tenant', '=', tenant)
        .where('entry', '=', immutableId)
        .execute()
      for (const each of new Set(namesOfStandIn(standIn))) {
        await database
          .insertInto('directory_stand_in_name')
          .values({ tenant, name: each, entry: immutableId })
          .execute()
      }
    },
  }
}

function readRow(row: Selectable<Schema['directory_stand_in']>): SynchronisedStandIn {
  return {
    immutableId: row.immutable_id,
    source: row.source,
    type: row.type as SynchronisedStandIn['type'],
    name: row.name,
    address: row.address ?? undefined,
    aliases: readTexts(row.aliases),
    forest: row.forest ?? undefined,
    sid: row.sid ?? undefined,
    deletedAt: row.deleted_at === null ? undefined : new Date(row.deleted_at),
  }
}
