/**
 * What the refusals of the two protocols mean here. This is the one place where this client knows how an error looks on
 * the wire; whatever has no row is refused without a known reason.
 */
import { faultNames, lastSegment, problemNames, type Fault, type Problem } from '@sealward/protocol'
import { type ErrorCode, RightsError } from '@sealward/xrml'

const codesByFault: Partial<Record<keyof typeof faultNames, ErrorCode>> = {
  adEntrySearchFailed: 'user-not-in-directory',
  clusterDecommissioned: 'cluster-decommissioned',
  credentialCreationTime: 'credential-too-new',
  invalidOfficialRightsTemplate: 'template-signature-invalid',
  invalidPersonaCertSignature: 'account-certificate-signature-invalid',
  invalidPersonaCertTime: 'account-certificate-expired',
  invalidRightsLabelSignature: 'publishing-license-signature-invalid',
  issuanceLicenseIsNotWithinValidTimeRange: 'publishing-license-outside-validity',
  noRightsForRequestedPrincipal: 'no-rights',
  onlinePublishingDisabled: 'online-publishing-disabled',
  rightsLabelNoMatchingIssuedPrincipal: 'no-matching-key',
  unauthorizedAccess: 'credentials-refused',
  unexpectedPersonaCert: 'account-certificate-unexpected',
  unsignedIssuanceLicenseNoMatchingIssuedPrincipal: 'draft-principal-unknown',
  unsupportedCryptographicSet: 'cryptographic-mode-mismatch',
  unsupportedDataVersion: 'unsupported-data-version',
  untrustedPersonaCert: 'account-certificate-untrusted',
  verifyEmailAddressFailed: 'user-without-address',
  verifyMachineCertificateChainFailed: 'machine-chain-untrusted',
}

const codesByName: ReadonlyMap<string, ErrorCode> = new Map(
  Object.entries(codesByFault).map(([key, code]) => [lastSegment(faultNames[key as keyof typeof faultNames]), code]),
)

/** Sources disagree about the namespaces of fault names, so only the last segment counts. */
export function faultError(fault: Fault): RightsError {
  const code = codesByName.get(fault.name)
  return code === undefined ? unnamed(fault.name) : new RightsError(code)
}

export function problemError(problem: Problem): RightsError {
  switch (problem.name) {
    case problemNames.badInput:
      return new RightsError('publishing-license-invalid')
    case problemNames.unrecognizedUrl:
    case problemNames.unknownTenant:
      return new RightsError('no-matching-key')
    default:
      return unnamed(problem.name)
  }
}

/** Only the name is shown, and only if it looks like one: the text is foreign. */
function unnamed(name: string): RightsError {
  return new RightsError('service-refused', /^\w{1,80}$/.test(name) ? { detail: name } : {})
}
