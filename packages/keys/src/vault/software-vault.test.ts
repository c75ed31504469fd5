import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { suite, test } from 'node:test'
import { newRsaKey } from '../trusted-publishing-domain/invented-cluster.ts'
import { testKeyStore } from './key-store.contract.ts'
import { masterKeyFromFile, type MasterKey } from './master-key.ts'
import { createSoftwareVault, type SealedKeyRow, type VaultStorage } from './software-vault.ts'

interface MemoryStorage extends VaultStorage {
  readonly rows: Map<string, SealedKeyRow>
  readonly reads: () => number
}

function memoryStorage(): MemoryStorage {
  const rows = new Map<string, SealedKeyRow>()
  let reads = 0
  return {
    rows,
    reads: () => reads,
    put: (row) => void rows.set(row.keyId, row),
    get: (keyId) => {
      reads++
      return rows.get(keyId)
    },
    list: () => [...rows.keys()],
    delete: (keyId) => rows.delete(keyId),
  }
}

const masterKey: MasterKey = masterKeyFromFile(randomBytes(32))
const vault = (storage: VaultStorage, tenant = 'lakeside', key = masterKey) =>
  createSoftwareVault({ masterKey: key, tenant, storage })

testKeyStore({ name: 'software vault', createStore: async () => vault(memoryStorage()), exportsKeys: true })

suite('the software vault', () => {
  const privateKey = newRsaKey(1024)

  test('stores nothing that can be read without the master key', async () => {
    const storage = memoryStorage()
    const { keyId } = await vault(storage).importRsa(privateKey)
    const row = storage.rows.get(keyId)
    assert(row)
    const { d, p } = privateKey.export({ format: 'jwk' })
    for (const secret of [d, p])
      assert.equal(Buffer.from(row.sealed).includes(Buffer.from(secret ?? '', 'base64url')), false)
    const stranger = vault(storage, 'lakeside', masterKeyFromFile(randomBytes(32)))
    await assert.rejects(stranger.open(keyId), { code: 'sealed-record-invalid' })
  })

  test('opens again after a restart', async () => {
    const storage = memoryStorage()
    const { keyId, publicKey } = await vault(storage).importRsa(privateKey)
    assert.equal((await vault(storage).publicKey(keyId)).fingerprint, publicKey.fingerprint)
  })

  test('makes the key object once, also for callers that come together', async () => {
    const storage = memoryStorage()
    const { keyId } = await vault(storage).importRsa(privateKey)
    const restarted = vault(storage)
    const before = storage.reads()
    const handles = await Promise.all([restarted.open(keyId), restarted.open(keyId), restarted.open(keyId)])
    assert.equal(new Set(handles).size, 1)
    assert.equal(storage.reads() - before, 1)
  })

  test('refuses rows that were moved between keys, tenants or versions, and opens the right one afterwards', async () => {
    const storage = memoryStorage()
    const { keyId: first } = await vault(storage).importRsa(privateKey)
    const { keyId: second } = await vault(storage).generateRsa(1024)
    const [firstRow, secondRow] = [storage.rows.get(first), storage.rows.get(second)]
    assert(firstRow && secondRow)
    storage.rows.set(first, { ...firstRow, sealed: secondRow.sealed })
    const restarted = vault(storage)
    await assert.rejects(restarted.open(first), { code: 'sealed-record-invalid' })
    storage.rows.set(first, { ...firstRow, version: firstRow.version + 1 })
    await assert.rejects(restarted.open(first), { code: 'sealed-record-invalid' })
    storage.rows.set(first, firstRow)
    await assert.rejects(vault(storage, 'hillside').open(first), { code: 'sealed-record-invalid' })
    assert.equal((await restarted.open(first)).publicKey.bits, 1024)
  })

  test('stores nothing if the key is refused', async () => {
    const storage = memoryStorage()
    await assert.rejects(vault(storage).importRsa(newRsaKey(1024, 3)), { code: 'rsa-key-refused' })
    assert.equal(storage.rows.size, 0)
  })
})
