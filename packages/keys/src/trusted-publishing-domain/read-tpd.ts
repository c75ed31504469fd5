/**
 * Opens a trusted publishing domain file, the export of an AD RMS cluster's key. Opening says nothing about trust: what is
 * inside may be anything that somebody encrypted with the password. `checkTpd` decides whether it may be imported.
 */
import type { KeyObject } from 'node:crypto'
import { RightsError } from '@sealward/xrml'
import { readInfo, readInfoRoot, type TpdInfo } from './domain-info.ts'
import { defaultTpdLimits, readEnvelope, type TpdLimits } from './envelope.ts'
import { readKeyField } from './key-field.ts'
import { decryptTpdField, tpdDerivations, type TpdDerivation } from './password-encryption.ts'

export interface TrustedPublishingDomain extends TpdInfo {
  /** Absent in keyless files. */
  readonly privateKey: KeyObject | undefined
  /** Whether the key blob stood behind a strong-name header. */
  readonly blobPrefixed: boolean
  readonly derivations: { readonly info: TpdDerivation; readonly key: TpdDerivation | undefined }
  /** Lower-case hex, for the audit record. */
  readonly fileSha256: string
}

export interface ReadTpdInput {
  readonly file: Uint8Array
  readonly password: string
  readonly limits?: Partial<TpdLimits>
}

/**
 * @throws RightsError `tpd-not-opened` for a wrong password as for damaged fields, with the same text (threat C11);
 * `tpd-malformed` for a file of another structure; `xml-limit-exceeded` and the other codes of text and XML
 */
export function readTpd(input: ReadTpdInput): TrustedPublishingDomain {
  const envelope = readEnvelope(input.file, { ...defaultTpdLimits, ...input.limits })
  // Both fields are always tried, so that the time does not say which one failed.
  const info = openField(envelope.info, input.password, readInfoRoot)
  const key = envelope.keyData && openField(envelope.keyData, input.password, readKeyField)
  if (info === undefined || (key === undefined && envelope.keyData !== undefined)) {
    throw new RightsError('tpd-not-opened', { detail: `structure: ${envelope.structure}` })
  }
  return {
    ...readInfo(info.value),
    privateKey: key?.value.privateKey,
    blobPrefixed: key?.value.prefixed ?? false,
    derivations: { info: info.derivation, key: key?.derivation },
    fileSha256: envelope.fileSha256,
  }
}

/** Tries each derivation; only content that reads as what it must be counts as opened, never padding alone. */
function openField<T>(
  ciphertext: Uint8Array,
  password: string,
  read: (plain: Uint8Array) => T,
): { readonly value: T; readonly derivation: TpdDerivation } | undefined {
  for (const derivation of tpdDerivations) {
    const plain = decryptTpdField(ciphertext, password, derivation)
    if (plain === undefined) continue
    try {
      return { value: read(plain), derivation }
    } catch {
      // Not this derivation, or not this password.
    } finally {
      plain.fill(0)
    }
  }
  return undefined
}
