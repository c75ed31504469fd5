import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, beforeEach, suite, test } from 'node:test'
import { masterKeyFromFile } from '@sealward/keys'
import { sql } from 'kysely'
import { masterKey, pooledKey } from '../core/cluster.fixture.ts'
import { openStore } from './open-store.ts'
import { openSqlite } from './sqlite.ts'

const now = new Date('2026-03-02T09:30:00Z')
let folder: string
let file: string
let count = 0

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealward-store-'))
})
after(async () => rm(folder, { recursive: true }))
beforeEach(() => {
  file = join(folder, `${count++}.db`)
})

const open = (tenant = 'lakeside') => openStore({ file, tenant, masterKey })

suite('the store', () => {
  test('is a file for its owner alone, and keeps what was committed', async () => {
    const first = await open()
    await first.superUsers.add('alice@lakeside.example')
    await first.close()
    assert.equal((await stat(file)).mode & 0o777, 0o600)
    const second = await open()
    assert.deepEqual((await second.superUsers.read()).addresses, ['alice@lakeside.example'])
    await second.close()
  })

  test('takes all of a transaction or nothing', async () => {
    const store = await open()
    await assert.rejects(
      store.transaction(async (repositories) => {
        await repositories.superUsers.add('alice@lakeside.example')
        await repositories.logs.append('administration', { operation: 'x' })
        throw new Error('stop')
      }),
      /stop/,
    )
    assert.deepEqual((await store.superUsers.read()).addresses, [])
    assert.deepEqual(await store.logs.read('administration', 0, 10), [])
    await store.close()
  })

  test('lets concurrent transactions wait for each other', async () => {
    const store = await open()
    await Promise.all(Array.from({ length: 50 }, (_, row) => store.logs.append('licenses', { row })))
    const rows = await store.logs.read('licenses', 0, 100)
    assert.deepEqual(
      rows.map((row) => row.sequence),
      Array.from({ length: 50 }, (_, index) => index + 1),
    )
    await store.close()
  })

  test('keeps tenants apart', async () => {
    const lakeside = await open('lakeside')
    const hillside = await open('hillside')
    await lakeside.superUsers.add('alice@lakeside.example')
    await lakeside.accountKeys.insertOnce('u1', 1, now, pooledKey(1024, 0))
    assert.deepEqual((await hillside.superUsers.read()).addresses, [])
    assert.equal(await hillside.accountKeys.find('u1', 1), undefined)
    assert.notDeepEqual(lakeside.mac('p', Buffer.from('x')), hillside.mac('p', Buffer.from('x')))
    await lakeside.close()
    await hillside.close()
  })

  test('keeps the first key of a user', async () => {
    const store = await open()
    const first = await store.accountKeys.insertOnce('u1', 1, now, pooledKey(1024, 0))
    const second = await store.accountKeys.insertOnce('u1', 1, now, pooledKey(1024, 1))
    assert.ok(first.equals(pooledKey(1024, 0)))
    assert.ok(second.equals(first))
    await store.close()
  })

  test('does not open a secret that was moved to another row, mode or tenant', async () => {
    const store = await open()
    await store.accountKeys.insertOnce('u1', 1, now, pooledKey(1024, 0))
    await store.accountKeys.insertOnce('u2', 1, now, pooledKey(1024, 1))
    const { keyId } = await store.vault.importRsa(pooledKey(1024, 0))
    const { keyId: other } = await store.vault.importRsa(pooledKey(1024, 1))
    const hillside = await open('hillside')
    await store.close()
    await hillside.close()
    const database = new DatabaseSync(file)
    database.exec(`
      update account_key set sealed = (select sealed from account_key where user_id = 'u1') where user_id = 'u2';
      insert into account_key select 'lakeside', 'u1', 2, created_at, sealed from account_key where user_id = 'u1';
      insert into account_key select 'hillside', 'u1', 1, created_at, sealed from account_key where user_id = 'u1' and mode = 1;
      update vault_key set sealed = (select sealed from vault_key where key_id = '${keyId}') where key_id = '${other}';
    `)
    database.close()
    const lakeside = await open()
    const moved = await open('hillside')
    const invalid = { code: 'sealed-record-invalid' }
    await assert.rejects(lakeside.accountKeys.find('u2', 1), invalid)
    await assert.rejects(lakeside.accountKeys.find('u1', 2), invalid)
    await assert.rejects(moved.accountKeys.find('u1', 1), invalid)
    await assert.rejects(lakeside.vault.open(other), invalid)
    assert.ok((await lakeside.accountKeys.find('u1', 1))!.equals(pooledKey(1024, 0)))
    await lakeside.close()
    await moved.close()
  })

  test('has no private key in the file that could be read without the master key', async () => {
    const store = await open()
    await store.accountKeys.insertOnce('u1', 1, now, pooledKey(1024, 0))
    await store.vault.importRsa(pooledKey(1024, 0))
    await store.close()
    const bytes = await readFile(file)
    const { d, p } = pooledKey(1024, 0).export({ format: 'jwk' })
    for (const secret of [d, p]) {
      const needle = Buffer.from(secret!, 'base64url')
      assert.equal(bytes.indexOf(needle), -1)
      assert.equal(bytes.indexOf(Buffer.from(secret!)), -1)
    }
  })

  test('is not opened with another master key', async () => {
    await (await open()).close()
    const wrong = masterKeyFromFile(Buffer.from(randomBytes(32).toString('hex')))
    await assert.rejects(openStore({ file, tenant: 'lakeside', masterKey: wrong }), { code: 'sealed-record-invalid' })
  })

  test('refuses a file that is no database, and one of a newer version', async () => {
    await writeFile(file, 'this is not a database, but long enough to be read as one '.repeat(40))
    await assert.rejects(open(), { code: 'store-refused' })
    file = join(folder, 'newer.db')
    await (await open()).close()
    const database = new DatabaseSync(file)
    database.exec("insert into kysely_migration (name, timestamp) values ('9999-later', '2030-01-01T00:00:00Z')")
    database.close()
    await assert.rejects(open(), { code: 'store-refused' })
  })
})

test('the driver refuses what SQLite would store as NULL', async () => {
  const database = await openSqlite(':memory:')
  for (const value of [now, undefined, {}, true]) {
    await assert.rejects(sql`select ${value}`.execute(database), TypeError)
  }
  const { rows } = await sql`select ${7} as n, ${Uint8Array.of(1, 2)} as b, ${null} as z`.execute(database)
  assert.equal(rows.length, 1)
  await database.destroy()
})

test('exactly one key is active', async () => {
  const database = await openSqlite(':memory:')
  const row = { tenant: 't', vault_key_id: 'v', state: 'active', origin: 'created', created_at: '', chain: '[]' }
  await database
    .insertInto('service_key')
    .values({ ...row, id: 'a', activated_at: null })
    .execute()
  await assert.rejects(
    database
      .insertInto('service_key')
      .values({ ...row, id: 'b', activated_at: null })
      .execute(),
  )
  await database.destroy()
})
