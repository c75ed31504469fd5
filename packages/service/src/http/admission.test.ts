import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createAdmission, createSharedAdmission } from './admission.ts'

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

test('a service whose requests stay takes nothing from the places that are kept for another one', () => {
  const of = createSharedAdmission({ requestsAtOnce: 8, largeBodiesPerAddress: 1 }, 2)
  const [slow, other] = [of(), of()]
  // Two of its own, and the four for everybody.
  const places = Array.from({ length: 6 }, () => slow.enter())
  assert.throws(() => slow.enter(), overloaded)
  const leave = other.enter()
  other.enter()
  assert.throws(() => other.enter(), overloaded)
  leave()
  other.enter()
  for (const place of places) place()
  for (let count = 0; count < 4; count++) other.enter()
  assert.throws(() => other.enter(), overloaded)
  slow.enter()
  slow.enter()
  assert.throws(() => slow.enter(), overloaded)
})

test('large bodies of one address count together, whichever service they are for', () => {
  const of = createSharedAdmission({ requestsAtOnce: 8, largeBodiesPerAddress: 1 }, 2)
  const [one, other] = [of(), of()]
  const received = one.receive('192.0.2.1')
  assert.throws(() => other.receive('192.0.2.1'), overloaded)
  received()
  other.receive('192.0.2.1')
})
