/**
 * A look into the database of a service that changes nothing: no schema is brought up to date, no tenant is made. For
 * `sealward doctor`, beside a service that runs or that does not start.
 */
import { createSecretKey } from 'node:crypto'
import { RightsError } from '@sealward/xrml'
import type { LogName, Repositories } from '../core/store.ts'
import { rowHash } from '../core/log-chain.ts'
import { mac, readTenantSecret, type OpenStoreInput } from './open-store.ts'
import { repositoriesOver } from './repositories.ts'
import { missingMigrations, openSqliteReadOnly } from './sqlite.ts'

export interface LookedAtStore {
  /** Steps of the schema that the next start of the service will take; the rest is not looked at then. */
  readonly missingMigrations: readonly string[]
  /** Undefined before the first start of the service. */
  readonly tenant?: {
    readonly logs: readonly LookedAtLog[]
    /** Names of former services for which this one answers. */
    readonly hostNames: readonly string[]
    readonly hasActiveKey: boolean
  }
}

export interface LookedAtLog {
  readonly log: LogName
  readonly rows: number
  /** Whether the head was sealed by this service, and belongs to the last row. */
  readonly sound: boolean
}

const turnsMost = 5
const logs: readonly LogName[] = ['licenses', 'administration']

/** @throws RightsError `store-refused`, `sealed-record-invalid` when the master key is not that of the store */
export async function lookAtStore({ file, tenant, masterKey }: OpenStoreInput): Promise<LookedAtStore> {
  const database = openSqliteReadOnly(file)
  try {
    const missing = await missingMigrations(database)
    if (missing.length > 0) return { missingMigrations: missing }
    const found = await readTenantSecret(database, { tenant, masterKey })
    if (found === undefined) return { missingMigrations: missing }
    const secret = createSecretKey(found)
    const sign = (purpose: string, data: Uint8Array): Uint8Array => mac(secret, purpose, data)
    const repositories = repositoriesOver({ database, tenant, masterKey, mac: sign })
    const keys = await repositories.keys.list()
    const { hostNames } = await repositories.settings.read()
    return {
      missingMigrations: missing,
      tenant: {
        logs: await Promise.all(logs.map((log) => lookAtLog(repositories, log))),
        hostNames,
        hasActiveKey: keys.some(({ state }) => state === 'active'),
      },
    }
  } catch (cause) {
    throw cause instanceof RightsError ? cause : new RightsError('store-refused', { cause })
  } finally {
    await database.destroy()
  }
}

/** The last row alone: `sealward log verify` follows the whole chain. */
async function lookAtLog({ logs: repository }: Repositories, log: LogName): Promise<LookedAtLog> {
  // A service may be writing between the two: then its head is of a later row, which is read again.
  for (let turn = 0; ; turn += 1) {
    const head = await repository.head(log)
    if (head === undefined) return { log, rows: 0, sound: (await repository.read(log, 0, 1)).length === 0 }
    const rows = await repository.read(log, Math.max(0, head.sequence - 2), 3)
    const last = rows.at(-1)
    if (last !== undefined && last.sequence > head.sequence && turn < turnsMost) continue
    const before = rows.at(-2)
    const linked =
      before === undefined || last === undefined || rowHash(before.hash, last.sequence, last.record) === last.hash
    const sound = head.sealed && linked && last?.sequence === head.sequence && last.hash === head.hash
    return { log, rows: head.sequence, sound }
  }
}
