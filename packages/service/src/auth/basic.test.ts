import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Directory } from '../core/ports.ts'
import { createBasicAuthentication } from './basic.ts'
import { createPasswordCheck } from './password-check.ts'
import { alice, alicePassword, peopleDirectory } from './test-people.ts'

function authentication(changes: Partial<Directory> = {}, clock = { now: () => new Date('2026-05-04T12:00:00Z') }) {
  const passwords = createPasswordCheck({ directory: { ...peopleDirectory(), ...changes }, clock })
  return createBasicAuthentication({ passwords, realm: 'Sealward' })
}

function credentials(user: string, password: string, encoding: BufferEncoding = 'utf8'): string {
  return Buffer.from(`${user}:${password}`, encoding).toString('base64')
}

const from = { remoteAddress: '192.0.2.1' }
const good = { ...from, credentials: credentials(alice.address, alicePassword) }
const wrong = { ...from, credentials: credentials(alice.address, 'wrong') }

test('accepts the right password, in UTF-8 and in Latin-1', async () => {
  const basic = authentication()
  assert.deepEqual(await basic.authenticate(good), { user: alice, authentication: 'basic' })
  const latin = { ...from, credentials: credentials(alice.address, alicePassword, 'latin1') }
  assert.equal((await basic.authenticate(latin)).user, alice)
  assert.equal(basic.challenge, 'Basic realm="Sealward", charset="UTF-8"')
})

const refusals: Readonly<Record<string, string>> = {
  'a wrong password': wrong.credentials,
  'an unknown user': credentials('nobody@lakeside.example', alicePassword),
  'a disabled user': credentials('dora@lakeside.example', alicePassword),
  'an empty password': credentials(alice.address, ''),
  'an empty user': credentials('', alicePassword),
  'no colon': Buffer.from(alice.address).toString('base64'),
  'what is not base64': `${good.credentials}!`,
  'what is too long': credentials(alice.address, 'x'.repeat(4000)),
}

for (const [name, value] of Object.entries(refusals)) {
  test(`refuses ${name}`, async () => {
    await assert.rejects(authentication().authenticate({ ...from, credentials: value }), {
      code: 'credentials-refused',
    })
  })
}

test('after twenty failures an address gets one try per second, for ten minutes', async () => {
  let now = Date.parse('2026-05-04T12:00:00Z')
  const basic = authentication({}, { now: () => new Date(now) })
  for (let failure = 0; failure < 20; failure++) {
    await assert.rejects(basic.authenticate(wrong), { code: 'credentials-refused' })
  }
  await assert.rejects(basic.authenticate(good), { code: 'authentication-throttled' })
  assert.equal((await basic.authenticate({ ...good, remoteAddress: '192.0.2.2' })).user, alice)
  now += 1000
  assert.equal((await basic.authenticate(good)).user, alice)
  await assert.rejects(basic.authenticate(good), { code: 'authentication-throttled' })
  now += 10 * 60_000
  assert.equal((await basic.authenticate(good)).user, alice)
  assert.equal((await basic.authenticate(good)).user, alice)
})

test('an account is slowed down wherever the tries come from, but never shut out', async () => {
  let now = Date.parse('2026-05-04T12:00:00Z')
  const basic = authentication({}, { now: () => new Date(now) })
  for (let failure = 0; failure < 100; failure++) {
    const remoteAddress = `198.51.100.${failure}`
    await assert.rejects(basic.authenticate({ ...wrong, remoteAddress }), { code: 'credentials-refused' })
  }
  await assert.rejects(basic.authenticate(good), { code: 'authentication-throttled' })
  now += 1000
  assert.equal((await basic.authenticate(good)).user, alice)
})

test('password checks do not pile up', async () => {
  const checks: (() => void)[] = []
  const held = (): Promise<undefined> => new Promise((resolve) => void checks.push(() => resolve(undefined)))
  const basic = authentication({ verifyPassword: held })
  const waiting = Array.from({ length: 16 }, () => basic.authenticate(good).catch((error: unknown) => error))
  await assert.rejects(basic.authenticate(good), { code: 'service-overloaded' })
  for (const finish of checks) finish()
  assert.equal((await Promise.all(waiting)).length, 16)
})

test('an outage of the directory is no wrong password', async () => {
  const outage = new Error('directory down')
  const basic = authentication({ verifyPassword: () => Promise.reject(outage) })
  for (let attempt = 0; attempt < 30; attempt++) await assert.rejects(basic.authenticate(good), outage)
})
