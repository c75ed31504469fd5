/** Whom identity providers mean by the subjects of their tokens. Only an addition, as the migrations before. */
import { sql, type Kysely } from 'kysely'

const statements = [
  `create table token_subject (
    tenant text not null, issuer text not null, claim text not null, subject text not null,
    person text not null, address text not null, bound_at text not null,
    refused_person text, refused_address text, refused_at text,
    primary key (tenant, issuer, claim, subject)
  ) strict, without rowid`,
  `create index token_subject_person on token_subject (tenant, person)`,
]

export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database)
}
