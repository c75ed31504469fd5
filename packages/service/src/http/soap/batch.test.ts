import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inBatches } from './batch.ts'

test('of a hundred requests in one call, at most four are worked on at once, in their order', async () => {
  let working = 0
  let most = 0
  const results = await inBatches(
    4,
    Array.from({ length: 100 }, (_, index) => index),
    async (item: number) => {
      most = Math.max(most, ++working)
      // The others of the four have begun before the first one ends.
      for (let turn = 0; turn < 5; turn++) await Promise.resolve()
      working--
      return item
    },
  )
  assert.equal(most, 4)
  assert.deepEqual(
    results,
    Array.from({ length: 100 }, (_, index) => index),
  )
})
