/**
 * The embedded store: one SQLite file, WAL, every commit flushed to the disk before it counts (threat S5). One process
 * serves; a second one (the command line) may write now and then.
 */
import { closeSync, openSync, realpathSync, statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { Kysely } from 'kysely'
import { Migrator } from 'kysely/migration'
import { RightsError } from '@sealward/xrml'
import * as firstSchema from './migrations/0001-first-schema.ts'
import * as administration from './migrations/0002-administration.ts'
import * as userDomains from './migrations/0003-user-domains.ts'
import * as synchronisedDirectory from './migrations/0004-synchronised-directory.ts'
import * as exclusion from './migrations/0005-exclusion.ts'
import * as offlineKeys from './migrations/0006-offline-keys.ts'
import * as standIns from './migrations/0007-stand-ins.ts'
import * as tokenSubjects from './migrations/0010-token-subjects.ts'
import * as templateScope from './migrations/0011-template-scope.ts'
import type { Schema } from './schema.ts'
import { sqliteDialect } from './sqlite-dialect.ts'
import { createQueue } from './sqlite-queue.ts'
import { writersOf } from './sqlite-write-lock.ts'

const openingTimeout = 5000

/**
 * Opens the file, or makes it, readable for its owner alone, and brings it to the present schema.
 * @param file a path, or `:memory:`
 * @throws RightsError `store-refused`
 */
export async function openSqlite(file: string): Promise<Kysely<Schema>> {
  const database = openDatabase(file)
  const writers = file === ':memory:' ? createQueue() : writersOf(realpathSync(file))
  const kysely = new Kysely<Schema>({ dialect: sqliteDialect(database, writers) })
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
    const database = new DatabaseSync(file, { timeout: openingTimeout })
    database.exec('pragma journal_mode = wal')
    database.exec('pragma synchronous = full')
    // From here on nobody waits inside of SQLite: that would hold up everybody in the process.
    database.exec('pragma busy_timeout = 0')
    return database
  } catch (cause) {
    throw new RightsError('store-refused', { cause })
  }
}

function migratorOf(kysely: Kysely<Schema>): Migrator {
  return new Migrator({
    db: kysely,
    provider: {
      // In this order; a released one is never edited.
      getMigrations: () =>
        Promise.resolve({
          '0001-first-schema': firstSchema,
          '0002-administration': administration,
          '0003-user-domains': userDomains,
          '0004-synchronised-directory': synchronisedDirectory,
          '0005-exclusion': exclusion,
          '0006-offline-keys': offlineKeys,
          '0007-stand-ins': standIns,
          '0010-token-subjects': tokenSubjects,
          '0011-template-scope': templateScope,
        }),
    },
  })
}

/** Opens a file that is there, of whatever schema, and never writes to it. @throws RightsError `store-refused` */
export function openSqliteReadOnly(file: string): Kysely<Schema> {
  try {
    if (!statSync(file).isFile()) throw new Error('not a file')
    const database = new DatabaseSync(file, { readOnly: true, timeout: openingTimeout })
    return new Kysely<Schema>({ dialect: sqliteDialect(database, createQueue()) })
  } catch (cause) {
    throw new RightsError('store-refused', { detail: file, cause })
  }
}

/** Names of the steps that a file has not taken yet; reads only. */
export async function missingMigrations(kysely: Kysely<Schema>): Promise<readonly string[]> {
  const known = await migratorOf(kysely).getMigrations()
  return known.flatMap(({ name, executedAt }) => (executedAt === undefined ? [name] : []))
}

async function migrate(kysely: Kysely<Schema>): Promise<void> {
  const { error } = await migratorOf(kysely).migrateToLatest()
  if (error !== undefined) throw new RightsError('store-refused', { cause: error })
}
