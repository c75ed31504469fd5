/**
 * To whom templates are offered; without a row to everybody. By GUID: the scope stays when a version is issued again or
 * imported beside another. Only an addition, as the migrations before.
 */
import { sql, type Kysely } from 'kysely'

const statement = `create table template_scope (
  tenant text not null, id text not null, address text not null,
  primary key (tenant, id, address)
) strict, without rowid`

export async function up(database: Kysely<unknown>): Promise<void> {
  await sql.raw(statement).execute(database)
}
