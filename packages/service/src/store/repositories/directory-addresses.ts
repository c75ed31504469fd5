/** Rows of the claims that entries of the synchronised directory lay on addresses. */
import type { Kysely, Selectable } from 'kysely'
import type { AddressClaim } from '../../core/synchronised-directory.ts'
import type { Schema } from '../schema.ts'

export function readClaimRow(row: Selectable<Schema['directory_address']>): AddressClaim {
  return {
    address: row.address,
    entry: row.entry,
    current: row.current === 1,
    primary: row.main === 1,
    holder: row.holder === 1,
    contested: row.contested === 1,
    since: new Date(row.since),
    until: row.until === null ? undefined : new Date(row.until),
  }
}

export async function putClaim(database: Kysely<Schema>, tenant: string, claim: AddressClaim): Promise<void> {
  const row = {
    current: claim.current ? 1 : 0,
    main: claim.primary ? 1 : 0,
    holder: claim.holder ? 1 : 0,
    contested: claim.contested ? 1 : 0,
    since: claim.since.toISOString(),
    until: claim.until?.toISOString() ?? null,
  }
  await database
    .insertInto('directory_address')
    .values({ tenant, address: claim.address, entry: claim.entry, ...row })
    .onConflict((conflict) => conflict.columns(['tenant', 'address', 'entry']).doUpdateSet(row))
    .execute()
}
