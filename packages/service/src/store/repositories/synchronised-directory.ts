/** The directory that the tenant keeps itself: entries, claims on addresses, memberships, and how far each source was read. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { sql, type Kysely } from 'kysely'
import type { SynchronisedDirectoryRepository } from '../../core/synchronised-directory.ts'
import type { Schema } from '../schema.ts'
import { putClaim, readClaimRow } from './directory-addresses.ts'
import { putEntry, readEntryRow } from './directory-entries.ts'
import { standInRepository } from './directory-stand-ins.ts'
import { idsAtOnce, inParts } from './in-parts.ts'
import type { RepositoryInput } from './repository-input.ts'

export function synchronisedDirectoryRepository({
  database,
  tenant,
}: Pick<RepositoryInput, 'database' | 'tenant'>): SynchronisedDirectoryRepository {
  const entries = () => database.selectFrom('directory_entry').selectAll().where('tenant', '=', tenant)
  const claims = () => database.selectFrom('directory_address').selectAll().where('tenant', '=', tenant)
  const memberships = () =>
    database.selectFrom('directory_member').select(['entry as group', 'member']).where('tenant', '=', tenant)

  const standIns = standInRepository({ database, tenant })

  return {
    standIns,
    async sources() {
      const rows = await database
        .selectFrom('directory_source')
        .selectAll()
        .where('tenant', '=', tenant)
        .orderBy('source')
        .execute()
      return rows.map(({ source, cookie, synchronised_at: at, revision }) => ({
        source,
        cookie: cookie ?? undefined,
        synchronisedAt: new Date(at),
        revision,
      }))
    },
    async putSources(sources) {
      await database.deleteFrom('directory_source').where('tenant', '=', tenant).execute()
      for (const { source, cookie, synchronisedAt, revision } of sources) {
        const row = { tenant, source, cookie: cookie ?? null, synchronised_at: synchronisedAt.toISOString(), revision }
        await database.insertInto('directory_source').values(row).execute()
      }
    },
    entries: async (ids) =>
      (ids === undefined
        ? await entries().execute()
        : await inParts(ids, (part) => entries().where('immutable_id', 'in', part).execute())
      ).map(readEntryRow),
    claimsOf: async (ids) =>
      (ids === undefined
        ? await claims().execute()
        : await inParts(ids, (part) => claims().where('entry', 'in', part).execute())
      ).map(readClaimRow),
    claimsOn: async (addresses) =>
      (await inParts(addresses, (part) => claims().where('address', 'in', part).execute())).map(readClaimRow),
    async openClaims() {
      const open = sql<boolean>`(contested = 1 or (current = 1 and holder = 0))`
      return (await claims().where(open).orderBy('address').execute()).map(readClaimRow)
    },
    membershipsIn: async (groups) =>
      groups === undefined
        ? memberships().execute()
        : inParts(groups, (part) => memberships().where('entry', 'in', part).execute()),
    async groupsIn(groups) {
      const rows = await inParts(groups, (part) =>
        database
          .selectFrom('directory_member')
          .innerJoin('directory_entry', (join) =>
            join
              .onRef('directory_entry.tenant', '=', 'directory_member.tenant')
              .onRef('directory_entry.immutable_id', '=', 'directory_member.member'),
          )
          .select('directory_member.member')
          .where('directory_member.tenant', '=', tenant)
          .where('directory_member.entry', 'in', part)
          .where('directory_entry.type', '=', 'group')
          .where('directory_entry.deleted_at', 'is', null)
          .execute(),
      )
      return [...new Set(rows.map(({ member }) => member))]
    },
    membershipsOf: (members) => inParts(members, (part) => memberships().where('member', 'in', part).execute()),
    async withSid(sid) {
      const rows = await database
        .selectFrom('directory_sid')
        .select('entry')
        .where('tenant', '=', tenant)
        .where('sid', '=', sid)
        .execute()
      return rows.map(({ entry }) => entry)
    },
    async withAccount(account) {
      const column = account.includes('\\') ? 'account' : 'account_name'
      const rows = await entries().where(column, '=', account).execute()
      return rows.map((row) => row.immutable_id)
    },
    async counts() {
      const rows = await database
        .selectFrom('directory_entry')
        .select((row) => ['type', row.fn.countAll<number>().as('count')])
        .where('tenant', '=', tenant)
        .where('deleted_at', 'is', null)
        .where('address', 'is not', null)
        .groupBy('type')
        .execute()
      const of = (type: string): number => rows.find((row) => row.type === type)?.count ?? 0
      return { people: of('person'), groups: of('group'), standIns: await standIns.count() }
    },
    async apply(changes) {
      for (const [index, entry] of changes.entries.entries()) {
        // A first run writes all people: requests that need no database are answered meanwhile.
        if (index % idsAtOnce === 0) await nextTurn()
        await putEntry(database, tenant, entry)
      }
      for (const { address, entry } of changes.forgotten) {
        await database
          .deleteFrom('directory_address')
          .where('tenant', '=', tenant)
          .where('address', '=', address)
          .where('entry', '=', entry)
          .execute()
      }
      // Whoever gives an address up comes first, because it never has two holders.
      for (const claim of changes.claims.toSorted((a, b) => Number(a.holder) - Number(b.holder))) {
        await putClaim(database, tenant, claim)
      }
      for (const each of changes.standIns) await standIns.put(each)
      for (const [group, members] of changes.members) await putMembers(database, tenant, group, members)
    },
  }
}

async function putMembers(
  database: Kysely<Schema>,
  tenant: string,
  group: string,
  members: readonly string[],
): Promise<void> {
  await database.deleteFrom('directory_member').where('tenant', '=', tenant).where('entry', '=', group).execute()
  const rows = [...new Set(members)].map((member) => ({ tenant, entry: group, member }))
  for (let at = 0; at < rows.length; at += idsAtOnce) {
    await database
      .insertInto('directory_member')
      .values(rows.slice(at, at + idsAtOnce))
      .execute()
  }
}
