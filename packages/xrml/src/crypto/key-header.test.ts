import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import * as fc from 'fast-check'
import { isRightsError } from '../errors/rights-error.ts'
import { refusal } from '../refusal.fixture.ts'
import { cipherModeNumbers, keyHeaderFields, readContentKey, writeContentKey, type CipherMode } from './key-header.ts'

const key = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex')

const headerOf = (mode: CipherMode, bytes: Uint8Array): string =>
  Buffer.from(writeContentKey(mode, bytes).payload).toString('hex', 0, 12)

test('writes the header byte for byte', () => {
  assert.equal(headerOf('ecb', key), '1c00ffff1000100001100000')
  assert.equal(headerOf('cbc4k-nopad', key), '1c00feff1000100001200000')
  assert.equal(headerOf('cbc4k', Buffer.alloc(32)), '2c00fdff2000100001200000')
  assert.equal(headerOf('cbc512-nopad', key), '1c00fcff1000100001200000')
})

test('reads what it writes, in every mode and key size', () => {
  for (const mode of Object.keys(cipherModeNumbers) as CipherMode[]) {
    for (const bytes of [16, 24, 32]) {
      const written = writeContentKey(mode, Buffer.alloc(bytes, 7))
      const read = readContentKey(written.payload)
      assert.equal(read.mode, mode)
      assert.deepEqual([...read.key], [...written.key])
      assert.deepEqual([...read.payload], [...written.payload])
    }
  }
})

test('reads the key size in bytes and in bits, ignores the flags and what follows, and keeps the header as it is', () => {
  const payload = Buffer.concat([Buffer.from('1c00ffff80001000efbeadde', 'hex'), key, Buffer.from('rest')])
  const read = readContentKey(payload)
  assert.equal(read.mode, 'ecb')
  assert.deepEqual([...read.key], [...key])
  assert.deepEqual([...read.payload], [...payload.subarray(0, 28)])
  assert.deepEqual(keyHeaderFields(payload), {
    blobSize: 28,
    reserved: 0xffff,
    keySize: 128,
    blockSize: 16,
    flags: 0xdeadbeef,
  })
})

test('reads from the middle of a larger buffer', () => {
  const framed = Buffer.concat([Buffer.alloc(5, 9), writeContentKey('cbc4k', key).payload])
  assert.deepEqual([...readContentKey(framed.subarray(5)).key], [...key])
})

const header = (hex: string, bytes: number): Uint8Array => Buffer.concat([Buffer.from(hex, 'hex'), Buffer.alloc(bytes)])

suite('refuses', () => {
  const cases = [
    ['a DES key', header('1400ffff0800080001400000', 8), 'symmetric-key-unsupported'],
    ['a DES key that claims the block of AES', header('1400ffff0800100001400000', 8), 'symmetric-key-unsupported'],
    ['a triple DES key', header('2400ffff1800080001400000', 24), 'symmetric-key-unsupported'],
    ['an unknown cipher mode', header('1c00fbff1000100001100000', 16), 'symmetric-key-unsupported'],
    ['a key of 20 bytes', header('2000ffff1400100001100000', 20), 'symmetric-key-unsupported'],
    ['a key size that belongs to another key', header('1c00ffff2000100001100000', 16), 'sealed-data-invalid'],
    ['a size beyond the data', header('2c00ffff2000100001100000', 31), 'sealed-data-invalid'],
    ['a size below the header', header('0b00ffff1000100001100000', 16), 'sealed-data-invalid'],
    ['a size of zero', header('0000ffff1000100001100000', 16), 'sealed-data-invalid'],
    ['half a header', header('1c00ffff1000', 0), 'sealed-data-invalid'],
    ['nothing', header('', 0), 'sealed-data-invalid'],
  ] as const
  for (const [name, payload, code] of cases) {
    test(name, () => assert.throws(() => readContentKey(payload), refusal(code)))
  }

  test('any bytes with its own error, or reads a key that lies inside them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        try {
          assert.ok(readContentKey(bytes).payload.length <= bytes.length)
        } catch (error) {
          assert.ok(isRightsError(error), String(error))
        }
      }),
    )
  })
})
