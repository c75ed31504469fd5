/** Rows of the synchronised directory's people and groups. */
import type { Kysely, Selectable } from 'kysely'
import type { SynchronisedEntry } from '../../core/synchronised-directory.ts'
import type { Schema } from '../schema.ts'
import { readTexts, writeTexts } from './texts.ts'

type Row = Selectable<Schema['directory_entry']>

export function readEntryRow(row: Row): SynchronisedEntry {
  return {
    immutableId: row.immutable_id,
    id: row.id,
    source: row.source,
    type: row.type as SynchronisedEntry['type'],
    name: row.name,
    displayName: row.display_name,
    sid: row.sid,
    sidHistory: readTexts(row.sid_history),
    account: row.account ?? undefined,
    primaryGroup: row.primary_group ?? undefined,
    kind: row.kind as SynchronisedEntry['kind'],
    disabled: row.disabled === 1,
    expiresAt: row.expires_at === null ? undefined : new Date(row.expires_at),
    address: row.address ?? undefined,
    deletedAt: row.deleted_at === null ? undefined : new Date(row.deleted_at),
  }
}

/** Writes the entry and the identifiers under which it is found. */
export async function putEntry(database: Kysely<Schema>, tenant: string, entry: SynchronisedEntry): Promise<void> {
  const row = {
    id: entry.id,
    source: entry.source,
    type: entry.type,
    name: entry.name,
    display_name: entry.displayName,
    sid: entry.sid,
    sid_history: writeTexts(entry.sidHistory),
    account: entry.account ?? null,
    account_name: entry.account?.slice(entry.account.indexOf('\\') + 1) ?? null,
    primary_group: entry.primaryGroup ?? null,
    kind: entry.kind,
    disabled: entry.disabled ? 1 : 0,
    expires_at: entry.expiresAt?.toISOString() ?? null,
    address: entry.address ?? null,
    deleted_at: entry.deletedAt?.toISOString() ?? null,
  }
  await database
    .insertInto('directory_entry')
    .values({ tenant, immutable_id: entry.immutableId, ...row })
    .onConflict((conflict) => conflict.columns(['tenant', 'immutable_id']).doUpdateSet(row))
    .execute()
  await database
    .deleteFrom('directory_sid')
    .where('tenant', '=', tenant)
    .where('entry', '=', entry.immutableId)
    .execute()
  const sids = new Set([entry.sid, ...entry.sidHistory].filter((sid) => sid !== ''))
  for (const sid of sids) {
    await database.insertInto('directory_sid').values({ tenant, sid, entry: entry.immutableId }).execute()
  }
}
