/** Keys of people who publish offline over REST. Only an addition: a process of the release before keeps working on the same file. */
import { sql, type Kysely } from 'kysely'

const statements = [
  `create table offline_key (
    tenant text not null, id text not null, user_id text not null, address text not null, licensor_key text not null,
    created_at text not null, valid_until text not null, sealed blob not null,
    primary key (tenant, id)
  ) strict`,
  `create index offline_key_by_account on offline_key (tenant, user_id, licensor_key, created_at)`,
]

export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database)
}
