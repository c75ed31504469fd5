/** Trusted user domains. Only an addition: a process of the release before keeps working on the same file. */
import { sql, type Kysely } from 'kysely'

const statement = `create table user_domain (
  tenant text not null, id text not null, display_name text not null, chain text not null, mail_domains text not null,
  federated_users integer not null check (federated_users in (0, 1)), imported_at text not null,
  primary key (tenant, id)
) strict`

export async function up(database: Kysely<unknown>): Promise<void> {
  await sql.raw(statement).execute(database)
}
