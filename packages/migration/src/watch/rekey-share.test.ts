import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readAgent } from './agent.ts'
import { rekeyShare } from './rekey-share.ts'

const now = new Date('2024-06-30T12:00:00Z')
const day = 86_400_000
const options = { now, activeKey: 'new', days: 20 }
const at = (days: number): string => new Date(now.getTime() + days * day).toISOString()
const of = (user: string, keyId: string, issued: number, until: number) => ({
  user,
  keyId,
  issuedAt: at(issued),
  validUntil: at(until),
})

test('the current certificate of each user counts; the end is near if people move', async () => {
  const certificates = Array.from({ length: 20 }, (_, index) => [
    of(`user${index}`, 'old', -40, 20 + index),
    // One more every day since 14 days; five are left.
    ...(index < 15 ? [of(`User${index}`, 'new', index - 14, 400)] : []),
  ]).flat()
  const share = await rekeyShare({ certificates }, options)
  assert.deepEqual([share.left, share.share], [5, 0.75])
  assert.deepEqual(share.days.at(-1)?.clients, { new: 15, old: 5 })
  assert.deepEqual(share.days[0]?.clients, { old: 20 })
  assert.equal(share.endsAtLatest?.toISOString(), at(39))
  assert.equal(share.projectedEnd?.toISOString(), at(5))
})

test('where nobody moves, certificates end by themselves; ended ones do not count', async () => {
  const stuck = await rekeyShare({ certificates: [of('a', 'old', -40, 9), of('b', 'old', -40, -1)] }, options)
  assert.deepEqual([stuck.left, stuck.users.length], [1, 1])
  assert.equal(stuck.projectedEnd?.toISOString(), at(9))
  const done = await rekeyShare({ certificates: [of('a', 'new', -1, 9)] }, options)
  assert.deepEqual([done.left, done.share, done.endsAtLatest, done.projectedEnd], [0, 1, undefined, undefined])
})

test('licences are counted by the key of the document', async () => {
  const event = {
    time: now,
    principal: 'a',
    host: '',
    agent: readAgent(''),
    operation: 'AcquireLicense',
    system: 'tenant',
    ok: true,
    issuerKey: 'old',
  } as const
  const events = [event, event, { ...event, issuerKey: 'new' }, { ...event, ok: false }]
  const { days } = await rekeyShare({ certificates: [], events }, options)
  assert.deepEqual(days.at(-1)?.licenses, { old: 2, new: 1 })
})
