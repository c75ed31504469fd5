/** Contacts and foreign security principals of the synchronised directory. Only an addition, as the migrations before. */
import { sql, type Kysely } from 'kysely'

const statements = [
  `create table directory_stand_in (
    tenant text not null, immutable_id text not null, source text not null,
    type text not null check (type in ('contact', 'foreign-principal')), name text not null, address text,
    aliases text not null, forest text, sid text, deleted_at text,
    primary key (tenant, immutable_id)
  ) strict`,
  `create table directory_stand_in_name (
    tenant text not null, name text not null, entry text not null,
    primary key (tenant, name, entry)
  ) strict, without rowid`,
  `create index directory_stand_in_name_entry on directory_stand_in_name (tenant, entry)`,
]

export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database)
}
