import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRightsError, parsePolicy, parseXrml, writeRightsData, type RightsPolicy } from '@sealward/xrml'
import { replacementPolicies } from './replacement-policies.ts'

const old = '11111111-1111-4111-8111-111111111111'
const kept = '22222222-2222-4222-8222-222222222222'
const fresh = '33333333-3333-4333-8333-333333333333'
const table = { templates: [`{${kept.toUpperCase()}}`, fresh], mapping: { [`{${old}}`]: fresh } }
const document = { path: 'a', owner: 'anna@lakeside.example', policyId: undefined, policy: undefined }

function customPolicy(grants: Parameters<typeof writeRightsData>[0]['grants']): RightsPolicy {
  const owner = { idType: 'Windows', id: '', address: document.owner }
  return parsePolicy(parseXrml(writeRightsData({ names: [], grants, issuedAt: new Date(), contentId: '{0}', owner })))
}

test('the table comes first, then the same identifier', () => {
  const replacement = replacementPolicies(table)
  assert.deepEqual(replacement({ ...document, policyId: old }), { templateId: `{${fresh}}` })
  assert.deepEqual(replacement({ ...document, policyId: kept }), { templateId: `{${kept}}` })
  assert.throws(
    () => replacement({ ...document, policyId: '44444444-4444-4444-8444-444444444444' }),
    (error) => isRightsError(error, 'template-not-mapped'),
  )
})

test('grants of a custom policy are written again without those of the owner', () => {
  const policy = customPolicy([
    { to: 'OWNER', rights: ['OWNER'] },
    { to: 'bob@lakeside.example', rights: ['VIEW', 'EDIT'] },
    { to: 'ANYONE', rights: ['VIEW'] },
  ])
  assert.deepEqual(replacementPolicies(table)({ ...document, policy }), {
    grants: [
      { to: 'bob@lakeside.example', rights: ['VIEW', 'EDIT'] },
      { to: 'ANYONE', rights: ['VIEW'] },
    ],
  })
  assert.deepEqual(replacementPolicies({ ...table, custom: kept })({ ...document, policy }), {
    templateId: `{${kept}}`,
  })
})

test('without a key a custom policy is not known; a target that is not offered is refused at once', () => {
  assert.throws(
    () => replacementPolicies(table)(document),
    (error) => isRightsError(error, 'template-not-mapped'),
  )
  assert.throws(
    () => replacementPolicies({ ...table, custom: old }),
    (error) => isRightsError(error, 'template-unknown'),
  )
})
