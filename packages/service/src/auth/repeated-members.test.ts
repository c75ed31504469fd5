import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hasRepeatedMember } from './repeated-members.ts'

const repeated = [
  '{"a":1,"a":1}',
  '{"a":1,"b":2,"\\u0061":3}',
  '{"a":{"b":1,"b":2}}',
  '[{},{"a":[],"a":{}}]',
  '{"":1,"":2}',
  '{"a\\"b":1,"a\\"b":2}',
]

const unique = [
  '{}',
  '"a"',
  '{"a":{"a":{"a":1}}}',
  '[{"a":1},{"a":2}]',
  '{"a":"\\"a\\":1,\\"a\\":","b":"}{"}',
  '{"a":["a","a"],"A":1}',
]

for (const json of repeated) test(`finds the repetition in ${json}`, () => assert.equal(hasRepeatedMember(json), true))
for (const json of unique) test(`finds none in ${json}`, () => assert.equal(hasRepeatedMember(json), false))
