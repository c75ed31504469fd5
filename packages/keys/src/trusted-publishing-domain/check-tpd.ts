/**
 * Decides whether an opened trusted publishing domain may be imported. The order of the checks is part of the contract:
 * the chain gives the key its meaning, the key must be the one of the chain, and only then do templates count. Whoever
 * imports stores nothing before this has answered.
 */
import {
  RightsError,
  modeOfKey,
  parseIssuingCertificate,
  parseSignature,
  parseSignedXrml,
  samePublicKey,
  softwareKeyHandle,
  validateChain,
  type CryptographicMode,
  type IssuingCertificate,
  type KeyHandle,
  type PublicKey,
  type XrmlDocument,
} from '@sealward/xrml'
import { checkRsaPrivateKey, checkRsaPublicKey } from '../rsa/key-strength.ts'
import { checkTemplate, type CheckedTemplate } from './check-template.ts'
import { proveBothUses } from './key-usage.ts'
import type { TrustedPublishingDomain } from './read-tpd.ts'

export interface CheckTpdInput {
  /** Roots that the operator trusts to have issued the licensor's chain. */
  readonly anchors: readonly PublicKey[]
  readonly now: Date
  /** The key of a keyless file: in hardware, or read from a PEM file. */
  readonly keyOverride?: KeyHandle
  /** Policies that require current cryptography refuse Mode 1. */
  readonly refuseMode1?: boolean
}

export interface CheckedTpd {
  readonly mode: CryptographicMode
  readonly publicKey: PublicKey
  /** Proved to sign and to decrypt for `publicKey`. */
  readonly key: KeyHandle
  readonly licensor: IssuingCertificate
  /** The exact signed texts, licensor first. */
  readonly chain: readonly string[]
  readonly templates: readonly CheckedTemplate[]
  readonly warnings: readonly TpdWarning[]
}

/** What an administrator should see before importing, without being a reason to refuse. */
export interface TpdWarning {
  readonly kind: 'mode-1' | 'identity-differs' | 'template-refused'
  readonly detail: string
}

const providerTypes: Readonly<Record<CryptographicMode['number'], readonly number[]>> = { 1: [1, 24], 2: [24] }

/**
 * @throws RightsError `tpd-chain-invalid` and the codes of `validateChain`; `cryptographic-mode-mismatch`, `tpd-mode-refused`,
 * `tpd-provider-type-mismatch`; `tpd-key-missing`, `tpd-key-mismatch`, `rsa-key-refused`, `tpd-key-unusable`
 */
export async function checkTpd(tpd: TrustedPublishingDomain, input: CheckTpdInput): Promise<CheckedTpd> {
  const documents = parseChain(tpd.licensorChain)
  const licensor = licensorOf(documents)
  validateChain({ documents, anchors: input.anchors, now: input.now })
  const mode = modeOf(licensor)
  if (mode.number === 1 && input.refuseMode1 === true) throw new RightsError('tpd-mode-refused')
  if (!providerTypes[mode.number].includes(tpd.cspType)) {
    throw new RightsError('tpd-provider-type-mismatch', { detail: `type ${tpd.cspType} in Mode ${mode.number}` })
  }
  const { publicKey } = licensor.principal
  const key = keyOf(tpd, publicKey, input.keyOverride)
  await proveBothUses(key, mode)
  const templates = tpd.templates.map((text) => checkTemplate(text, licensor))
  const chain = documents.map((document) => document.text)
  return { mode, publicKey, key, licensor, chain, templates, warnings: warningsOf(tpd, licensor, mode, templates) }
}

function parseChain(texts: readonly string[]): readonly XrmlDocument[] {
  try {
    return texts.map((text) => parseSignedXrml(text))
  } catch (cause) {
    throw new RightsError('tpd-chain-invalid', { detail: 'a member is not an XrML certificate', cause })
  }
}

function licensorOf(documents: readonly XrmlDocument[]): IssuingCertificate {
  const [first] = documents
  if (first?.type !== 'server-licensor-certificate') {
    throw new RightsError('tpd-chain-invalid', { detail: 'the first member is not a server licensor certificate' })
  }
  return parseIssuingCertificate(first)
}

function modeOf(licensor: IssuingCertificate): CryptographicMode {
  const mode = modeOfKey(licensor.principal.publicKey)
  const { hash } = parseSignature(licensor.document)
  if (hash !== mode.hash) {
    throw new RightsError('cryptographic-mode-mismatch', { detail: `RSA ${mode.keyBits} under ${hash}` })
  }
  return mode
}

/** A key in the file must belong to the chain even if another one is named in its place. */
function keyOf(tpd: TrustedPublishingDomain, expected: PublicKey, override: KeyHandle | undefined): KeyHandle {
  const inFile = tpd.privateKey && softwareKeyHandle(tpd.privateKey)
  const key = override ?? inFile
  if (key === undefined) throw new RightsError('tpd-key-missing')
  for (const candidate of [inFile, key]) {
    if (candidate !== undefined && !samePublicKey(candidate.publicKey, expected)) {
      throw new RightsError('tpd-key-mismatch', {
        detail: `key ${candidate.publicKey.fingerprint}, certificate ${expected.fingerprint}`,
      })
    }
  }
  checkRsaPublicKey(expected)
  if (tpd.privateKey !== undefined) checkRsaPrivateKey(tpd.privateKey)
  return key
}

function warningsOf(
  tpd: TrustedPublishingDomain,
  licensor: IssuingCertificate,
  mode: CryptographicMode,
  templates: readonly CheckedTemplate[],
): readonly TpdWarning[] {
  const warnings: TpdWarning[] = []
  if (mode.number === 1) {
    warnings.push({ kind: 'mode-1', detail: 'RSA 1024 with SHA-1: for reading old content only' })
  }
  const { object } = licensor.principal
  if (tpd.id.toLowerCase() !== object.id.toLowerCase() || tpd.idType.toLowerCase() !== object.idType.toLowerCase()) {
    warnings.push({ kind: 'identity-differs', detail: 'the key identity is not that of the certificate' })
  }
  for (const [index, { refusal }] of templates.entries()) {
    if (refusal !== undefined) {
      warnings.push({ kind: 'template-refused', detail: `template ${index + 1}: ${refusal.message}` })
    }
  }
  return warnings
}
