/**
 * What is excluded, what is revoked, and until when licences that are out can be used without asking. Only additions: a
 * process of the release before keeps working on the same file.
 */
import { sql, type Kysely } from 'kysely'

const statements = [
  `create table exclusion (
    tenant text not null, kind text not null, subject text not null, minimum text not null, maximum text not null,
    added_at text not null,
    primary key (tenant, kind, subject, minimum)
  ) strict`,
  `create table revocation (
    tenant text not null, type text not null, subject text not null, publisher text not null, id_type text not null,
    modulus text not null, revoked_at text not null,
    primary key (tenant, type, subject, publisher)
  ) strict`,
  `create table issued_license (
    tenant text not null, content_id text not null, user_id text not null, address text not null,
    usable_until text not null, refresh integer, issued_at text not null,
    primary key (tenant, content_id, user_id)
  ) strict`,
  `create index issued_license_user on issued_license (tenant, user_id)`,
] as const

export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database)
}
