/** Certificates by which administrators name keys and machines: whatever a person has in a file, without its chain. */
import {
  canonicalGuid,
  parseAccountCertificate,
  parseClientLicensorCertificate,
  parseMachineCertificate,
  parseXrmlChain,
  RightsError,
  type PublicKey,
} from '@sealward/xrml'

export type SubjectCertificate =
  | { readonly kind: 'account' | 'client-licensor'; readonly publicKey: PublicKey }
  | { readonly kind: 'machine'; readonly publicKey: PublicKey; readonly machineId: string }

/**
 * Signatures are not asked for: a forged certificate of a thief names the thief's key as well as a genuine one.
 * @param text the certificate, perhaps with its chain
 * @throws RightsError `exclusion-refused`
 */
export function readSubjectCertificate(text: string): SubjectCertificate {
  try {
    return read(text)
  } catch (cause) {
    throw new RightsError('exclusion-refused', { detail: 'not an account, machine or publishing certificate', cause })
  }
}

function read(text: string): SubjectCertificate {
  const [document] = parseXrmlChain(text)
  switch (document?.type) {
    case 'account-certificate':
      return { kind: 'account', publicKey: parseAccountCertificate(document).principal.publicKey }
    case 'client-licensor-certificate':
      return { kind: 'client-licensor', publicKey: parseClientLicensorCertificate(document).principal.publicKey }
    case 'machine-certificate': {
      const { object, publicKey } = parseMachineCertificate(document).principal
      return { kind: 'machine', publicKey, machineId: canonicalGuid(object.id) }
    }
    default:
      throw new RightsError('xrml-malformed', { detail: document?.type ?? 'nothing' })
  }
}
