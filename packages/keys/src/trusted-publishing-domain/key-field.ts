/**
 * The plaintext of the key field: a CryptoAPI private key blob, in some exports behind a strong-name header of 12 bytes
 * (two algorithm identifiers and a length).
 */
import type { KeyObject } from 'node:crypto'
import { readPrivateKeyBlob } from '@sealward/xrml'

const strongNameHeaderBytes = 12

export interface KeyField {
  readonly privateKey: KeyObject
  readonly prefixed: boolean
}

/** @throws RightsError `key-blob-invalid` */
export function readKeyField(plain: Uint8Array): KeyField {
  try {
    return { privateKey: readPrivateKeyBlob(plain), prefixed: false }
  } catch {
    return { privateKey: readPrivateKeyBlob(plain.subarray(strongNameHeaderBytes)), prefixed: true }
  }
}
