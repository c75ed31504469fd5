import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Adapter, AdapterFactory } from 'oidc-provider'
import { createBoundedAdapter } from './bounded-adapter.ts'

function adapterFor(kinds: AdapterFactory, kind: string): Adapter {
  return kinds(kind)
}

test('memory is bounded: what is older goes first', async () => {
  const sessions = adapterFor(createBoundedAdapter(), 'Session')
  for (let index = 0; index <= 5_000; index++) await sessions.upsert(`id-${index}`, { uid: `uid-${index}` }, 60)
  assert.equal(await sessions.find('id-0'), undefined)
  assert.equal((await sessions.find('id-5000'))?.uid, 'uid-5000')
  assert.equal((await sessions.findByUid('uid-4999'))?.uid, 'uid-4999')
})

test('kinds are apart, codes are used once, and a grant takes everything of its own with it', async () => {
  const kinds = createBoundedAdapter()
  const [codes, renewals] = [adapterFor(kinds, 'AuthorizationCode'), adapterFor(kinds, 'RefreshToken')]
  await codes.upsert('one', { grantId: 'g', userCode: 'ABCD' }, 60)
  await renewals.upsert('two', { grantId: 'g' }, 60)
  await renewals.upsert('three', { grantId: 'other' }, 60)
  assert.equal(await renewals.find('one'), undefined)
  assert.equal((await codes.findByUserCode('ABCD'))?.grantId, 'g')
  assert.equal(await renewals.findByUserCode('ABCD'), undefined)
  await codes.consume('one')
  assert.equal(typeof (await codes.find('one'))?.['consumed'], 'number')
  await renewals.revokeByGrantId('g')
  assert.deepEqual([await codes.find('one'), await renewals.find('two')], [undefined, undefined])
  assert.equal((await renewals.find('three'))?.grantId, 'other')
  await renewals.destroy('three')
  assert.equal(await renewals.find('three'), undefined)
})
