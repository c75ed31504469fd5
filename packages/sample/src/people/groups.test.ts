import assert from 'node:assert/strict'
import { test } from 'node:test'
import { groupsOf, sampleGroups } from './groups.ts'
import { addressesOf, samplePeople, samplePerson } from './people.ts'

test('finds groups through nesting and through the pair that contains each other', () => {
  const groups = groupsOf(samplePerson('ines.duarte@lakeside.example'))
  assert.deepEqual([...groups].sort(), [
    'all-staff@lakeside.example',
    'engineering-leads@lakeside.example',
    'engineering@lakeside.example',
    'everyone@lakeside.example',
    'project-heron@lakeside.example',
  ])
})

test('partners belong to no group', () => {
  assert.equal(groupsOf(samplePerson('nina.brandt@riverbank.example')).size, 0)
})

test('every member exists and every address and security identifier is used once', () => {
  const addresses = [...samplePeople.flatMap(addressesOf), ...sampleGroups.flatMap((g) => [g.address, ...g.aliases])]
  assert.equal(new Set(addresses).size, addresses.length)
  assert.equal(new Set(samplePeople.flatMap((p) => [p.sid, ...p.sidHistory])).size, samplePeople.length + 1)
  const known = new Set(addresses)
  for (const member of sampleGroups.flatMap(({ members }) => members)) assert.ok(known.has(member), member)
})
