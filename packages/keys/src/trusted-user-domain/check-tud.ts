/** Decides whether the chain of a trusted user domain may be trusted: up to a root that the administrator accepts. */
import {
  modeOfKey,
  parseIssuingCertificate,
  parseSignature,
  parseSignedXrml,
  RightsError,
  validateChain,
  type CryptographicMode,
  type IssuingCertificate,
  type PublicKey,
} from '@sealward/xrml'
import { checkRsaPublicKey } from '../rsa/key-strength.ts'

export interface CheckedTud {
  /** The issuer of the other organisation's account certificates. */
  readonly licensor: IssuingCertificate
  readonly mode: CryptographicMode
  /** The exact signed texts, licensor first. */
  readonly chain: readonly string[]
}

/**
 * @throws RightsError `tud-chain-invalid`, the codes of `validateChain`, `cryptographic-mode-mismatch`, `rsa-key-refused`
 */
export function checkTud(
  chain: readonly string[],
  input: { readonly anchors: readonly PublicKey[]; readonly now: Date },
): CheckedTud {
  const documents = chain.map((text) => {
    try {
      return parseSignedXrml(text)
    } catch (cause) {
      throw new RightsError('tud-chain-invalid', { detail: 'a member is not an XrML certificate', cause })
    }
  })
  const [first] = documents
  if (first?.type !== 'server-licensor-certificate') {
    throw new RightsError('tud-chain-invalid', { detail: 'the first member is not a server licensor certificate' })
  }
  const licensor = parseIssuingCertificate(first)
  // The enrolment service and machine authorities have certificates of the same kind; they certify no people.
  if (licensor.principal.object.type !== 'MS-DRM-Server') {
    throw new RightsError('tud-chain-invalid', { detail: `the certificate is of ${licensor.principal.object.type}` })
  }
  validateChain({ documents, anchors: input.anchors, now: input.now })
  const { publicKey } = licensor.principal
  const mode = modeOfKey(publicKey)
  if (parseSignature(first).hash !== mode.hash) {
    throw new RightsError('cryptographic-mode-mismatch', { detail: `RSA ${mode.keyBits} under another hash` })
  }
  checkRsaPublicKey(publicKey)
  return { licensor, mode, chain: documents.map(({ text }) => text) }
}
