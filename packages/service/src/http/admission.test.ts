import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { test } from 'node:test'
import { createAdmission, createSharedAdmission, type Admission, type Guest } from './admission.ts'
import { defaultHttpLimits } from './limits.ts'

const overloaded = { code: 'service-overloaded' }

const limits = {
  requestsAtOnce: 1,
  requestsWaiting: 4,
  waitingTime: 60_000,
  largeBodiesPerAddress: 1,
}

function guest(requester: string): Guest & { readonly response: EventEmitter } {
  return { requester, response: new EventEmitter() }
}

/** Enters, notes the name when it is let in, and gives the place back when it is told to. */
function arrive(admission: Admission, requester: string, order: string[]): Promise<() => void> {
  return admission.enter(guest(requester)).then((leave) => {
    order.push(requester)
    return leave
  })
}

/** Everybody who has a place gives it back, until nobody waits. */
async function served(guests: readonly Promise<() => void>[]): Promise<readonly PromiseSettledResult<void>[]> {
  return Promise.allSettled(guests.map(async (each) => (await each)()))
}

test('the defaults are those of the threat model', () => {
  assert.equal(defaultHttpLimits.requestsWaiting, 256)
  assert.equal(defaultHttpLimits.requestsAtOnce % 4, 0)
})

test('lets in as many as there are places, has as many wait as there is room, and sends the others away', async () => {
  const admission = createAdmission({ ...limits, requestsAtOnce: 2, requestsWaiting: 2 })
  const order: string[] = []
  const working = [await arrive(admission, 'a', order), await arrive(admission, 'b', order)]
  assert.equal(admission.hasRoom('c'), true)
  const waiting = [arrive(admission, 'c', order), arrive(admission, 'd', order)]
  assert.equal(admission.hasRoom('e'), false)
  await assert.rejects(admission.enter(guest('e')), overloaded)
  assert.deepEqual(order, ['a', 'b'], 'two wait')
  for (const leave of working) leave()
  await served(waiting)
  assert.deepEqual(order, ['a', 'b', 'c', 'd'])
  assert.equal(admission.hasRoom('e'), true)
})

test('requesters take turns, however many of their requests wait', async () => {
  const admission = createAdmission(limits)
  const order: string[] = []
  const leave = await arrive(admission, 'flood', order)
  const waiting = ['flood', 'flood', 'flood', 'other'].map((name) => arrive(admission, name, order))
  leave()
  await served(waiting)
  assert.deepEqual(order, ['flood', 'flood', 'other', 'flood', 'flood'])
})

test('who has most requests waiting makes room for somebody else', async () => {
  const admission = createAdmission(limits)
  const order: string[] = []
  const leave = await arrive(admission, 'flood', order)
  const flood = Array.from({ length: 4 }, () => arrive(admission, 'flood', order))
  assert.equal(admission.hasRoom('flood'), false)
  await assert.rejects(admission.enter(guest('flood')), overloaded)
  assert.equal(admission.hasRoom('other'), true)
  const others = [arrive(admission, 'other', order), arrive(admission, 'third', order)]
  leave()
  const outcomes = (await served([...flood, ...others])).map(({ status }) => status)
  assert.deepEqual(outcomes, ['fulfilled', 'fulfilled', 'rejected', 'rejected', 'fulfilled', 'fulfilled'])
  await assert.rejects(flood[3] ?? Promise.resolve(), overloaded)
  assert.deepEqual(order, ['flood', 'flood', 'other', 'third', 'flood'])
})

test('who has gone leaves the queue, and is never let in', async () => {
  const admission = createAdmission(limits)
  const order: string[] = []
  const leave = await arrive(admission, 'a', order)
  const gone = guest('b')
  const waiting = admission.enter(gone)
  const next = arrive(admission, 'c', order)
  gone.response.emit('close')
  await assert.rejects(waiting, overloaded)
  leave()
  await served([next])
  assert.deepEqual(order, ['a', 'c'])
  // What closes while it is answered keeps its place until it gives it back.
  const answered = guest('d')
  const place = await admission.enter(answered)
  assert.equal(answered.response.listenerCount('close'), 0)
  const last = guest('e')
  const behind = admission.enter(last)
  place()
  ;(await behind)()
  assert.equal(last.response.listenerCount('close'), 0)
})

test('nobody waits longer than the time for it', async () => {
  const admission = createAdmission({ ...limits, waitingTime: 1 })
  const leave = await admission.enter(guest('a'))
  await assert.rejects(admission.enter(guest('b')), overloaded)
  leave()
  ;(await admission.enter(guest('c')))()
})

test('one address sends few large bodies at once', () => {
  const admission = createAdmission({ ...limits, largeBodiesPerAddress: 2 })
  const received = admission.receive('192.0.2.1')
  admission.receive('192.0.2.1')
  assert.throws(() => admission.receive('192.0.2.1'), overloaded)
  admission.receive('192.0.2.2')
  received()
  admission.receive('192.0.2.1')
})

test('a service whose requests stay takes nothing from the places and the room that are kept for another one', async () => {
  const of = createSharedAdmission({ ...limits, requestsAtOnce: 8, requestsWaiting: 4 }, 2)
  const [slow, other] = [of(), of()]
  const order: string[] = []
  // Two of its own, and the four for everybody.
  const places = await Promise.all(Array.from({ length: 6 }, () => slow.enter(guest('slow'))))
  // One of its own, and the two for everybody.
  const waiting = Array.from({ length: 3 }, () => arrive(slow, 'slow', order))
  await assert.rejects(slow.enter(guest('slow')), overloaded)
  const leave = await other.enter(guest('other'))
  await other.enter(guest('other'))
  const behind = arrive(other, 'other', order)
  await assert.rejects(other.enter(guest('other')), overloaded)
  // A place that is kept for one is not given to another.
  leave()
  ;(await behind)()
  assert.deepEqual(order, ['other'])
  for (const place of places) place()
  await served(waiting)
  assert.deepEqual(order, ['other', 'slow', 'slow', 'slow'])
})

test('services take turns at the places that are for everybody', async () => {
  const of = createSharedAdmission({ ...limits, requestsAtOnce: 1, requestsWaiting: 8 }, 2)
  const [one, other] = [of(), of()]
  const order: string[] = []
  const leave = await arrive(one, 'one', order)
  const waiting = [
    arrive(one, 'one', order),
    arrive(one, 'one', order),
    arrive(one, 'one', order),
    arrive(other, 'other', order),
  ]
  leave()
  await served(waiting)
  assert.deepEqual(order, ['one', 'one', 'other', 'one', 'one'])
})

test('large bodies of one address count together, whichever service they are for', () => {
  const of = createSharedAdmission({ ...limits, requestsAtOnce: 8 }, 2)
  const [one, other] = [of(), of()]
  const received = one.receive('192.0.2.1')
  assert.throws(() => other.receive('192.0.2.1'), overloaded)
  received()
  other.receive('192.0.2.1')
})
