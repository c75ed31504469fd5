import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createReplays } from './replays.ts'

const ticket = Buffer.from('an authenticator')
const again = { code: 'credentials-refused', message: /used before/ }

test('an authenticator counts once, as long as it could be valid', () => {
  let now = Date.parse('2026-05-04T12:00:00Z')
  const replays = createReplays({ now: () => new Date(now) })
  replays.use(ticket)
  assert.throws(() => replays.use(Buffer.from(ticket)), again)
  now += 10 * 60_000
  assert.throws(() => replays.use(ticket), again)
  replays.use(Buffer.from('another one'))
  now += 60_000
  replays.use(ticket)
})

test('what proved nothing may come again', () => {
  const replays = createReplays({ now: () => new Date(0) })
  replays.use(ticket)()
  replays.use(ticket)
})

test('more than can be remembered is sent away, nothing is forgotten', () => {
  const replays = createReplays({ now: () => new Date(0) })
  for (let count = 0; count < 100_000; count++) replays.use(Buffer.from(String(count)))
  assert.throws(() => replays.use(ticket), { code: 'service-overloaded' })
  assert.throws(() => replays.use(Buffer.from('0')), again)
})
