import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, suite, test } from 'node:test'
import { masterKey } from '../core/cluster.fixture.ts'
import { openStore } from './open-store.ts'

let folder: string

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealward-lock-'))
})
after(async () => rm(folder, { recursive: true }))

const open = (file: string, tenant: string) => openStore({ file: join(folder, file), tenant, masterKey })

suite('a database that somebody else writes to', () => {
  test('holds up nobody who works in another one, and is written to when it is free', async () => {
    const [locked, other] = [await open('locked.db', 'lakeside'), await open('other.db', 'harbour')]
    const stranger = new DatabaseSync(join(folder, 'locked.db'))
    stranger.exec('begin immediate')
    const order: string[] = []
    const waiting = locked.superUsers.add('alice@lakeside.example').then(() => order.push('locked'))
    const inTransaction = locked.transaction(async ({ superUsers }) => superUsers.add('ben@lakeside.example'))
    await other.superUsers.add('hanna@harbour.example')
    order.push('other')
    stranger.exec('commit')
    await Promise.all([waiting, inTransaction])
    assert.deepEqual(order, ['other', 'locked'])
    assert.deepEqual((await locked.superUsers.read()).addresses, ['alice@lakeside.example', 'ben@lakeside.example'])
    stranger.close()
    await locked.close()
    await other.close()
  })

  test('is given up after a while, and works again afterwards', async () => {
    const store = await open('long.db', 'lakeside')
    const stranger = new DatabaseSync(join(folder, 'long.db'))
    stranger.exec('begin immediate')
    await assert.rejects(
      store.transaction(async ({ superUsers }) => superUsers.add('alice@lakeside.example')),
      { code: 'store-refused' },
    )
    stranger.exec('rollback')
    await store.transaction(async ({ superUsers }) => superUsers.add('ben@lakeside.example'))
    assert.deepEqual((await store.superUsers.read()).addresses, ['ben@lakeside.example'])
    stranger.close()
    await store.close()
  })

  test('lets two tenants of one process write to the same file by turns', async () => {
    const stores = [await open('shared.db', 'lakeside'), await open('shared.db', 'harbour')]
    const addresses = Array.from({ length: 30 }, (_, number) => `person-${number}@lakeside.example`).sort()
    await Promise.all(
      stores.flatMap((store) =>
        addresses.map((address) =>
          store.transaction(async ({ superUsers }) => {
            await superUsers.add(address)
            // As work that waits for something else inside of its transaction.
            await new Promise((resolve) => setImmediate(resolve))
          }),
        ),
      ),
    )
    for (const store of stores) {
      assert.deepEqual((await store.superUsers.read()).addresses.toSorted(), addresses)
      await store.close()
    }
  })
})
