import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, suite, test } from 'node:test'
import type { Store } from '../core/store.ts'
import { masterKey } from '../core/cluster.fixture.ts'
import { openStore } from '../store/open-store.ts'
import { verifyAuditLog, type LogCheckpoint } from './verify-log.ts'

const rows = 6

suite('verify the licence log', () => {
  let folder: string
  let file: string
  let store: Store
  let checkpoint: LogCheckpoint

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sealward-log-'))
    file = join(folder, 'store.db')
    store = await openStore({ file, tenant: 'lakeside', masterKey })
    for (let row = 1; row <= rows; row++) {
      await store.logs.append('licenses', { operation: 'acquire-license', row, rights: ['VIEW'], at: null })
      if (row === 4) {
        const { rows: sequence, hash } = await verifyAuditLog(store)
        checkpoint = { sequence, hash }
      }
    }
  })
  after(async () => {
    await store.close()
    await rm(folder, { recursive: true })
  })

  /** What somebody does who can write to the file, undone afterwards. */
  async function tampered(statements: readonly string[]) {
    const database = new DatabaseSync(file)
    database.exec('pragma synchronous = off')
    const triggers = database.prepare("select name, sql from sqlite_master where type = 'trigger'").all()
    const original = database.prepare('select * from log_row').all()
    const head = database.prepare('select * from log_head').all()
    for (const { name } of triggers) database.exec(`drop trigger ${String(name)}`)
    for (const statement of statements) database.exec(statement)
    const verdict = await verifyAuditLog(store)
    database.exec('delete from log_row; delete from log_head')
    for (const row of original) {
      database
        .prepare('insert into log_row (tenant, log, sequence, record, hash) values (?, ?, ?, ?, ?)')
        .run(row['tenant']!, row['log']!, row['sequence']!, row['record']!, row['hash']!)
    }
    for (const row of head) {
      database
        .prepare('insert into log_head (tenant, log, sequence, hash, seal) values (?, ?, ?, ?, ?)')
        .run(row['tenant']!, row['log']!, row['sequence']!, row['hash']!, row['seal']!)
    }
    for (const { sql } of triggers) database.exec(String(sql))
    database.close()
    return verdict.problem
  }

  test('is intact, and a checkpoint of before holds', async () => {
    const verdict = await verifyAuditLog(store, 'licenses', checkpoint)
    assert.equal(verdict.problem, undefined)
    assert.equal(verdict.rows, rows)
  })

  test('a changed character of a record or hash shows, wherever it is', async () => {
    const [row] = await store.logs.read('licenses', 2, 1)
    for (let at = 1; at <= row!.record.length; at++) {
      const flipped = `substr(record, 1, ${at - 1}) || '#' || substr(record, ${at + 1})`
      const problem = await tampered([`update log_row set record = ${flipped} where sequence = 3`])
      assert.deepEqual(problem, { kind: 'row-changed', sequence: 3 })
    }
    for (let at = 1; at <= row!.hash.length; at++) {
      const flipped = `substr(hash, 1, ${at - 1}) || 'x' || substr(hash, ${at + 1})`
      const problem = await tampered([`update log_row set hash = ${flipped} where sequence = 3`])
      assert.deepEqual(problem, { kind: 'row-changed', sequence: 3 })
    }
  })

  test('a removed row, a cut end and an empty log show', async () => {
    assert.deepEqual(await tampered(['delete from log_row where sequence = 2']), { kind: 'row-missing', sequence: 2 })
    assert.deepEqual(await tampered(['delete from log_row where sequence > 4']), { kind: 'end-differs', sequence: 4 })
    assert.deepEqual(await tampered(['delete from log_row']), { kind: 'end-differs', sequence: 0 })
  })

  test('exchanged rows show', async () => {
    const exchange = [
      'update log_row set sequence = 100 where sequence = 2',
      'update log_row set sequence = 2 where sequence = 3',
      'update log_row set sequence = 3 where sequence = 100',
    ]
    assert.deepEqual(await tampered(exchange), { kind: 'row-changed', sequence: 2 })
  })

  test('a cut end with a head that was made to fit shows', async () => {
    const cut = [
      'delete from log_row where sequence > 4',
      'update log_head set sequence = 4, hash = (select hash from log_row where sequence = 4)',
    ]
    assert.deepEqual(await tampered(cut), { kind: 'head-changed', sequence: 4 })
  })

  test('a log of another history does not fit the checkpoint', async () => {
    const other = { sequence: 4, hash: 'f'.repeat(64) }
    const verdict = await verifyAuditLog(store, 'licenses', other)
    assert.deepEqual(verdict.problem, { kind: 'checkpoint-differs', sequence: 4 })
  })

  test('the database itself refuses to change or remove rows', () => {
    const database = new DatabaseSync(file)
    assert.throws(() => database.exec("update log_row set record = '{}'"), /append-only/)
    assert.throws(() => database.exec('delete from log_row'), /append-only/)
    database.close()
  })
})
