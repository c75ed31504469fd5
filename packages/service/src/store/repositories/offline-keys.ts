/** Keys with which people publish offline over REST, each sealed to its own row. */
import { createPrivateKey, type KeyObject } from 'node:crypto'
import { openSecret, sealSecret, type SealContext } from '@sealward/keys'
import type { Selectable } from 'kysely'
import type { OfflineKey, OfflineKeyRepository } from '../../core/store.ts'
import type { Schema } from '../schema.ts'
import type { RepositoryInput } from './repository-input.ts'

export function offlineKeyRepository({ database, tenant, masterKey }: RepositoryInput): OfflineKeyRepository {
  const contextOf = (id: string): SealContext => ({
    tenant,
    table: 'offline_key',
    id,
    purpose: 'offline-key',
    version: 1,
  })
  const opened = (id: string, sealed: Uint8Array): KeyObject => {
    const secret = openSecret(masterKey, contextOf(id), sealed)
    try {
      return createPrivateKey({ key: secret, format: 'der', type: 'pkcs8' })
    } finally {
      secret.fill(0)
    }
  }
  const keyOfRow = (row: Selectable<Schema['offline_key']>): OfflineKey => ({
    id: row.id,
    userId: row.user_id,
    address: row.address,
    licensorKey: row.licensor_key,
    createdAt: new Date(row.created_at),
    validUntil: new Date(row.valid_until),
    privateKey: opened(row.id, row.sealed),
  })
  const rows = () => database.selectFrom('offline_key').selectAll().where('tenant', '=', tenant)

  return {
    async find(id) {
      const row = await rows().where('id', '=', id).executeTakeFirst()
      return row === undefined ? undefined : keyOfRow(row)
    },
    async newest({ userId, address, licensorKey }) {
      const row = await rows()
        .where('user_id', '=', userId)
        .where('licensor_key', '=', licensorKey)
        .where('address', '=', address)
        .orderBy('created_at', 'desc')
        .executeTakeFirst()
      return row === undefined ? undefined : keyOfRow(row)
    },
    async count() {
      const row = await database
        .selectFrom('offline_key')
        .select((each) => each.fn.countAll<number>().as('count'))
        .where('tenant', '=', tenant)
        .executeTakeFirstOrThrow()
      return row.count
    },
    async insert(key) {
      const secret = key.privateKey.export({ format: 'der', type: 'pkcs8' })
      const sealed = sealSecret(masterKey, contextOf(key.id), secret)
      secret.fill(0)
      await database
        .insertInto('offline_key')
        .values({
          tenant,
          id: key.id,
          user_id: key.userId,
          address: key.address,
          licensor_key: key.licensorKey,
          created_at: key.createdAt.toISOString(),
          valid_until: key.validUntil.toISOString(),
          sealed,
        })
        .execute()
    },
    async setValidUntil(id, validUntil) {
      await database
        .updateTable('offline_key')
        .set({ valid_until: validUntil.toISOString() })
        .where('tenant', '=', tenant)
        .where('id', '=', id)
        .execute()
    },
  }
}
