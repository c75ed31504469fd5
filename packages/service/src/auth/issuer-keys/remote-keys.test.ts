import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { exportJWK, type FlattenedJWSInput, type JSONWebKeySet } from 'jose'
import { RightsError } from '@sealward/xrml'
import { createRemoteKeys } from './remote-keys.ts'

const minute = 60_000
const token = {} as FlattenedJWSInput

async function keySet(...names: readonly string[]): Promise<JSONWebKeySet> {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const key = await exportJWK(publicKey)
  return { keys: names.map((kid) => ({ ...key, kid, alg: 'ES256', use: 'sig' })) }
}

/** A provider whose answers the test decides, a clock that it moves, and the number of questions. */
async function provider() {
  const state = { published: await keySet('first'), silent: false, asked: 0, now: Date.parse('2026-05-04T12:00:00Z') }
  const load = async (): Promise<JSONWebKeySet> => {
    state.asked++
    await new Promise((resolve) => setImmediate(resolve))
    if (state.silent) throw new RightsError('identity-provider-unavailable')
    return state.published
  }
  const keyFor = createRemoteKeys(load, { now: () => new Date(state.now) })
  return { state, find: async (kid: string) => keyFor({ alg: 'ES256', kid }, token) }
}

const unknown = { code: 'ERR_JWKS_NO_MATCHING_KEY' }
const unavailable = { code: 'identity-provider-unavailable' }

test('many tokens at once ask the provider once', async () => {
  const { state, find } = await provider()
  await Promise.all(Array.from({ length: 50 }, () => find('first')))
  assert.equal(state.asked, 1)
})

test('keys that nobody knows make no storm of questions, and a new key is found after the pause', async () => {
  const { state, find } = await provider()
  for (let attempt = 0; attempt < 20; attempt++) await assert.rejects(find(`made-up-${attempt}`), unknown)
  assert.equal(state.asked, 1)
  state.published = await keySet('first', 'second')
  state.now += 29_000
  await assert.rejects(find('second'), unknown)
  state.now += 2_000
  await Promise.all([find('second'), find('second'), find('first')])
  assert.equal(state.asked, 2)
})

test('a key that was taken back is refused within ten minutes', async () => {
  const { state, find } = await provider()
  await find('first')
  state.published = await keySet('second')
  state.now += 9 * minute
  await find('first')
  state.now += minute
  await assert.rejects(find('first'), unknown)
  await find('second')
})

test('while the provider is silent its keys count for an hour, and it is asked twice a minute at most', async () => {
  const { state, find } = await provider()
  await find('first')
  state.silent = true
  state.now += 59 * minute
  for (let attempt = 0; attempt < 10; attempt++) await find('first')
  assert.equal(state.asked, 2)
  state.now += 2 * minute
  for (let attempt = 0; attempt < 10; attempt++) await assert.rejects(find('first'), unavailable)
  assert.equal(state.asked, 3)
  state.silent = false
  state.now += minute
  await find('first')
  assert.equal(state.asked, 4)
})

test('a provider that is silent from the start is no refusal of the token', async () => {
  const { state, find } = await provider()
  state.silent = true
  await assert.rejects(find('first'), unavailable)
  await assert.rejects(find('first'), unavailable)
  assert.equal(state.asked, 1)
})

test('a set of thousands of keys is not searched', async () => {
  const { state, find } = await provider()
  state.published = await keySet(...Array.from({ length: 101 }, (_, index) => `key-${index}`))
  await assert.rejects(find('key-1'), unavailable)
})
