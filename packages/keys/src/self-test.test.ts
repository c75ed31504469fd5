import assert from 'node:assert/strict'
import { constants, privateDecrypt, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { assertImplicitRejection, type DecryptPkcs1 } from './self-test.ts'

const runtime: DecryptPkcs1 = (key, ciphertext) =>
  privateDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, ciphertext)

/** Decryption as it was before implicit rejection: it reports wrong padding. */
const revealing: DecryptPkcs1 = (key, ciphertext) => {
  const block = privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, ciphertext)
  const end = block.indexOf(0, 2)
  if (block[0] !== 0 || block[1] !== 2 || end < 10) throw new Error('padding check failed')
  return block.subarray(end + 1)
}

const varying: DecryptPkcs1 = (key, ciphertext) => {
  try {
    return revealing(key, ciphertext)
  } catch {
    return randomBytes(44)
  }
}

const careless: DecryptPkcs1 = (key, data) => {
  return privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, data).subarray(-44)
}

test('the runtime has implicit rejection', () => assertImplicitRejection())

test('a runtime that reports wrong padding is refused', () => {
  assert.throws(() => assertImplicitRejection(revealing), { code: 'runtime-unsafe' })
})

test('a runtime that answers differently each time is refused', () => {
  assert.throws(() => assertImplicitRejection(varying), { code: 'runtime-unsafe' })
})

test('a runtime that does not decrypt or accepts everything is refused', () => {
  assert.throws(() => assertImplicitRejection((key, data) => runtime(key, data).subarray(1)), {
    code: 'runtime-unsafe',
  })
  assert.throws(() => assertImplicitRejection(careless), { code: 'runtime-unsafe' })
})
