import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { RightsError } from '@sealward/xrml'
import { masterKeyFromFile } from './master-key.ts'
import { openSecret, sealSecret, type SealContext } from './sealed-record.ts'

const masterKey = masterKeyFromFile(randomBytes(32))
const context: SealContext = { tenant: 'lakeside', table: 'key', id: 'k1', purpose: 'rsa-private-key', version: 3 }
const secret = randomBytes(80)
const sealed = sealSecret(masterKey, context, secret)

function refuses(where: SealContext, record: Uint8Array, key = masterKey): void {
  assert.throws(
    () => openSecret(key, where, record),
    (error) =>
      error instanceof RightsError &&
      error.code === 'sealed-record-invalid' &&
      error.detail === undefined &&
      error.cause === undefined,
  )
}

test('every secret comes back in the place where it was sealed, and nowhere else', () => {
  const text = fc.string({ maxLength: 12 })
  const place = fc.record({ tenant: text, table: text, id: text, purpose: text, version: fc.nat() })
  fc.assert(
    fc.property(place, place, fc.uint8Array({ maxLength: 100 }), (here, there, value) => {
      const record = sealSecret(masterKey, here, value)
      assert.deepEqual(Buffer.from(openSecret(masterKey, here, record)), Buffer.from(value))
      assert.equal(record.length, 1 + 12 + value.length + 16)
      const same = (Object.keys(here) as (keyof SealContext)[]).every((name) => here[name] === there[name])
      if (!same) refuses(there, record)
    }),
    { numRuns: 200 },
  )
})

test('a record moved to another tenant, table, row, purpose or version is refused', () => {
  refuses({ ...context, tenant: 'hillside' }, sealed)
  refuses({ ...context, table: 'session' }, sealed)
  refuses({ ...context, id: 'k2' }, sealed)
  refuses({ ...context, purpose: 'session-secret' }, sealed)
  for (const version of [2, -1, 3.5, Number.NaN, 2 ** 60]) refuses({ ...context, version }, sealed)
  refuses(context, sealed, masterKeyFromFile(randomBytes(32)))
})

test('names that run into each other stay apart', () => {
  const record = sealSecret(masterKey, { ...context, tenant: 'ab', table: 'c' }, secret)
  refuses({ ...context, tenant: 'a', table: 'bc' }, record)
  refuses({ ...context, tenant: 'abc', table: '' }, record)
})

test('a record with any byte changed or missing is refused', () => {
  for (let at = 0; at < sealed.length; at++) {
    const changed = Buffer.from(sealed)
    changed[at] = (changed[at] ?? 0) ^ 1
    refuses(context, changed)
    refuses(context, sealed.subarray(0, at))
  }
})

test('the same secret is never sealed to the same bytes', () => {
  const records = Array.from({ length: 50 }, () => Buffer.from(sealSecret(masterKey, context, secret)).toString('hex'))
  assert.equal(new Set(records).size, records.length)
})
