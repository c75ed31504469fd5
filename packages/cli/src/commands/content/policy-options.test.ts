import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRightsError } from '@sealward/xrml'
import { parseGrant } from './policy-options.ts'

test('a grant names an address and rights or roles', () => {
  assert.deepEqual(parseGrant('bob@lakeside.example=VIEW,print'), {
    to: 'bob@lakeside.example',
    rights: ['VIEW', 'PRINT'],
  })
  assert.deepEqual(parseGrant('ANYONE=viewer').rights, ['VIEW', 'VIEWRIGHTSDATA', 'OBJMODEL'])
  assert.ok(parseGrant('a=b@lakeside.example=co-owner').rights.includes('OWNER'))
  assert.equal(parseGrant('a=b@lakeside.example=view').to, 'a=b@lakeside.example')
})

test('a grant that could mean something else is refused', () => {
  for (const text of [
    'bob@lakeside.example',
    '=VIEW',
    'bob@lakeside.example=',
    'bob@lakeside.example=VEIW',
    'b=VIEW,',
  ]) {
    assert.throws(
      () => parseGrant(text),
      (error) => isRightsError(error, 'option-invalid'),
      text,
    )
  }
})
