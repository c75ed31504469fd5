/** Key pairs of users, each sealed to its own row. */
import { createPrivateKey, type KeyObject } from 'node:crypto'
import { openSecret, sealSecret, type SealContext } from '@sealward/keys'
import { RightsError } from '@sealward/xrml'
import type { AccountKeyRepository } from '../../core/store.ts'
import type { RepositoryInput } from './repository-input.ts'

export function accountKeyRepository({ database, tenant, masterKey }: RepositoryInput): AccountKeyRepository {
  const contextOf = (userId: string, mode: number): SealContext => ({
    tenant,
    table: 'account_key',
    id: `${mode}:${userId}`,
    purpose: 'account-key',
    version: 1,
  })

  const find = async (userId: string, mode: number): Promise<KeyObject | undefined> => {
    const row = await database
      .selectFrom('account_key')
      .select('sealed')
      .where('tenant', '=', tenant)
      .where('user_id', '=', userId)
      .where('mode', '=', mode)
      .executeTakeFirst()
    if (row === undefined) return undefined
    const secret = openSecret(masterKey, contextOf(userId, mode), row.sealed)
    try {
      return createPrivateKey({ key: secret, format: 'der', type: 'pkcs8' })
    } finally {
      secret.fill(0)
    }
  }

  const values = (userId: string, mode: number, createdAt: Date, key: KeyObject) => {
    const secret = key.export({ format: 'der', type: 'pkcs8' })
    const sealed = sealSecret(masterKey, contextOf(userId, mode), secret)
    secret.fill(0)
    return { tenant, user_id: userId, mode, created_at: createdAt.toISOString(), sealed }
  }

  return {
    find,
    async insertOnce(userId, mode, createdAt, key) {
      await database
        .insertInto('account_key')
        .values(values(userId, mode, createdAt, key))
        .onConflict((conflict) => conflict.doNothing())
        .execute()
      const kept = await find(userId, mode)
      if (kept === undefined) throw new RightsError('store-refused')
      return kept
    },
    async replace(userId, mode, createdAt, key) {
      const { created_at, sealed } = values(userId, mode, createdAt, key)
      await database
        .updateTable('account_key')
        .set({ created_at, sealed })
        .where('tenant', '=', tenant)
        .where('user_id', '=', userId)
        .where('mode', '=', mode)
        .execute()
    },
  }
}
