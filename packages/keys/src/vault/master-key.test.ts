import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { suite, test } from 'node:test'
import {
  masterKeyFromFile,
  masterKeyFromPassphrase,
  newMasterKeyFile,
  newScryptParameters,
  type MasterKey,
  type ScryptParameters,
} from './master-key.ts'

const exported = (key: MasterKey) => key.secret.export().toString('hex')
const refusal = { code: 'master-key-refused' }

suite('a master key file', () => {
  const bytes = Buffer.from('8f'.repeat(8) + '00ff'.repeat(12), 'hex')

  test('holds 32 bytes raw, in hexadecimal or in base64, with or without a line end', () => {
    const forms = [bytes, bytes.toString('hex'), bytes.toString('hex').toUpperCase(), bytes.toString('base64')]
    for (const form of forms) assert.equal(exported(masterKeyFromFile(Buffer.from(form))), bytes.toString('hex'))
    for (const form of [bytes.toString('hex'), bytes.toString('base64')]) {
      assert.equal(exported(masterKeyFromFile(Buffer.from(`${form}\n`))), bytes.toString('hex'))
      assert.equal(exported(masterKeyFromFile(Buffer.from(`${form}\r\n`))), bytes.toString('hex'))
    }
  })

  test('of a new installation can be read', () => {
    const file = newMasterKeyFile(randomBytes)
    assert.match(Buffer.from(file).toString(), /^[0-9a-f]{64}\n$/)
    assert(masterKeyFromFile(file))
  })

  test('with anything else is refused', () => {
    const wrong = [
      '',
      'password',
      'thirty-two characters that I typ',
      bytes.toString('hex').slice(2),
      `${bytes.toString('hex')}00`,
      bytes.toString('base64url'),
      ` ${bytes.toString('base64')}`,
      'g'.repeat(64),
      '0'.repeat(64),
    ]
    for (const text of wrong) assert.throws(() => masterKeyFromFile(Buffer.from(text)), refusal, text)
    for (const length of [16, 31, 33, 64, 1_000_000]) {
      assert.throws(() => masterKeyFromFile(Buffer.alloc(length, 0x80)), refusal)
    }
    assert.throws(() => masterKeyFromFile(new Uint8Array(32)), refusal)
  })

  test('is not printed', () => {
    const key = masterKeyFromFile(bytes)
    assert.doesNotMatch(JSON.stringify(key), /8f8f|143/)
  })
})

suite('a passphrase', () => {
  const parameters: ScryptParameters = { cost: 2 ** 15, blockSize: 8, parallelization: 1, salt: Buffer.alloc(16, 7) }
  const passphrase = 'a mountain lak\u00e9'

  test('gives the same key with the same parameters, however its accents were typed', async () => {
    const key = await masterKeyFromPassphrase(passphrase, parameters)
    assert.equal(exported(await masterKeyFromPassphrase('a mountain lake\u0301', parameters)), exported(key))
  })

  test('gives another key with another salt or passphrase', async () => {
    const key = exported(await masterKeyFromPassphrase(passphrase, parameters))
    const salt = Buffer.alloc(16, 8)
    assert.notEqual(exported(await masterKeyFromPassphrase(passphrase, { ...parameters, salt })), key)
    assert.notEqual(exported(await masterKeyFromPassphrase(`${passphrase}!`, parameters)), key)
  })

  test('that is short, or parameters that were weakened or blown up, are refused', async () => {
    await assert.rejects(masterKeyFromPassphrase('short', parameters), refusal)
    const wrong: readonly Partial<ScryptParameters>[] = [
      { cost: 2 ** 14 },
      { cost: 2 ** 21 },
      { cost: 40_000 },
      { cost: Number.NaN },
      { blockSize: 1 },
      { parallelization: 0 },
      { parallelization: 1000 },
      { parallelization: 1.5 },
      { salt: new Uint8Array(8) },
      { salt: new Uint8Array(1000) },
    ]
    for (const change of wrong)
      await assert.rejects(masterKeyFromPassphrase(passphrase, { ...parameters, ...change }), refusal)
  })

  test('has fresh parameters within the bounds', async () => {
    const fresh = newScryptParameters(randomBytes)
    assert.notDeepEqual(newScryptParameters(randomBytes).salt, fresh.salt)
    assert(await masterKeyFromPassphrase(passphrase, fresh))
  })
})
