import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createAdmission } from './admission.ts'

const overloaded = { code: 'service-overloaded' }

test('lets in as many as there are places', () => {
  const admission = createAdmission({ requestsAtOnce: 2, largeBodiesPerAddress: 1 })
  const leave = admission.enter()
  admission.enter()
  assert.throws(() => admission.enter(), overloaded)
  leave()
  admission.enter()
})

test('one address sends few large bodies at once', () => {
  const admission = createAdmission({ requestsAtOnce: 64, largeBodiesPerAddress: 2 })
  const received = admission.receive('192.0.2.1')
  admission.receive('192.0.2.1')
  assert.throws(() => admission.receive('192.0.2.1'), overloaded)
  admission.receive('192.0.2.2')
  received()
  admission.receive('192.0.2.1')
})
