import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { workInOrder } from './work-in-order.ts'

test('results come in order, and no more work is under way than the width', async () => {
  let running = 0
  let most = 0
  const work = async (delay: number): Promise<number> => {
    most = Math.max(most, ++running)
    await wait(delay)
    running--
    return delay
  }
  const results: number[] = []
  for await (const result of workInOrder([9, 1, 5, 0, 3, 2], 3, work)) results.push(result)
  assert.deepEqual([results, most], [[9, 1, 5, 0, 3, 2], 3])
})

test('a failure ends the sequence, and later ones do not end the process', async () => {
  const results: number[] = []
  await assert.rejects(async () => {
    for await (const result of workInOrder([1, 2, 3, 4], 4, failFromTwo)) results.push(result)
  }, /2/)
  assert.deepEqual(results, [1])
})

function failFromTwo(number: number): Promise<number> {
  return number < 2 ? Promise.resolve(number) : Promise.reject(new Error(String(number)))
}
