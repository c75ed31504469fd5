/** The directory that a tenant keeps itself. Only an addition: a process of the release before keeps working on the same file. */
import { sql, type Kysely } from 'kysely'

const statements = [
  `create table directory_source (
    tenant text not null, source text not null, cookie text, synchronised_at text not null, revision integer not null,
    primary key (tenant, source)
  ) strict`,
  `create table directory_entry (
    tenant text not null, immutable_id text not null, id text not null, source text not null,
    type text not null check (type in ('person', 'group')), name text not null, display_name text not null,
    sid text not null, sid_history text not null, account text, account_name text, primary_group text,
    kind text not null check (kind in ('security', 'distribution')),
    disabled integer not null check (disabled in (0, 1)), expires_at text, address text, deleted_at text,
    primary key (tenant, immutable_id)
  ) strict`,
  `create index directory_entry_account on directory_entry (tenant, account) where account is not null`,
  `create index directory_entry_account_name on directory_entry (tenant, account_name) where account_name is not null`,
  `create table directory_sid (
    tenant text not null, sid text not null, entry text not null,
    primary key (tenant, sid, entry)
  ) strict, without rowid`,
  `create index directory_sid_entry on directory_sid (tenant, entry)`,
  `create table directory_address (
    tenant text not null, address text not null, entry text not null,
    current integer not null check (current in (0, 1)), main integer not null check (main in (0, 1)),
    holder integer not null check (holder in (0, 1)), contested integer not null check (contested in (0, 1)),
    since text not null, until text,
    primary key (tenant, address, entry)
  ) strict, without rowid`,
  `create index directory_address_entry on directory_address (tenant, entry)`,
  // An address maps to one immutable identifier, whatever the program does (threat D2).
  `create unique index directory_address_holder on directory_address (tenant, address) where holder = 1`,
  `create index directory_address_open on directory_address (tenant, address)
    where contested = 1 or (current = 1 and holder = 0)`,
  `create table directory_member (
    tenant text not null, entry text not null, member text not null,
    primary key (tenant, entry, member)
  ) strict, without rowid`,
  `create index directory_member_member on directory_member (tenant, member)`,
] as const

export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database)
}
