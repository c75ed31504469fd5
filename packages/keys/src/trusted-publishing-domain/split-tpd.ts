/**
 * Separates the private key from a trusted publishing domain file, and puts it back: the way of a software key into a
 * hardware module, whose tools read PEM. The description stays as it was encrypted.
 */
import { RightsError } from '@sealward/xrml'
import { readPrivateKeyPem, writePrivateKeyPem, type PemForm } from '../rsa/private-key-pem.ts'
import { defaultTpdLimits, readEnvelope, writeEnvelope } from './envelope.ts'
import { readTpd } from './read-tpd.ts'
import { encryptKeyField } from './write-tpd.ts'

export interface SplitTpd {
  readonly keyless: Uint8Array
  /** Unencrypted: store it with mode 0600 and erase it after use. */
  readonly pem: string
}

/** @throws RightsError `tpd-key-missing` and the codes of `readTpd` */
export function splitTpd(file: Uint8Array, password: string, form: PemForm = 'pkcs1'): SplitTpd {
  const { privateKey } = readTpd({ file, password })
  if (privateKey === undefined) throw new RightsError('tpd-key-missing')
  const { info } = readEnvelope(file, defaultTpdLimits)
  return { keyless: writeEnvelope({ info, keyData: undefined }), pem: writePrivateKeyPem(privateKey, form) }
}

/**
 * Whether the key belongs to the domain is not decided here but by `checkTpd`.
 * @throws RightsError `tpd-key-present`, `private-key-unreadable` and the codes of `readTpd`
 */
export function joinTpd(keyless: Uint8Array, pem: string, password: string): Uint8Array {
  const tpd = readTpd({ file: keyless, password })
  if (tpd.privateKey !== undefined) throw new RightsError('tpd-key-present')
  const { info } = readEnvelope(keyless, defaultTpdLimits)
  const keyData = encryptKeyField(readPrivateKeyPem(pem), tpd.keyNumber, password, tpd.derivations.info)
  return writeEnvelope({ info, keyData })
}
