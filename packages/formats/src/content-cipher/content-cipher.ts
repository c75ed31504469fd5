/**
 * The content key with its mode. All modes are deterministic functions of key, chunk number and plaintext: there is no
 * stored initialisation vector and no authentication code, so decryption never proves where content came from.
 */
import { type CipherMode, RightsError } from '@sealward/xrml'

export interface ContentCipher {
  readonly mode: CipherMode
  /** AES key of 16, 24 or 32 bytes. */
  readonly key: Uint8Array
}

/** @throws RightsError `content-key-size-invalid` */
export function checkContentKey(key: Uint8Array): void {
  if (key.length !== 16 && key.length !== 24 && key.length !== 32) {
    throw new RightsError('content-key-size-invalid', { detail: `${key.length} bytes` })
  }
}
