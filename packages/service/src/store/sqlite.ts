/**
 * The embedded store: one SQLite file, WAL, every commit flushed to the disk before it counts (threat S5). One process
 * serves; a second one (the command line) may write now and then.
 */
import { closeSync, openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { Kysely } from 'kysely'
import { Migrator } from 'kysely/migration'
import { RightsError } from '@sealward/xrml'
import * as firstSchema from './migrations/0001-first-schema.ts'
import * as administration from './migrations/0002-administration.ts'
import * as userDomains from './migrations/0003-user-domains.ts'
import * as offlineKeys from './migrations/0007-offline-keys.ts'
import type { Schema } from './schema.ts'
import { sqliteDialect } from './sqlite-dialect.ts'

const busyTimeout = 5000

/**
 * Opens the file, or makes it, readable for its owner alone, and brings it to the present schema.
 * @param file a path, or `:memory:`
 * @throws RightsError `store-refused`
 */
export async function openSqlite(file: string): Promise<Kysely<Schema>> {
  const kysely = new Kysely<Schema>({ dialect: sqliteDialect(openDatabase(file)) })
  try {
    await migrate(kysely)
    return kysely
  } catch (error) {
    await kysely.destroy()
    throw error
  }
}

function openDatabase(file: string): DatabaseSync {
  try {
    if (file !== ':memory:') closeSync(openSync(file, 'a', 0o600))
    const database = new DatabaseSync(file, { timeout: busyTimeout })
    database.exec('pragma journal_mode = wal')
    database.exec('pragma synchronous = full')
    return database
  } catch (cause) {
    throw new RightsError('store-refused', { cause })
  }
}

async function migrate(kysely: Kysely<Schema>): Promise<void> {
  const migrator = new Migrator({
    db: kysely,
    provider: {
      // In this order; a released one is never edited.
      getMigrations: () =>
        Promise.resolve({
          '0001-first-schema': firstSchema,
          '0002-administration': administration,
          '0003-user-domains': userDomains,
          '0007-offline-keys': offlineKeys,
        }),
    },
  })
  const { error } = await migrator.migrateToLatest()
  if (error !== undefined) throw new RightsError('store-refused', { cause: error })
}
