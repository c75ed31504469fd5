/**
 * Keys in software: PKCS#8, sealed under the master key, in rows that the caller stores. A stolen database without the
 * master key holds no usable key (threat S9).
 */
import { createPrivateKey, generateKeyPair, randomUUID, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import { RightsError, softwareKeyHandle, type Awaitable, type KeyHandle } from '@sealward/xrml'
import { checkNoSharedPrime, checkRsaPrivateKey } from '../rsa/key-strength.ts'
import type { KeyStore, StoredKey } from './key-store.ts'
import type { MasterKey } from './master-key.ts'
import { openSecret, sealSecret, type SealContext } from './sealed-record.ts'

/** One row; nothing in it is usable without the master key. */
export interface SealedKeyRow {
  readonly keyId: string
  readonly version: number
  readonly sealed: Uint8Array
}

/** The rows of one tenant. */
export interface VaultStorage {
  put(row: SealedKeyRow): Awaitable<void>
  get(keyId: string): Awaitable<SealedKeyRow | undefined>
  list(): Awaitable<readonly string[]>
  /** Whether there was such a row. */
  delete(keyId: string): Awaitable<boolean>
}

export interface SoftwareVaultInput {
  readonly masterKey: MasterKey
  readonly tenant: string
  readonly storage: VaultStorage
}

interface OpenKey {
  readonly handle: KeyHandle
  readonly privateKey: KeyObject
}

const table = 'key'
const purpose = 'rsa-private-key'
const firstVersion = 1
const generate = promisify(generateKeyPair)

export function createSoftwareVault({ masterKey, tenant, storage }: SoftwareVaultInput): KeyStore {
  /** Making a key object costs as much as using it several times, so each is made once. */
  const opened = new Map<string, Promise<OpenKey>>()

  const contextOf = (keyId: string, version: number): SealContext => ({ tenant, table, id: keyId, purpose, version })

  async function load(keyId: string): Promise<OpenKey> {
    const row = await storage.get(keyId)
    if (row === undefined) throw new RightsError('key-not-found')
    const secret = openSecret(masterKey, contextOf(keyId, row.version), row.sealed)
    try {
      const privateKey = createPrivateKey({ key: secret, format: 'der', type: 'pkcs8' })
      return { handle: softwareKeyHandle(privateKey), privateKey }
    } catch (cause) {
      throw new RightsError('sealed-record-invalid', { cause })
    } finally {
      secret.fill(0)
    }
  }

  async function openKey(keyId: string): Promise<OpenKey> {
    const known = opened.get(keyId)
    if (known !== undefined) return known
    const loading = load(keyId)
    opened.set(keyId, loading)
    try {
      return await loading
    } catch (error) {
      if (opened.get(keyId) === loading) opened.delete(keyId)
      throw error
    }
  }

  async function store(privateKey: KeyObject): Promise<StoredKey> {
    const { publicKey } = softwareKeyHandle(privateKey)
    const keyId = randomUUID()
    const secret = privateKey.export({ format: 'der', type: 'pkcs8' })
    try {
      const sealed = sealSecret(masterKey, contextOf(keyId, firstVersion), secret)
      await storage.put({ keyId, version: firstVersion, sealed })
    } finally {
      secret.fill(0)
    }
    return { keyId, publicKey }
  }

  return {
    async generateRsa(bits) {
      const { privateKey } = await generate('rsa', { modulusLength: bits, publicExponent: 65537 })
      return store(privateKey)
    },
    async importRsa(privateKey) {
      checkRsaPrivateKey(privateKey)
      const others = await Promise.all((await storage.list()).map(openKey))
      const { publicKey } = softwareKeyHandle(privateKey)
      checkNoSharedPrime(
        publicKey,
        others.map((other) => other.handle.publicKey),
      )
      return store(privateKey)
    },
    open: async (keyId) => (await openKey(keyId)).handle,
    publicKey: async (keyId) => (await openKey(keyId)).handle.publicKey,
    list: async () => storage.list(),
    exportRsa: async (keyId) => (await openKey(keyId)).privateKey,
    async destroy(keyId) {
      const existed = await storage.delete(keyId)
      opened.delete(keyId)
      if (!existed) throw new RightsError('key-not-found')
    },
  }
}
