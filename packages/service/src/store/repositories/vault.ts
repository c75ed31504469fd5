/** The rows of the software vault that holds the service's own private keys. */
import { createSoftwareVault, type KeyStore } from '@sealward/keys'
import type { RepositoryInput } from './repository-input.ts'

export function keyVault({ database, tenant, masterKey }: RepositoryInput): KeyStore {
  return createSoftwareVault({
    masterKey,
    tenant,
    storage: {
      async put({ keyId, version, sealed }) {
        await database.insertInto('vault_key').values({ tenant, key_id: keyId, version, sealed }).execute()
      },
      async get(keyId) {
        const row = await database
          .selectFrom('vault_key')
          .select(['version', 'sealed'])
          .where('tenant', '=', tenant)
          .where('key_id', '=', keyId)
          .executeTakeFirst()
        return row === undefined ? undefined : { keyId, version: row.version, sealed: row.sealed }
      },
      async list() {
        const rows = await database.selectFrom('vault_key').select('key_id').where('tenant', '=', tenant).execute()
        return rows.map((row) => row.key_id)
      },
      async delete(keyId) {
        const { numDeletedRows } = await database
          .deleteFrom('vault_key')
          .where('tenant', '=', tenant)
          .where('key_id', '=', keyId)
          .executeTakeFirst()
        return numDeletedRows > 0n
      },
    },
  })
}
