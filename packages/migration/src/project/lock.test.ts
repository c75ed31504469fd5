import assert from 'node:assert/strict'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { withLock, type LockHolder } from './lock.ts'
import { startOfProcess } from './process-identity.ts'
import { newFolder } from './test-migration.fixture.ts'

const options = { actor: 'anna', work: 'run 2' }

function heldBy(holder: Partial<LockHolder>): string {
  const path = join(newFolder(), '.lock')
  const full = { nonce: 'a', pid: process.pid, host: hostname(), actor: 'bob', work: 'run 3', ...holder }
  writeFileSync(path, JSON.stringify(full))
  return path
}

suite('two runners', () => {
  test('work one after the other', async () => {
    const path = join(newFolder(), '.lock')
    let inside = 0
    let most = 0
    const waited: string[] = []
    const work = async (): Promise<void> => {
      inside++
      most = Math.max(most, inside)
      await wait(20)
      inside--
    }
    const onWait = ({ actor }: LockHolder): void => void waited.push(actor)
    await Promise.all(Array.from({ length: 5 }, () => withLock(path, { ...options, onWait }, work)))
    assert.equal(most, 1)
    assert(waited.length >= 4 && waited.every((actor) => actor === 'anna'))
    assert(!existsSync(path))
  })

  test('wait for a while, then say who runs', async () => {
    const path = heldBy({ start: startOfProcess(process.pid) ?? '' })
    await assert.rejects(
      withLock(path, { ...options, patience: 60 }, () => Promise.resolve()),
      {
        code: 'project-locked',
        message: new RegExp(`bob \\(run 3, process ${process.pid} on `),
      },
    )
  })
})

suite('a lock whose holder is gone', () => {
  const gone: readonly (readonly [string, Partial<LockHolder>])[] = [
    ['its process ended', { pid: 2 ** 22 + 1 }],
    ['another process has its number', { start: '1' }],
  ]
  for (const [name, holder] of gone) {
    test(`is broken: ${name}`, async () => {
      const path = heldBy(holder)
      assert.equal(await withLock(path, { ...options, patience: 0 }, () => Promise.resolve(7)), 7)
      assert.deepEqual(readdirSync(join(path, '..')), [])
    })
  }

  test('is broken by one of many waiters at a time', async () => {
    const path = heldBy({ pid: 2 ** 22 + 1 })
    let inside = 0
    await Promise.all(
      Array.from({ length: 8 }, () =>
        withLock(path, options, async () => {
          assert.equal(++inside, 1)
          await wait(5)
          inside--
        }),
      ),
    )
    assert.deepEqual(readdirSync(join(path, '..')), [])
  })

  test('even when the one who broke it died over it', async () => {
    const path = heldBy({ pid: 2 ** 22 + 1 })
    const dead = { nonce: 'b', pid: 2 ** 22 + 2, host: hostname(), actor: 'eve', work: 'run 3' }
    writeFileSync(`${path}.break`, JSON.stringify(dead))
    await withLock(path, options, () => Promise.resolve())
    assert.deepEqual(readdirSync(join(path, '..')), [])
  })

  test('is kept if it is held on another machine', async () => {
    const path = heldBy({ host: 'elsewhere', pid: 2 ** 22 + 1 })
    await assert.rejects(
      withLock(path, { ...options, patience: 0 }, () => Promise.resolve()),
      {
        code: 'project-locked',
      },
    )
  })
})

test('the lock is given back when the work fails', async () => {
  const path = join(newFolder(), '.lock')
  await assert.rejects(
    withLock(path, options, () => Promise.reject(new Error('x'))),
    /x/,
  )
  assert(!existsSync(path))
})
