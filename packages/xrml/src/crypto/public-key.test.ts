import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { suite, test } from 'node:test'
import { parsePublicKey, writePublicKey } from '../elements/public-key.ts'
import { testKey } from '../keys.fixture.ts'
import { refusal } from '../refusal.fixture.ts'
import { readXml } from '../text/reader.ts'
import { modeOfKey, modeOfSealedKey, mode1, mode2 } from './modes.ts'
import { publicKeyFromKeyObject, publicKeyFromModulus, samePublicKey } from './public-key.ts'

const { publicKey } = await testKey('public', 1024)
const written = writePublicKey(publicKey)

test('the modulus is little-endian in XrML and big-endian here', () => {
  const [, base64 = ''] = /size="1024">([^<]*)</.exec(written) ?? []
  assert.ok(Buffer.from(base64, 'base64').reverse().equals(publicKey.modulus))
  assert.ok(samePublicKey(parsePublicKey(readXml(written)), publicKey))
})

test('a key is made once, however often it is read', () => {
  assert.equal(parsePublicKey(readXml(written)).keyObject, parsePublicKey(readXml(written)).keyObject)
  assert.equal(publicKeyFromKeyObject(publicKey.keyObject).fingerprint, publicKey.fingerprint)
  assert.match(publicKey.fingerprint, /^[0-9a-f]{64}$/)
})

test('keys differ by their modulus', async () => {
  assert.equal(samePublicKey(publicKey, (await testKey('another', 1024)).publicKey), false)
  assert.equal(samePublicKey(publicKey, (await testKey('another', 2048)).publicKey), false)
})

test('a very large number of foreign keys is not remembered for ever', () => {
  for (let at = 0; at < 4200; at++) {
    const modulus = Buffer.from(publicKey.modulus)
    modulus.writeUInt32BE(at, 40)
    publicKeyFromModulus(modulus)
  }
  assert.ok(samePublicKey(parsePublicKey(readXml(written)), publicKey))
})

test('modes belong to key sizes and to the types of sealed keys', () => {
  assert.deepEqual([modeOfKey({ bits: 1024 }), modeOfKey({ bits: 2048 })], [mode1, mode2])
  assert.deepEqual([modeOfSealedKey('sealed-key'), modeOfSealedKey('sealed-key-v2')], [mode1, mode2])
  assert.throws(() => modeOfKey({ bits: 4096 }), refusal('cryptographic-mode-mismatch'))
  assert.throws(() => modeOfSealedKey('sealed-key-v3'), refusal('xrml-malformed'))
})

suite('refuses', () => {
  const cases = [
    ['another algorithm', written.replace('>RSA<', '>DSA<'), 'xrml-malformed'],
    ['no modulus', written.replace('"modulus"', '"module"'), 'xrml-malformed'],
    ['no exponent', written.replace('"public-exponent"', '"exponent"'), 'public-key-invalid'],
    ['a third parameter', written.replace('</PUBLICKEY>', '<PARAMETER name="x" /></PUBLICKEY>'), 'xrml-malformed'],
    ['two moduli', written.replace('"public-exponent"', '"modulus"'), 'public-key-invalid'],
    ['a second VALUE', written.replace('65537</VALUE>', '65537</VALUE><VALUE />'), 'xrml-malformed'],
    ['a wrong size', written.replace('size="1024"', 'size="2048"'), 'public-key-invalid'],
    ['a size with blanks', written.replace('size="1024"', 'size="1024 "'), 'public-key-invalid'],
    ['a line end in the modulus', written.replace('size="1024">', 'size="1024">\n'), 'xrml-malformed'],
  ] as const
  for (const [name, text, code] of cases) {
    test(name, () => assert.throws(() => parsePublicKey(readXml(text)), refusal(code)))
  }

  const moduli: readonly (readonly [name: string, modulus: Uint8Array])[] = [
    ['an even modulus', Buffer.concat([publicKey.modulus.subarray(0, 127), Buffer.from([2])])],
    ['a modulus with a leading zero', Buffer.concat([Buffer.alloc(1), publicKey.modulus.subarray(1)])],
    ['a short modulus', Buffer.alloc(64, 0xff)],
    ['a long modulus', Buffer.alloc(1024, 0xff)],
    ['a modulus of an odd size', Buffer.alloc(129, 0xff)],
    ['no modulus', Buffer.alloc(0)],
  ]
  for (const [name, modulus] of moduli) {
    test(name, () => assert.throws(() => publicKeyFromModulus(modulus), refusal('public-key-invalid')))
  }

  test('keys that are not RSA with exponent 65537', () => {
    const elliptic = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).publicKey
    const small = generateKeyPairSync('rsa', { modulusLength: 1024, publicExponent: 3 }).publicKey
    for (const key of [elliptic, small]) {
      assert.throws(() => publicKeyFromKeyObject(key), refusal('public-key-invalid'))
    }
  })
})
