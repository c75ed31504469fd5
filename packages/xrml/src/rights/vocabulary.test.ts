import assert from 'node:assert/strict'
import { test } from 'node:test'
import { holds, knownRights, removalRights, roleRights } from './vocabulary.ts'

test('OWNER implies every right, and nothing else implies another', () => {
  for (const right of [...knownRights, 'MICROSOFT.SIGN']) {
    assert.ok(holds(['OWNER'], right))
    assert.ok(holds([right], right))
    assert.equal(holds(['VIEW', 'EDIT'], right), ['VIEW', 'EDIT'].includes(right))
  }
  assert.equal(holds([], 'VIEW'), false)
})

test('roles and removal rights consist of known rights, and roles grow', () => {
  const known: readonly string[] = knownRights
  for (const right of [...removalRights, ...Object.values(roleRights).flat()]) assert.ok(known.includes(right), right)
  const { VIEWER = [], REVIEWER = [], COOWNER = [], COAUTHOR = [], AUTHOR = [] } = roleRights
  assert.ok(VIEWER.every((right) => REVIEWER.includes(right)))
  assert.ok(REVIEWER.every((right) => COAUTHOR.includes(right)))
  assert.ok(COAUTHOR.every((right) => COOWNER.includes(right)))
  assert.deepEqual(AUTHOR, COAUTHOR)
})
