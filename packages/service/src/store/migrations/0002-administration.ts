/**
 * What administrators set beside keys and templates, one row per request, and who holds publishing certificates of which
 * key. Only additions: a process of the release before keeps working on the same file.
 */
import { randomUUID } from 'node:crypto'
import { sql, type Kysely } from 'kysely'

const statements = [
  `create table setting (
    tenant text not null, name text not null, value text not null, version integer not null, changed_at text not null,
    primary key (tenant, name)
  ) strict`,
  `alter table service_key add column friendly_name text`,
  `alter table service_key add column exported_at text`,
  `create table request_row (
    tenant text not null, sequence integer not null, at text not null, operation text not null, template text,
    record text not null,
    primary key (tenant, sequence)
  ) strict`,
  `create index request_row_at on request_row (tenant, at)`,
  `create index request_row_template on request_row (tenant, template, at) where template is not null`,
  `create table client_licensor (
    tenant text not null, user_id text not null, key_id text not null, address text not null,
    issued_at text not null, valid_until text not null,
    primary key (tenant, user_id, key_id)
  ) strict`,
] as const

export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database)
  const { rows } = await sql<{ tenant: string; version: number }>`
    select tenant, configuration_version as version from tenant
  `.execute(database)
  for (const { tenant, version } of rows) {
    // Whoever was in operation before there were states stays in operation.
    for (const [name, value] of [
      ['tenantState', 'enabled'],
      ['serviceId', randomUUID()],
    ] as const) {
      await sql`
        insert into setting (tenant, name, value, version, changed_at)
        values (${tenant}, ${name}, ${JSON.stringify(value)}, ${version}, ${new Date(0).toISOString()})
      `.execute(database)
    }
  }
}
