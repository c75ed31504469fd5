/**
 * Writes a trusted publishing domain file that an AD RMS cluster can import: the way out of this product. The file is only
 * as strong as its password, which is why a short one is refused.
 */
import type { KeyObject } from 'node:crypto'
import { RightsError, writePrivateKeyBlob } from '@sealward/xrml'
import { writeInfo, type TpdInfo } from './domain-info.ts'
import { writeEnvelope } from './envelope.ts'
import { encryptTpdField, type TpdDerivation } from './password-encryption.ts'

const passwordCharactersLeast = 16
const signatureKeyNumber = 2

export interface TpdContent extends TpdInfo {
  /** Left out for a keyless file. */
  readonly privateKey?: KeyObject | undefined
}

export interface WriteTpdOptions {
  readonly password: string
  /** Current servers expect A. */
  readonly derivation: TpdDerivation
  /** For samples and tests, whose keys protect nothing. */
  readonly allowShortPassword?: boolean
}

/** @throws RightsError `tpd-password-too-short`, `tpd-field-refused`, `xml-character-refused` */
export function writeTpd(content: TpdContent, options: WriteTpdOptions): Uint8Array {
  const { password, derivation } = options
  if (options.allowShortPassword !== true && Array.from(password).length < passwordCharactersLeast) {
    throw new RightsError('tpd-password-too-short')
  }
  return writeEnvelope({
    info: encryptTpdField(writeInfo(content), password, derivation),
    keyData: content.privateKey && encryptKeyField(content.privateKey, content.keyNumber, password, derivation),
  })
}

/** The key field of a file, for the key specification that the description names. */
export function encryptKeyField(
  privateKey: KeyObject,
  keyNumber: number,
  password: string,
  derivation: TpdDerivation,
): Uint8Array {
  const blob = writePrivateKeyBlob(privateKey, keyNumber === signatureKeyNumber ? 'signature' : 'exchange')
  try {
    return encryptTpdField(blob, password, derivation)
  } finally {
    blob.fill(0)
  }
}
