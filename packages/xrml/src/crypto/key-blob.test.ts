import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { testKey } from '../keys.fixture.ts'
import { refusal } from '../refusal.fixture.ts'
import { privateKeyBlobSize, readPrivateKeyBlob, writePrivateKeyBlob } from './key-blob.ts'

const { privateKey } = await testKey('blob', 1024)
const blob = writePrivateKeyBlob(privateKey)

/** A copy with a number written into it. */
function edited(change: (copy: Buffer) => unknown): Uint8Array {
  const copy = Buffer.from(blob)
  change(copy)
  return copy
}

test('writes the layout of CryptoAPI', () => {
  assert.equal(blob.length, 596)
  assert.equal(Buffer.from(blob).toString('hex', 0, 20), `0702000000240000525341320004000001000100`)
  assert.equal(Buffer.from(writePrivateKeyBlob(privateKey, 'exchange')).toString('hex', 4, 8), '00a40000')
  const modulus = Buffer.from(privateKey.export({ format: 'jwk' }).n ?? '', 'base64url').reverse()
  assert.ok(Buffer.from(blob.subarray(20, 148)).equals(modulus))
})

test('reads what it writes, for every size and both key specifications', async () => {
  for (const bits of [1024, 2048, 4096]) {
    const key = await testKey('sizes', bits)
    for (const algorithm of ['signature', 'exchange'] as const) {
      const written = writePrivateKeyBlob(key.privateKey, algorithm)
      assert.equal(written.length, privateKeyBlobSize(bits))
      assert.ok(readPrivateKeyBlob(written).equals(key.privateKey))
    }
  }
})

test('reads from the middle of a larger buffer and ignores what follows', () => {
  const framed = Buffer.concat([Buffer.alloc(3), blob, Buffer.alloc(12, 0xff)])
  assert.ok(readPrivateKeyBlob(framed.subarray(3)).equals(privateKey))
})

suite('refuses', () => {
  test('a change of any byte', () => {
    for (let at = 0; at < blob.length; at++) {
      const copy = edited((bytes) => bytes.writeUInt8(bytes.readUInt8(at) ^ 0x01, at))
      assert.throws(() => readPrivateKeyBlob(copy), refusal('key-blob-invalid'), `byte ${at}`)
    }
  })

  test('a blob that is cut anywhere', () => {
    for (let length = 0; length < blob.length; length += 5) {
      assert.throws(() => readPrivateKeyBlob(blob.subarray(0, length)), refusal('key-blob-invalid'))
    }
  })

  const half = 64
  const cases: readonly (readonly [name: string, blob: Uint8Array])[] = [
    ['a public key blob', edited((copy) => copy.writeUInt8(6, 0))],
    ['the magic of public keys', edited((copy) => copy.write('RSA1', 8, 'latin1'))],
    ['an elliptic key', edited((copy) => copy.writeUInt32LE(0x2203, 4))],
    ['exponent 3', edited((copy) => copy.writeUInt32LE(3, 16))],
    ['a size of zero', edited((copy) => copy.writeUInt32LE(0, 12))],
    ['a size of 512', edited((copy) => copy.writeUInt32LE(512, 12))],
    ['a size of 1025', edited((copy) => copy.writeUInt32LE(1025, 12))],
    ['a size beyond the blob', edited((copy) => copy.writeUInt32LE(2048, 12))],
    ['the largest size', edited((copy) => copy.writeUInt32LE(0xffffffff, 12))],
    ['primes of zero', edited((copy) => copy.fill(0, 148, 148 + 2 * half))],
    ['equal primes', edited((copy) => copy.copy(copy, 148 + half, 148, 148 + half))],
    [
      'swapped primes',
      edited((copy) => {
        const p = Buffer.from(copy.subarray(148, 148 + half))
        copy.copy(copy, 148, 148 + half, 148 + 2 * half)
        copy.set(p, 148 + half)
      }),
    ],
    [
      'primes 1 and n',
      edited((copy) => {
        copy.fill(0, 148, 148 + half)
        copy.writeUInt8(1, 148)
      }),
    ],
    ['a private exponent of zero', edited((copy) => copy.fill(0, copy.length - 128))],
    ['all zeros behind the header', edited((copy) => copy.fill(0, 20))],
    ['all ones behind the header', edited((copy) => copy.fill(0xff, 20))],
  ]
  for (const [name, bytes] of cases) {
    test(name, () => assert.throws(() => readPrivateKeyBlob(bytes), refusal('key-blob-invalid')))
  }

  test('the numbers of two keys mixed', async () => {
    const other = writePrivateKeyBlob((await testKey('mixed', 1024)).privateKey)
    for (const [from, to] of [
      [20, 148],
      [148, 212],
      [212, 276],
      [276, 340],
      [340, 404],
      [404, 468],
      [468, 596],
    ] as const) {
      const mixed = edited((copy) => copy.set(other.subarray(from, to), from))
      assert.throws(() => readPrivateKeyBlob(mixed), refusal('key-blob-invalid'))
    }
  })
})
