import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RightsError } from '@sealward/xrml'
import type { Directory, DirectoryUser } from '../core/ports.ts'
import { noWindowsAccounts } from '../core/windows-accounts.ts'
import { cachedDirectory, type UncachedDirectory } from './cache.ts'

const anna: DirectoryUser = {
  id: 'a',
  sid: 'S-1-5-21-1-2-3-4',
  address: 'anna@lakeside.test',
  aliases: [],
  displayName: 'Anna',
  sidHistory: [],
  disabled: false,
}

/** A directory that counts its answers, in a time that stands still. */
function counted(answers: Partial<UncachedDirectory>): {
  cached: Directory
  count: () => number
  later: (ms: number) => void
} {
  let now = 1_000_000
  let count = 0
  const answer = <T>(value: T): Promise<T> => {
    count++
    return Promise.resolve(value)
  }
  const directory: UncachedDirectory = {
    findByAddress: () => answer(undefined),
    findBySid: () => answer(anna),
    findByAccount: () => answer(anna),
    groupsOf: () => answer([]),
    groupsOfContact: () => answer([]),
    contactsIn: () => answer([]),
    findGroup: () => answer(undefined),
    verifyPassword: () => answer(anna),
    accounts: noWindowsAccounts,
    ...answers,
  }
  const clock = { now: () => new Date(now) }
  const cached = cachedDirectory({ directory, clock, known: 300_000, unknown: 60_000 })
  return { cached, count: () => count, later: (milliseconds) => void (now += milliseconds) }
}

test('who is known is remembered for five minutes, who is not for one', async () => {
  const { cached, count, later } = counted({})
  for (const _ of [1, 2]) {
    assert.equal(await cached.findBySid(anna.sid), anna)
    assert.equal(await cached.findByAddress('ben@lakeside.test'), undefined)
    assert.equal(await cached.findByAddress('BEN@lakeside.test'), undefined)
    assert.deepEqual(await cached.groupsOf(anna), [])
  }
  assert.equal(count(), 3)
  later(59_999)
  await cached.findByAddress('ben@lakeside.test')
  assert.equal(count(), 3)
  later(1)
  await Promise.all([cached.findByAddress('ben@lakeside.test'), cached.groupsOf(anna), cached.findBySid(anna.sid)])
  assert.equal(count(), 5)
  later(240_000)
  await cached.findBySid(anna.sid)
  assert.equal(count(), 6)
})

test('a clock that is set back makes no answer younger', async () => {
  const { cached, count, later } = counted({})
  await cached.findBySid(anna.sid)
  later(-1)
  await cached.findBySid(anna.sid)
  assert.equal(count(), 2)
})

test('an outage is not remembered', async () => {
  let up = false
  const { cached } = counted({
    async findByAddress() {
      if (!up) throw new RightsError('directory-unavailable')
      return anna
    },
  })
  await assert.rejects(cached.findByAddress(anna.address), { code: 'directory-unavailable' })
  up = true
  assert.equal(await cached.findByAddress(anna.address), anna)
})

test('who asks the same at the same time waits for one answer', async () => {
  const { cached, count } = counted({})
  await Promise.all(Array.from({ length: 20 }, () => cached.findBySid(anna.sid)))
  assert.equal(count(), 1)
})

test('an answer that was under way when all was forgotten is not remembered', async () => {
  const answers: ((user: DirectoryUser | undefined) => void)[] = []
  const { cached } = counted({ findByAddress: () => new Promise((resolve) => void answers.push(resolve)) })
  const old = cached.findByAddress(anna.address)
  cached.flush()
  const fresh = cached.findByAddress(anna.address)
  answers[1]?.(undefined)
  assert.equal(await fresh, undefined)
  answers[0]?.(anna)
  assert.equal(await old, anna)
  assert.equal(await cached.findByAddress(anna.address), undefined)
})

test('passwords are asked about every time', async () => {
  const { cached, count } = counted({})
  for (const _ of [1, 2]) await cached.verifyPassword(anna.address, Buffer.from('password'))
  assert.equal(count(), 2)
})
