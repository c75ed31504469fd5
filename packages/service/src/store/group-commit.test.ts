import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, beforeEach, suite, test } from 'node:test'
import { masterKey } from '../core/cluster.fixture.ts'
import type { Store } from '../core/store.ts'
import { openStore } from './open-store.ts'

let folder: string
let file: string
let store: Store
let count = 0

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealward-group-'))
})
after(async () => rm(folder, { recursive: true }))
beforeEach(async () => {
  file = join(folder, `${count++}.db`)
  store = await openStore({ file, tenant: 'lakeside', masterKey })
})

const add = (name: string, fail = false) =>
  store.transaction(async (repositories) => {
    await repositories.superUsers.add(`${name}@lakeside.example`)
    if (fail) throw new Error(`${name} failed`)
    return name
  })

suite('transactions that wait together', () => {
  test('all get their own result', async () => {
    assert.deepEqual(await Promise.all([add('alice'), add('ben'), add('clara')]), ['alice', 'ben', 'clara'])
    await store.close()
  })

  test('lose nothing when one of them fails', async () => {
    const outcomes = await Promise.allSettled([add('alice'), add('ben', true), add('clara')])
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    )
    const { addresses } = await store.superUsers.read()
    assert.deepEqual(addresses.toSorted(), ['alice@lakeside.example', 'clara@lakeside.example'])
    await store.close()
  })

  test('are answered when others can see what they have written, and not before', async () => {
    const reader = new DatabaseSync(file, { readOnly: true })
    const seen = () => reader.prepare('select count(*) as n from super_user').get()?.['n']
    const seenInside: unknown[] = []
    await Promise.all(
      ['alice', 'ben', 'clara'].map(async (name) => {
        await store.transaction(async (repositories) => {
          await repositories.superUsers.add(`${name}@lakeside.example`)
          seenInside.push(seen())
        })
        assert.equal(seen(), 3)
      }),
    )
    assert.deepEqual(seenInside, [0, 0, 0])
    reader.close()
    await store.close()
  })

  test('fail together when the commit fails', async () => {
    await store.close()
    const outcomes = await Promise.allSettled([add('alice'), add('ben')])
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['rejected', 'rejected'],
    )
  })
})
