/** A look into a database: it says what is there, and leaves every byte as it was. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, test } from 'node:test'
import { masterKeyFromFile } from '@sealward/keys'
import { openTestCluster, masterKey } from '../core/cluster.fixture.ts'
import { lookAtStore, type LookedAtStore } from './look-at-store.ts'

const folder = mkdtempSync(join(tmpdir(), 'sealward-look-'))
const file = join(folder, 'sealward.db')
after(() => rmSync(folder, { recursive: true }))

const look = (key = masterKey): Promise<LookedAtStore> => lookAtStore({ file, tenant: 'lakeside', masterKey: key })

function change(sql: string): void {
  const database = new DatabaseSync(file)
  // Whoever can write to the file can do this first.
  const guards = database.prepare(`select name from sqlite_master where type = 'trigger'`).all()
  for (const { name } of guards) database.exec(`drop trigger "${String(name)}"`)
  database.exec(sql)
  database.close()
}

before(async () => {
  const { context } = await openTestCluster({ file })
  await context.store.logs.append('administration', { operation: 'one' })
  await context.store.logs.append('administration', { operation: 'two' })
  await context.store.close()
})

test('a store that is well', async () => {
  const bytes = readFileSync(file)
  const { missingMigrations, tenant } = await look()
  assert.deepEqual(missingMigrations, [])
  assert.equal(tenant?.hasActiveKey, true)
  assert.deepEqual(
    tenant.logs.map(({ log, sound }) => `${log} ${sound}`),
    ['licenses true', 'administration true'],
  )
  assert.ok((tenant.logs[1]?.rows ?? 0) >= 2)
  assert.deepEqual(readFileSync(file), bytes)
  assert.equal((await lookAtStore({ file, tenant: 'nobody', masterKey })).tenant, undefined)
  assert.deepEqual(readFileSync(file), bytes)
})

test('another master key, and no database', async () => {
  const other = masterKeyFromFile(Buffer.from(randomBytes(32).toString('hex')))
  await assert.rejects(look(other), { code: 'sealed-record-invalid' })
  const missing = join(folder, 'missing.db')
  await assert.rejects(lookAtStore({ file: missing, tenant: 'lakeside', masterKey }), { code: 'store-refused' })
  assert.throws(() => readFileSync(missing), { code: 'ENOENT' })
})

test('a log whose last row is gone, and one whose rows were changed', async () => {
  change(`update log_row set record = replace(record, 'two', 'six') where log = 'administration'`)
  assert.equal((await look()).tenant?.logs[1]?.sound, false)
  change(`delete from log_row where log = 'administration' and sequence = (select max(sequence) from log_row)`)
  assert.equal((await look()).tenant?.logs[1]?.sound, false)
})

test('a schema of an earlier version is named and left as it is', async () => {
  change(`delete from kysely_migration where name = '0011-template-scope'`)
  assert.deepEqual(await look(), { missingMigrations: ['0011-template-scope'] })
})
