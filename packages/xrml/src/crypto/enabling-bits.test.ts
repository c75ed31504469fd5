import assert from 'node:assert/strict'
import { constants, createCipheriv, createHash, publicEncrypt, randomBytes } from 'node:crypto'
import { suite, test } from 'node:test'
import { random } from '../hierarchy.fixture.ts'
import { testKey, type TestKey } from '../keys.fixture.ts'
import { refusal } from '../refusal.fixture.ts'
import { sealEnablingBits, sealIsBoundTo, unsealEnablingBits } from './enabling-bits.ts'
import { privateKeyBlobSize, readPrivateKeyBlob, writePrivateKeyBlob } from './key-blob.ts'
import { readContentKey, writeContentKey } from './key-header.ts'
import { mode1, mode2, type CryptographicMode } from './modes.ts'

const key1 = await testKey('recipient', 1024)
const key2 = await testKey('recipient', 2048)
const hashInput = Buffer.from('<ISSUER>x</ISSUER>', 'utf16le')
const recipients = [
  [mode1, key1],
  [mode2, key2],
] as const

function seal(mode: CryptographicMode, key: TestKey, payload: Uint8Array): Uint8Array {
  return sealEnablingBits({ mode, recipient: key.publicKey, payload, hashInput, random })
}

const contentKey = (bytes: number): Uint8Array => writeContentKey('ecb', randomBytes(bytes)).payload

suite('sealed sizes in bits', () => {
  const cases = [
    ['AES-128 content key, Mode 1', mode1, key1, contentKey(16), 1536],
    ['AES-256 content key, Mode 1', mode1, key1, contentKey(32), 1664],
    ['AES-128 content key, Mode 2', mode2, key2, contentKey(16), 2688],
    ['AES-256 content key, Mode 2', mode2, key2, contentKey(32), 2816],
    ['private key, Mode 1', mode1, key1, writePrivateKeyBlob(key1.privateKey), 6144],
    ['private key, Mode 2', mode2, key2, writePrivateKeyBlob(key2.privateKey), 11_904],
  ] as const
  for (const [name, mode, key, payload, bits] of cases) {
    test(`${name}: ${bits}`, async () => {
      const sealed = seal(mode, key, payload)
      assert.equal(sealed.length * 8, bits)
      const opened = await unsealEnablingBits({ key: key.handle, mode, sealed })
      assert.deepEqual([...opened.payload], [...payload])
      assert.ok(sealIsBoundTo(opened, hashInput))
      assert.equal(sealIsBoundTo(opened, Buffer.from('<ISSUER>y</ISSUER>', 'utf16le')), false)
    })
  }

  test('private key blobs have 596 and 1172 bytes and come back as the same key', async () => {
    assert.deepEqual([privateKeyBlobSize(1024), privateKeyBlobSize(2048)], [596, 1172])
    const sealed = seal(mode2, key2, writePrivateKeyBlob(key2.privateKey))
    const { payload } = await unsealEnablingBits({ key: key2.handle, mode: mode2, sealed })
    assert.ok(readPrivateKeyBlob(payload).equals(key2.privateKey))
  })
})

test('the parts are as the specification lays them out', () => {
  const payload = writeContentKey('ecb', Buffer.alloc(16, 0x5a)).payload
  const sessionKey = Buffer.alloc(16, 0x33)
  const sealed = sealEnablingBits({
    mode: mode1,
    recipient: key1.publicKey,
    payload,
    hashInput,
    random: () => sessionKey,
  })
  const cipher = createCipheriv('aes-128-ecb', sessionKey, null).setAutoPadding(false)
  const plain = Buffer.concat([
    Buffer.from('01000000300000000000000000000000', 'hex'),
    payload,
    createHash('sha1').update(hashInput).digest(),
  ])
  assert.ok(Buffer.from(sealed.subarray(128)).equals(cipher.update(plain)))
})

test('a Mode 1 seal may be made to a machine key of 2048 bits', async () => {
  const sealed = seal(mode1, key2, writePrivateKeyBlob(key1.privateKey))
  assert.equal(sealed.length, 256 + 640)
  const { payload } = await unsealEnablingBits({ key: key2.handle, mode: mode1, sealed })
  assert.ok(readPrivateKeyBlob(payload).equals(key1.privateKey))
})

test('every seal has a session key of its own', () => {
  const payload = writeContentKey('ecb', Buffer.alloc(16)).payload
  const blocks = Array.from({ length: 20 }, () => Buffer.from(seal(mode1, key1, payload)).toString('hex', 128, 144))
  assert.equal(new Set(blocks).size, 20)
})

/** Session block and body made by hand, to damage them in ways that the writer never would. */
function handmade(
  mode: CryptographicMode,
  key: TestKey,
  block: Uint8Array,
  plain: Buffer,
  sessionKey = Buffer.alloc(16, 1),
): Uint8Array {
  const padding = mode === mode1 ? constants.RSA_PKCS1_PADDING : constants.RSA_PKCS1_OAEP_PADDING
  const cipher = createCipheriv('aes-128-ecb', sessionKey, null).setAutoPadding(false)
  return Buffer.concat([publicEncrypt({ key: key.publicKey.keyObject, padding }, block), cipher.update(plain)])
}

function udeb(mode: CryptographicMode, size: number, version = mode.sealedVersion as number, bytes = 96): Buffer {
  const plain = Buffer.alloc(bytes)
  plain.writeUInt32LE(version, 0)
  plain.writeUInt32LE(size, 4)
  return plain
}

suite('C1, C3: whatever is damaged, the refusal is one and the same', () => {
  for (const [mode, key] of recipients) {
    const good = Buffer.from(seal(mode, key, writeContentKey('ecb', randomBytes(16)).payload))
    const blockBytes = key.publicKey.bits / 8
    const edit = (change: (bytes: Buffer) => Buffer): Uint8Array => change(Buffer.from(good))
    const session = writeContentKey('ecb', Buffer.alloc(16, 1)).payload
    const modulus = Buffer.from(key.publicKey.modulus)
    const withBlock = (block: Uint8Array): Uint8Array => Buffer.concat([block, good.subarray(blockBytes)])
    const raw = (block: Buffer): Uint8Array =>
      withBlock(publicEncrypt({ key: key.publicKey.keyObject, padding: constants.RSA_NO_PADDING }, block))
    const damaged: readonly (readonly [name: string, sealed: Uint8Array])[] = [
      ['first byte of the RSA block', edit((b) => b.fill(b[0]! ^ 1, 0, 1))],
      ['last byte of the RSA block', edit((b) => b.fill(b[blockBytes - 1]! ^ 1, blockBytes - 1, blockBytes))],
      ['RSA block of zeros', withBlock(Buffer.alloc(blockBytes))],
      ['RSA block above the modulus', withBlock(Buffer.alloc(blockBytes, 0xff))],
      ['RSA block equal to the modulus', withBlock(modulus)],
      ['padding of another type', raw(Buffer.concat([Buffer.from([0, 1]), Buffer.alloc(blockBytes - 2, 5)]))],
      ['padding without an end', raw(Buffer.concat([Buffer.from([0, 2]), Buffer.alloc(blockBytes - 2, 5)]))],
      [
        'padding with a first byte that is not zero',
        raw(Buffer.concat([Buffer.from([1, 2]), Buffer.alloc(blockBytes - 4, 5), Buffer.from([0, 1])])),
      ],
      ['the other padding', handmade(mode === mode1 ? mode2 : mode1, key, session, udeb(mode, 48))],
      ['empty session block', handmade(mode, key, Buffer.alloc(0), udeb(mode, 48))],
      ['session block cut', handmade(mode, key, session.subarray(0, 20), udeb(mode, 48))],
      [
        'session block of a longer key',
        handmade(mode, key, writeContentKey('ecb', Buffer.alloc(32, 1)).payload, udeb(mode, 48)),
      ],
      ['version of the header', handmade(mode, key, session, udeb(mode, 48, 3))],
      ['version of the other mode', handmade(mode, key, session, udeb(mode, 48, mode === mode1 ? 2 : 1))],
      ['size of zero', handmade(mode, key, session, udeb(mode, 0))],
      ['size of the hash alone', handmade(mode, key, session, udeb(mode, mode.hashBytes))],
      ['size beyond the data', handmade(mode, key, session, udeb(mode, 81))],
      ['largest size', handmade(mode, key, session, udeb(mode, 0xffffffff))],
      ['first block of the body', edit((b) => b.fill(b[blockBytes]! ^ 1, blockBytes, blockBytes + 1))],
      ['body cut by one byte', edit((b) => b.subarray(0, b.length - 1))],
      ['body cut by one block', edit((b) => b.subarray(0, b.length - 16))],
      ['body of one byte more', edit((b) => Buffer.concat([b, Buffer.alloc(1)]))],
      ['no body', edit((b) => b.subarray(0, blockBytes))],
      ['half an RSA block', edit((b) => b.subarray(0, blockBytes / 2))],
      ['nothing', Buffer.alloc(0)],
    ]
    test(`in Mode ${mode.number}, for ${damaged.length} kinds of damage`, async () => {
      const messages = new Set<string>()
      for (const [name, sealed] of damaged) {
        await assert.rejects(
          unsealEnablingBits({ key: key.handle, mode, sealed }),
          (error: Error) => {
            messages.add(`${error.name} ${error.message} ${String(error.cause)}`)
            return refusal('sealed-data-invalid')(error)
          },
          name,
        )
      }
      assert.equal(messages.size, 1)
    })

    test(`in Mode ${mode.number}, for the key of somebody else`, async () => {
      const other = await testKey('somebody else', key.publicKey.bits)
      await assert.rejects(
        unsealEnablingBits({ key: other.handle, mode, sealed: good }),
        refusal('sealed-data-invalid'),
      )
    })

    test(`in Mode ${mode.number}, for every cut`, async () => {
      for (let length = 0; length < good.length; length += 7) {
        await assert.rejects(
          unsealEnablingBits({ key: key.handle, mode, sealed: good.subarray(0, length) }),
          refusal('sealed-data-invalid'),
        )
      }
    })
  }

  test('key handles never report padding: a damaged block gives bytes', async () => {
    for (const [mode, key] of recipients) {
      const bytes = await key.handle.decrypt(mode.padding, Buffer.alloc(key.publicKey.bits / 8, 0x11))
      assert.ok(bytes.length < key.publicKey.bits / 8)
      await key.handle.decrypt(mode.padding, Buffer.alloc(3))
    }
  })
})

test('what follows the announced size is ignored', async () => {
  const content = writeContentKey('ecb', randomBytes(16)).payload
  const plain = udeb(mode1, 48, 1, 160)
  plain.set(content, 16)
  plain.fill(0xee, 64)
  const sealed = handmade(mode1, key1, writeContentKey('ecb', Buffer.alloc(16, 1)).payload, plain)
  const { payload } = await unsealEnablingBits({ key: key1.handle, mode: mode1, sealed })
  assert.ok(Buffer.from(readContentKey(payload).payload).equals(content))
})
