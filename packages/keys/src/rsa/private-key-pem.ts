/** RSA private keys as PEM files: PKCS#1 (RFC 8017 appendix A.1.2), which hardware tools read, and PKCS#8 (RFC 5208). */
import { createPrivateKey, type KeyObject } from 'node:crypto'
import { RightsError } from '@sealward/xrml'
import { checkRsaPrivateKey } from './key-strength.ts'

export type PemForm = 'pkcs1' | 'pkcs8'

const pemLengthMost = 64 * 1024

/** @throws RightsError `private-key-unreadable`, also for an encrypted key; `rsa-key-refused` */
export function readPrivateKeyPem(pem: string): KeyObject {
  if (pem.length > pemLengthMost) throw new RightsError('private-key-unreadable', { detail: 'too long' })
  let privateKey: KeyObject
  try {
    privateKey = createPrivateKey({ key: pem, format: 'pem' })
  } catch (cause) {
    throw new RightsError('private-key-unreadable', { cause })
  }
  if (privateKey.asymmetricKeyType !== 'rsa') throw new RightsError('private-key-unreadable', { detail: 'not RSA' })
  checkRsaPrivateKey(privateKey)
  return privateKey
}

export function writePrivateKeyPem(privateKey: KeyObject, form: PemForm): string {
  return privateKey.export({ type: form, format: 'pem' }).toString()
}
