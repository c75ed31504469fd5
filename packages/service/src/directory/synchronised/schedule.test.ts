import assert from 'node:assert/strict'
import { test } from 'node:test'
import { repeated } from './schedule.ts'

test('runs follow each other, never two at once, and none begins after the end', async () => {
  let [begun, underWay] = [0, 0]
  const enough = Promise.withResolvers<void>()
  const schedule = repeated(async () => {
    begun++
    underWay++
    assert.equal(underWay, 1)
    await new Promise((resolve) => setImmediate(resolve))
    underWay--
    if (begun === 3) enough.resolve()
  }, 1)
  // The timer of the schedule keeps no process alive.
  const alive = setInterval(() => undefined, 1_000)
  await enough.promise
  clearInterval(alive)
  await schedule.close()
  assert.equal(underWay, 0)
  const before = begun
  await new Promise((resolve) => setTimeout(resolve, 20))
  assert.equal(begun, before)
})
