import assert from 'node:assert/strict'
import { constants, createCipheriv, createHash, publicEncrypt } from 'node:crypto'
import { suite, test } from 'node:test'
import { keyHeaderFields } from '../crypto/key-header.ts'
import { mode1, mode2 } from '../crypto/modes.ts'
import { enablingBitsHashCandidates, enablingBitsHashInput, hashInputOf } from '../crypto/unconfirmed.ts'
import { writeEnablingBits } from '../elements/principal.ts'
import { parseXrml } from '../document.ts'
import { hierarchy } from '../hierarchy.fixture.ts'
import { testKey } from '../keys.fixture.ts'
import { refusal } from '../refusal.fixture.ts'
import { diagnoseSeal } from './diagnose-seal.ts'
import { parsePublishingLicense } from './publishing-license.ts'

suite('a licence of our own', () => {
  for (const mode of [mode1, mode2]) {
    test(`in Mode ${mode.number} shows the readings that we chose`, async () => {
      const { documents, keys, contentKey } = await hierarchy(mode)
      const license = parsePublishingLicense(documents.offline)
      const found = diagnoseSeal({ license, privateKey: keys.server.privateKey })
      assert.deepEqual(found, {
        sealType: mode.sealedKeyType,
        sealedBits: mode === mode1 ? 1536 : 2816,
        transport: mode === mode1 ? 'pkcs1' : 'oaep-sha1',
        sessionKeyHeader: { blobSize: 28, reserved: 0xffff, keySize: 16, blockSize: 16, flags: 0x1001 },
        sealHeader: { version: mode.number, size: contentKey.payload.length + mode.hashBytes, reserved: [0, 0] },
        contentKeyHeader: keyHeaderFields(contentKey.payload),
        hashBytes: mode.hashBytes,
        hashMatches: [{ hash: mode.hash, input: enablingBitsHashInput }],
        sealFill: mode === mode1 ? '' : '00000000',
        rightsData: { opens: true, fill: found.rightsData.fill },
      })
      assert.match(found.rightsData.fill, /^(?:00)*$/)
      const shown = JSON.stringify(found)
      for (const secret of [contentKey.key, contentKey.payload]) {
        assert.ok(!shown.includes(Buffer.from(secret).toString('hex')))
        assert.ok(!shown.includes(Buffer.from(secret).toString('base64')))
      }
    })
  }
})

test('a licence sealed under any other reading shows that reading', async () => {
  const { documents, keys, contentKey } = await hierarchy(mode2)
  const { bodyText } = documents.offline
  const license = parsePublishingLicense(documents.offline)
  const sessionKey = Buffer.alloc(16, 9)
  for (const input of enablingBitsHashCandidates) {
    // With the enabling bits inside, the hash would have to cover itself.
    if (input.enablingBits === 'with') continue
    const plain = Buffer.alloc(96, 0xcd)
    const hash = createHash('sha256').update(hashInputOf(license.issuedPrincipals, input)).digest()
    plain.writeUInt32LE(2, 0)
    plain.writeUInt32LE(contentKey.payload.length + hash.length, 4)
    plain.writeUInt32LE(7, 8)
    plain.writeUInt32LE(8, 12)
    plain.set(contentKey.payload, 16)
    plain.set(hash, 16 + contentKey.payload.length)
    const cipher = createCipheriv('aes-128-ecb', sessionKey, null).setAutoPadding(false)
    const block = publicEncrypt(
      { key: keys.server.publicKey.keyObject, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
      sessionKey,
    )
    const bits = writeEnablingBits({ mode: mode2, sealed: Buffer.concat([block, cipher.update(plain)]) })
    const changed = bodyText.replace(/<ENABLINGBITS.*<\/ENABLINGBITS>/, bits)
    const genuine = parsePublishingLicense(parseXrml(`<XrML version="1.2" xmlns="">${changed}</XrML>`))
    const found = diagnoseSeal({ license: genuine, privateKey: keys.server.privateKey })
    assert.equal(found.transport, 'oaep-sha256')
    assert.equal(found.sessionKeyHeader, undefined)
    assert.deepEqual(found.sealHeader.reserved, [7, 8])
    assert.equal(found.sealFill, 'cdcdcdcd')
    assert.deepEqual(found.hashMatches, [{ hash: 'sha256', input }])
    assert.equal(found.rightsData.opens, true)
  }
})

test('the wrong key, or a damaged seal, gives no diagnosis', async () => {
  for (const mode of [mode1, mode2]) {
    const { documents, keys } = await hierarchy(mode)
    const license = parsePublishingLicense(documents.offline)
    for (const key of [keys.client, keys.service, await testKey('foreign', 1024), await testKey('foreign', 2048)]) {
      assert.throws(() => diagnoseSeal({ license, privateKey: key.privateKey }), refusal('sealed-data-invalid'))
    }
    const sealed = Buffer.from(license.enablingBits.sealed)
    for (const cut of [0, 10, 128, 129, 144, sealed.length - 1]) {
      const damaged = { ...license, enablingBits: { ...license.enablingBits, sealed: sealed.subarray(0, cut) } }
      assert.throws(
        () => diagnoseSeal({ license: damaged, privateKey: keys.server.privateKey }),
        refusal('sealed-data-invalid'),
      )
    }
  }
})
