import assert from 'node:assert/strict'
import { test } from 'node:test'
import { states } from '../project/states.ts'
import { findRollback, rollbackMatrix } from './rollback-matrix.ts'
import { steps } from './index.ts'

test('there is exactly one way back from every state, whoever keeps the keys', () => {
  for (const state of states) {
    for (const importedKeyActive of [true, false]) {
      for (const customerManaged of [true, false]) {
        const facts = { importedKeyActive, customerManaged }
        const ways = rollbackMatrix.filter((way) => way.states.includes(state) && way.holds(facts))
        assert.equal(ways.length, 1, `${state} ${JSON.stringify(facts)}`)
        assert.equal(findRollback(state, facts), ways[0])
      }
    }
  }
})

test('content of moved users is lost to the cluster only under a key that it does not hold', () => {
  const [same, other] = [true, false].map((importedKeyActive) =>
    findRollback('ClientsMoving', { importedKeyActive, customerManaged: false }),
  )
  assert.match(same?.loss ?? '', /^none/)
  assert.match(other?.byHand.join(' ') ?? '', /import it into the cluster/)
})

test('the steps lead from every state to the next, in both numberings', () => {
  const main = steps.flatMap(({ from, to }) => (to === undefined ? [] : [[from[0], to] as const]))
  assert.deepEqual(
    main,
    states.slice(1).map((state, index) => [states[index], state]),
  )
  const numbers2016 = steps.flatMap(({ numbers: { y2016 } }) => y2016 ?? [])
  assert.deepEqual([...new Set(numbers2016)], ['1', '2', '3', '4', '5', '6', '7', '8', '9'])
  const newer = steps.flatMap(({ numbers: { newer: number } }) => number?.split(', ') ?? [])
  assert.deepEqual(
    [...new Set(newer)].map(Number),
    Array.from({ length: 12 }, (_, index) => index + 1),
  )
})
