import assert from 'node:assert/strict'
import { createCipheriv, randomBytes } from 'node:crypto'
import { suite, test } from 'node:test'
import * as fc from 'fast-check'
import { refusal } from '../refusal.fixture.ts'
import { decryptRightsData, encryptRightsData } from './rights-data.ts'

const key = randomBytes(16)

function ecb(plain: Uint8Array, under = key): Uint8Array {
  const cipher = createCipheriv(`aes-${under.length * 8}-ecb`, under, null).setAutoPadding(false)
  return Buffer.concat([cipher.update(plain), cipher.final()])
}

test('is UTF-16LE under ECB, not extended when it fills its blocks, else filled with zeros', () => {
  const whole = '<XrML />'
  assert.ok(Buffer.from(encryptRightsData(whole, key)).equals(Buffer.from(ecb(Buffer.from(whole, 'utf16le')))))
  const part = '<XrML  />'
  const filled = Buffer.concat([Buffer.from(part, 'utf16le'), Buffer.alloc(14)])
  assert.ok(Buffer.from(encryptRightsData(part, key)).equals(Buffer.from(ecb(filled))))
})

test('any text that begins with markup comes back, under keys of every size', () => {
  const text = fc.string({ unit: 'grapheme' }).map((value) => `<${value.replaceAll('\0', '')}>`)
  fc.assert(
    fc.property(text, fc.constantFrom(16, 24, 32), (value, size) => {
      const other = randomBytes(size)
      assert.equal(decryptRightsData(encryptRightsData(value, other), other), value)
    }),
  )
})

suite('refuses', () => {
  const cases: readonly (readonly [name: string, data: Uint8Array])[] = [
    ['nothing', Buffer.alloc(0)],
    ['a broken block', encryptRightsData('<XrML />', key).subarray(1)],
    ['zeros only', ecb(Buffer.alloc(32))],
    ['UTF-8', ecb(Buffer.from('<XrML></XrML>   '))],
    ['a BOM', ecb(Buffer.from('\uFEFF<XrML  ', 'utf16le').subarray(0, 16))],
    ['text that is no markup', ecb(Buffer.from('rights, ', 'utf16le'))],
    ['another key', encryptRightsData('<XrML />', Buffer.alloc(16, 1))],
  ]
  for (const [name, data] of cases) {
    test(name, () => assert.throws(() => decryptRightsData(data, key), refusal('rights-data-invalid')))
  }
})
