import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsePolicy, parseXrml, writeRightsData } from '@sealward/xrml'
import { whoMayOpen } from './who-may-open.ts'

const owner = { idType: 'Unspecified', id: '', address: 'Anna@lakeside.example' }

function policyOf(grants: Parameters<typeof writeRightsData>[0]['grants']) {
  const text = writeRightsData({ names: [], grants, issuedAt: new Date(), contentId: '{0}', owner })
  return parsePolicy(parseXrml(text))
}

test('names people once, in order, with their rights in order', () => {
  const policy = policyOf([
    { to: 'staff@lakeside.example', rights: ['VIEW', 'EDIT'] },
    { to: 'Bob@lakeside.example', rights: ['VIEW'] },
    { to: 'staff@lakeside.example', rights: ['VIEW', 'PRINT'] },
  ])
  assert.deepEqual(whoMayOpen(policy, owner.address, []), [
    { principal: 'anna@lakeside.example', rights: ['OWNER'] },
    { principal: 'bob@lakeside.example', rights: ['VIEW'] },
    { principal: 'staff@lakeside.example', rights: ['EDIT', 'PRINT', 'VIEW'] },
  ])
})

test('everybody, the owner by role, and the issuer are named as what they are', () => {
  const policy = policyOf([
    { to: 'ANYONE', rights: ['VIEW'] },
    { to: 'OWNER', rights: ['OWNER'] },
  ])
  assert.deepEqual(whoMayOpen(policy, owner.address, ['service@lakeside.example']), [
    { principal: 'ANYONE', rights: ['VIEW'] },
    { principal: 'anna@lakeside.example', rights: ['OWNER'] },
    { principal: 'service@lakeside.example', rights: ['OWNER'] },
  ])
})
