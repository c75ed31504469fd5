/** The first schema. A migration that was released is never edited; the next change is the next file. */
import { sql, type Kysely } from 'kysely'

const statements = [
  `create table tenant (
    tenant text not null primary key,
    configuration_version integer not null,
    super_users_enabled integer not null check (super_users_enabled in (0, 1))
  ) strict`,
  `create table service_secret (
    tenant text not null, purpose text not null, sealed blob not null,
    primary key (tenant, purpose)
  ) strict`,
  `create table vault_key (
    tenant text not null, key_id text not null, version integer not null, sealed blob not null,
    primary key (tenant, key_id)
  ) strict`,
  `create table service_key (
    tenant text not null, id text not null, vault_key_id text not null,
    state text not null check (state in ('pending', 'active', 'archived')),
    origin text not null check (origin in ('created', 'imported')),
    created_at text not null, activated_at text, chain text not null,
    primary key (tenant, id)
  ) strict`,
  `create unique index one_active_key on service_key (tenant) where state = 'active'`,
  `create table authority (
    tenant text not null, purpose text not null check (purpose in ('root', 'enrolment', 'machine')), mode integer not null,
    vault_key_id text not null, chain text not null, created_at text not null,
    primary key (tenant, purpose, mode)
  ) strict`,
  `create table template (
    tenant text not null, id text not null, origin text not null,
    state text not null check (state in ('published', 'archived')),
    text text not null, changed_at text not null,
    primary key (tenant, id, origin)
  ) strict`,
  `create table super_user (
    tenant text not null, address text not null,
    primary key (tenant, address)
  ) strict`,
  `create table account_key (
    tenant text not null, user_id text not null, mode integer not null, created_at text not null, sealed blob not null,
    primary key (tenant, user_id, mode)
  ) strict`,
  `create table lineage (
    tenant text not null, tag text not null, content_id text not null, first_seen_at text not null,
    primary key (tenant, tag)
  ) strict, without rowid`,
  `create table lineage_holder (
    tenant text not null, tag text not null, holder text not null,
    primary key (tenant, tag, holder)
  ) strict, without rowid`,
  `create table log_row (
    tenant text not null, log text not null, sequence integer not null, record text not null, hash text not null,
    primary key (tenant, log, sequence)
  ) strict, without rowid`,
  // Nobody changes the log by accident; changes on purpose show in the chain.
  `create trigger log_row_kept before delete on log_row begin select raise(abort, 'the log is append-only'); end`,
  `create trigger log_row_fixed before update on log_row begin select raise(abort, 'the log is append-only'); end`,
  `create table log_head (
    tenant text not null, log text not null, sequence integer not null, hash text not null, seal blob not null,
    primary key (tenant, log)
  ) strict`,
] as const

export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database)
}
