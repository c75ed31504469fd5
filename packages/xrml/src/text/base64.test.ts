import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { refusal } from '../refusal.fixture.ts'
import { decodeBase64, encodeBase64 } from './base64.ts'

test('any bytes have one spelling, also when they lie inside a larger buffer', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const framed = new Uint8Array(bytes.length + 5)
      framed.set(bytes, 3)
      const view = framed.subarray(3, 3 + bytes.length)
      assert.equal(encodeBase64(view), encodeBase64(bytes))
      assert.deepEqual([...decodeBase64(encodeBase64(view), 'value')], [...bytes])
    }),
  )
})

test('refuses every other spelling of the same bytes', () => {
  assert.deepEqual([...decodeBase64('AQI=', 'value')], [1, 2])
  for (const text of [
    'AQI',
    'AQJ=',
    'AQI==',
    'AQI=\n',
    ' AQI=',
    'A QI=',
    'AQI=AQI=',
    'AQI-',
    '_w==',
    '/x==',
    'AQI=x',
    'AQ\nI=',
    '=',
    'é',
  ]) {
    assert.throws(() => decodeBase64(text, 'value'), refusal('xrml-malformed'), text)
  }
})
