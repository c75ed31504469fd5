/** The store of one tenant: repositories over a database, and the service's own secret. */
import { createHmac, createSecretKey, randomBytes, randomUUID, type KeyObject } from 'node:crypto'
import { openSecret, sealSecret, type MasterKey, type SealContext } from '@sealward/keys'
import type { Kysely } from 'kysely'
import type { Store } from '../core/store.ts'
import { repositoriesOver } from './repositories.ts'
import type { RepositoryInput } from './repositories/repository-input.ts'
import type { Schema } from './schema.ts'
import { groupCommits } from './group-commit.ts'
import { openSqlite } from './sqlite.ts'

export interface OpenStoreInput {
  /** A path, or `:memory:`. */
  readonly file: string
  readonly tenant: string
  readonly masterKey: MasterKey
}

const secretBytes = 32
const secretPurpose = 'service-secret'

/** @throws RightsError `store-refused`, and `sealed-record-invalid` when the master key is not that of the store */
export async function openStore(input: OpenStoreInput): Promise<Store> {
  const database = await openSqlite(input.file)
  try {
    const secret = createSecretKey(await prepareTenant(database, input))
    return storeOver(database, { ...input, mac: (purpose, data) => mac(secret, purpose, data) })
  } catch (error) {
    await database.destroy()
    throw error
  }
}

function storeOver(database: Kysely<Schema>, input: Omit<RepositoryInput, 'database'>): Store {
  const repositories = repositoriesOver({ ...input, database })
  const transaction = groupCommits(database, (inner) => repositoriesOver({ ...input, database: inner }))
  return {
    ...repositories,
    // A row of the log and its head are one change.
    logs: { ...repositories.logs, append: (log, record) => transaction((inner) => inner.logs.append(log, record)) },
    transaction,
    mac: input.mac,
    close: () => database.destroy(),
  }
}

/** The first opening makes the tenant and its secret; later ones prove that the master key is the right one. */
async function prepareTenant(database: Kysely<Schema>, { tenant, masterKey }: OpenStoreInput): Promise<Uint8Array> {
  return database.transaction().execute(async (inner) => {
    const known = await readTenantSecret(inner, { tenant, masterKey })
    if (known !== undefined) return known
    const secret = randomBytes(secretBytes)
    await inner.insertInto('tenant').values({ tenant, configuration_version: 1, super_users_enabled: 0 }).execute()
    await inner
      .insertInto('service_secret')
      .values({ tenant, purpose: secretPurpose, sealed: sealSecret(masterKey, secretContext(tenant), secret) })
      .execute()
    await inner
      .insertInto('setting')
      .values({
        tenant,
        name: 'serviceId',
        value: JSON.stringify(randomUUID()),
        version: 1,
        changed_at: new Date(0).toISOString(),
      })
      .execute()
    return secret
  })
}

/** @returns undefined for a tenant that was never opened @throws RightsError `sealed-record-invalid` */
export async function readTenantSecret(
  database: Kysely<Schema>,
  { tenant, masterKey }: Pick<OpenStoreInput, 'tenant' | 'masterKey'>,
): Promise<Uint8Array | undefined> {
  const row = await database
    .selectFrom('service_secret')
    .select('sealed')
    .where('tenant', '=', tenant)
    .where('purpose', '=', secretPurpose)
    .executeTakeFirst()
  return row === undefined ? undefined : openSecret(masterKey, secretContext(tenant), row.sealed)
}

function secretContext(tenant: string): SealContext {
  return { tenant, table: 'service_secret', id: secretPurpose, purpose: secretPurpose, version: 1 }
}

/** A code that only this service can make. */
export function mac(secret: KeyObject, purpose: string, data: Uint8Array): Uint8Array {
  return createHmac('sha256', secret).update(`${purpose}\0`, 'utf8').update(data).digest()
}
