/**
 * Where the private keys of a tenant live. Every backend gives the same: keys are named, used through handles, and never
 * seen, except by `exportRsa`, which only a store of software keys can fulfil.
 */
import type { KeyObject } from 'node:crypto'
import type { KeyHandle, PublicKey } from '@sealward/xrml'

export const rsaKeySizes = [1024, 2048, 3072, 4096] as const

export type RsaKeySize = (typeof rsaKeySizes)[number]

export interface StoredKey {
  /** Chosen by the store. */
  readonly keyId: string
  readonly publicKey: PublicKey
}

export interface KeyStore {
  generateRsa(bits: RsaKeySize): Promise<StoredKey>
  /**
   * Compares with every key of the store, so a damaged one must be destroyed or restored first.
   * @throws RightsError `rsa-key-refused` for keys that are weak, wrongly made or share a prime with another one; as `open`
   */
  importRsa(privateKey: KeyObject): Promise<StoredKey>
  /** @throws RightsError `key-not-found`, and `sealed-record-invalid` for a record that was changed or moved */
  open(keyId: string): Promise<KeyHandle>
  /** @throws as `open` */
  publicKey(keyId: string): Promise<PublicKey>
  list(): Promise<readonly string[]>
  /** For the export of a trusted publishing domain. @throws as `open` */
  exportRsa(keyId: string): Promise<KeyObject>
  /** Nobody can use the key afterwards; handles that are open stay usable until their holder drops them. @throws RightsError `key-not-found` */
  destroy(keyId: string): Promise<void>
}
