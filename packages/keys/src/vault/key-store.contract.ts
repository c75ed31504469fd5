/**
 * What every key store must do, whatever it is built on. A backend's test calls this with a function that makes an empty
 * store; a store that cannot export says so.
 */
import assert from 'node:assert/strict'
import { constants, generateKeyPairSync, publicEncrypt, randomBytes, verify, type KeyObject } from 'node:crypto'
import { suite, test } from 'node:test'
import { mode1, mode2, sealEnablingBits, unsealEnablingBits } from '@sealward/xrml'
import { keyWithClosePrimes, keysWithSharedPrime } from '../rsa/crafted-keys.ts'
import type { KeyStore } from './key-store.ts'

export interface KeyStoreContract {
  readonly name: string
  readonly createStore: () => Promise<KeyStore>
  readonly exportsKeys: boolean
}

export function testKeyStore({ name, createStore, exportsKeys }: KeyStoreContract): void {
  suite(`the key store contract: ${name}`, () => {
    const imported = newKey(1024)

    test('a generated key has the size asked for, its own name, and exponent 65537', async () => {
      const store = await createStore()
      const small = await store.generateRsa(1024)
      const large = await store.generateRsa(2048)
      assert.equal(small.publicKey.bits, 1024)
      assert.equal(large.publicKey.bits, 2048)
      assert.equal(large.publicKey.exponent, 65537)
      assert.notEqual(small.keyId, large.keyId)
      assert.deepEqual([...(await store.list())].sort(), [small.keyId, large.keyId].sort())
    })

    test('a handle signs with both hashes', async () => {
      const store = await createStore()
      const { keyId, publicKey } = await store.importRsa(imported)
      const handle = await store.open(keyId)
      const data = randomBytes(100)
      for (const hash of ['sha1', 'sha256'] as const) {
        assert(verify(hash, data, publicKey.keyObject, await handle.sign(hash, data)))
      }
    })

    test('a handle opens what was sealed to the public key in both modes', async () => {
      const store = await createStore()
      const { keyId, publicKey } = await store.importRsa(imported)
      const key = await store.open(keyId)
      for (const mode of [mode1, mode2]) {
        const payload = randomBytes(28)
        const sealed = sealEnablingBits({
          mode,
          recipient: publicKey,
          payload,
          hashInput: payload,
          random: randomBytes,
        })
        const opened = await unsealEnablingBits({ key, mode, sealed })
        assert.deepEqual(Buffer.from(opened.payload), payload)
      }
    })

    test('a damaged block gives bytes and no error in both paddings', async () => {
      const store = await createStore()
      const { keyId, publicKey } = await store.importRsa(imported)
      const handle = await store.open(keyId)
      const block = Buffer.alloc(publicKey.bits / 8, 0x55)
      block[0] = 0
      const key = { key: publicKey.keyObject, padding: constants.RSA_NO_PADDING }
      for (const padding of ['pkcs1', 'oaep'] as const) {
        assert((await handle.decrypt(padding, publicEncrypt(key, block))) instanceof Uint8Array)
      }
    })

    test('the public key is that of the handle', async () => {
      const store = await createStore()
      const { keyId, publicKey } = await store.importRsa(imported)
      assert.equal((await store.publicKey(keyId)).fingerprint, publicKey.fingerprint)
      assert.equal((await store.open(keyId)).publicKey.fingerprint, publicKey.fingerprint)
    })

    test('weak keys are not imported, nor keys that share a prime with one that is there', async () => {
      const store = await createStore()
      await assert.rejects(store.importRsa(keyWithClosePrimes()), { code: 'rsa-key-refused' })
      const [first, second] = keysWithSharedPrime()
      const { keyId } = await store.importRsa(first)
      await assert.rejects(store.importRsa(second), { code: 'rsa-key-refused' })
      assert.deepEqual(await store.list(), [keyId])
    })

    test('a destroyed key is gone', async () => {
      const store = await createStore()
      const { keyId } = await store.importRsa(imported)
      await store.open(keyId)
      await store.destroy(keyId)
      await assert.rejects(store.open(keyId), { code: 'key-not-found' })
      await assert.rejects(store.publicKey(keyId), { code: 'key-not-found' })
      await assert.rejects(store.destroy(keyId), { code: 'key-not-found' })
      assert.deepEqual(await store.list(), [])
    })

    test('a key that never was is not found', async () => {
      const store = await createStore()
      await assert.rejects(store.open('no-such-key'), { code: 'key-not-found' })
      await assert.rejects(store.exportRsa('no-such-key'), { code: 'key-not-found' })
    })

    if (exportsKeys) {
      test('an exported key is the one that was imported', async () => {
        const store = await createStore()
        const { keyId } = await store.importRsa(imported)
        assert((await store.exportRsa(keyId)).equals(imported))
      })
    }
  })
}

function newKey(bits: number): KeyObject {
  return generateKeyPairSync('rsa', { modulusLength: bits }).privateKey
}
