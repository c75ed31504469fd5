/** A rights policy template of a trusted publishing domain (MS-RMPR 2.2.9.10): it counts only if the licensor signed it. */
import {
  RightsError,
  checkLink,
  isRightsError,
  parsePolicy,
  parseSignedXrml,
  verifySignature,
  type IssuingCertificate,
  type RightsPolicy,
} from '@sealward/xrml'

export interface CheckedTemplate {
  /** The exact signed text, if the template could be read at all. */
  readonly text: string
  /** What it says; absent if it cannot be read. */
  readonly policy: RightsPolicy | undefined
  /** Why the template must not be used: not signed by the licensor, unreadable, or without a GUID. */
  readonly refusal: RightsError | undefined
}

const emptyGuid = '00000000-0000-0000-0000-000000000000'

export function checkTemplate(text: string, licensor: IssuingCertificate): CheckedTemplate {
  let policy: RightsPolicy | undefined
  let signedText = text
  try {
    const document = parseSignedXrml(text)
    signedText = document.text
    policy = parsePolicy(document)
    if (!policy.official) throw new RightsError('xrml-malformed', { detail: 'not a rights policy template' })
    if (policy.id === undefined || policy.id.includes(emptyGuid)) {
      throw new RightsError('xrml-malformed', { detail: 'the template has no GUID' })
    }
    verifySignature(document)
    checkLink(document, licensor.document)
    return { text: signedText, policy, refusal: undefined }
  } catch (error) {
    if (!isRightsError(error)) throw error
    return { text: signedText, policy, refusal: error }
  }
}
