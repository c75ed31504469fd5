/**
 * The one place that knows which exception a refusal is called on the wire (MS-RMPR 3.3.4.1 to 3.7.4.3). Clients act on
 * the name: they fetch a new certificate, ask another server, or tell the user that there are no rights. What has no name
 * of its own, defects included, becomes UnspecifiedErrorException.
 */
import {
  faultNames,
  soapVersionOfContentType,
  writeFault,
  writeSoapHeaders,
  type FaultName,
  type SoapOperationName,
} from '@sealward/protocol'
import type { ErrorCode } from '@sealward/xrml'
import { publicText, retryHeaders, type Refusal } from '../refusal.ts'

export const faultMap: Partial<Record<ErrorCode, FaultName>> = {
  // The message
  'malformed-data-version': faultNames.malformedDataVersion,
  'unsupported-data-version': faultNames.unsupportedDataVersion,
  'soap-argument-missing': faultNames.argumentNull,
  'service-type-unknown': faultNames.invalidOperation,
  'soap-operation-unknown': faultNames.invalidOperation,
  // The service and the caller
  'cluster-decommissioned': faultNames.clusterDecommissioned,
  'cluster-not-decommissioned': faultNames.clusterNotDecommissioned,
  // Of a tenant and of reading alone the specifications say nothing: an authorisation failure makes clients look elsewhere.
  'tenant-not-activated': faultNames.unauthorizedAccess,
  'tenant-disabled': faultNames.unauthorizedAccess,
  'service-read-only': faultNames.unauthorizedAccess,
  'publishing-not-onboarded': faultNames.unauthorizedAccess,
  'endpoint-closed': faultNames.unauthorizedAccess,
  'federated-sign-in-required': faultNames.unauthorizedAccess,
  unauthenticated: faultNames.unauthorizedAccess,
  'credentials-refused': faultNames.unauthorizedAccess,
  'token-subject-mismatch': faultNames.unauthorizedAccess,
  'client-certificate-refused': faultNames.unauthorizedAccess,
  'plain-http-refused': faultNames.unauthorizedAccess,
  'authentication-throttled': faultNames.unauthorizedAccess,
  'windows-sign-in-unavailable': faultNames.unauthorizedAccess,
  'user-disabled': faultNames.unauthorizedAccess,
  'user-not-in-directory': faultNames.adEntrySearchFailed,
  'user-without-address': faultNames.adEntrySearchFailed,
  'address-refused': faultNames.verifyEmailAddressFailed,
  // The machine
  'machine-chain-invalid': faultNames.verifyMachineCertificateChainFailed,
  'machine-chain-untrusted': faultNames.verifyMachineCertificateChainFailed,
  'machine-key-refused': faultNames.unsupportedCryptographicSet,
  'cryptographic-mode-mismatch': faultNames.unsupportedCryptographicSet,
  // The account certificate
  'account-certificate-unexpected': faultNames.unexpectedPersonaCert,
  'account-certificate-signature-invalid': faultNames.invalidPersonaCertSignature,
  'account-certificate-expired': faultNames.invalidPersonaCertTime,
  'account-certificate-untrusted': faultNames.untrustedPersonaCert,
  'account-excluded': faultNames.drmacIsExcluded,
  'machine-excluded': faultNames.blackBoxIsInvalid,
  'account-certificate-not-callers': faultNames.unauthorizedAccess,
  // The publishing licence
  'publishing-license-signature-invalid': faultNames.invalidRightsLabelSignature,
  'publishing-license-outside-validity': faultNames.issuanceLicenseIsNotWithinValidTimeRange,
  'no-matching-key': faultNames.rightsLabelNoMatchingIssuedPrincipal,
  'credential-too-new': faultNames.credentialCreationTime,
  'no-rights': faultNames.noRightsForRequestedPrincipal,
  'content-revoked': faultNames.noRightsForRequestedPrincipal,
  'content-expired': faultNames.noRightsForRequestedPrincipal,
  'key-transplant-refused': faultNames.noRightsForRequestedPrincipal,
  'owner-not-publisher': faultNames.noRightsForRequestedPrincipal,
  // Publishing online
  'online-publishing-disabled': faultNames.onlinePublishingDisabled,
  'draft-principal-unknown': faultNames.unsignedIssuanceLicenseNoMatchingIssuedPrincipal,
  'draft-seal-mismatch': faultNames.enablingBitsHashDoesNotMatch,
  'symmetric-key-unsupported': faultNames.cryptoUnsupportedSymKey,
  'template-signature-invalid': faultNames.invalidOfficialRightsTemplate,
  // Between servers
  'precertify-arguments-refused': faultNames.drmsArgument,
  'precertify-names-differ': faultNames.unauthorizedAccess,
  'pre-license-recipient-unknown': faultNames.acquirePreLicenseInvalidLicensee,
  'signed-license-refused': faultNames.invalidSignedIssuanceLicense,
  'server-editing-not-allowed': faultNames.serverRepublishIllegal,
  // Without a name on the wire
  ...withoutName([
    'certificate-not-insertable',
    'chain-anchor-untrusted',
    'chain-not-linked',
    'chain-too-long',
    'directory-unavailable',
    'forest-unavailable',
    'group-expansion-too-far',
    'identity-provider-unavailable',
    'method-not-allowed',
    'no-active-key',
    'policy-refused',
    'publishing-license-invalid',
    'rate-limited',
    'request-malformed',
    'request-misdirected',
    'request-timeout',
    'request-too-large',
    'resource-unknown',
    'service-overloaded',
    'soap-envelope-invalid',
    'soap-limit-exceeded',
    'soap-message-invalid',
    'soap-transport-mismatch',
    'store-refused',
    'sub-enrolment-refused',
    'template-unknown',
    'text-encoding-refused',
    'unsealing-throttled',
    'xml-dtd-refused',
    'xml-limit-exceeded',
    'xml-not-well-formed',
  ]),
}

function withoutName(codes: readonly ErrorCode[]): Partial<Record<ErrorCode, FaultName>> {
  return Object.fromEntries(codes.map((code) => [code, faultNames.unspecifiedError]))
}

/** Exceptions that one operation calls by another name (MS-RMSI 3.2.4.1). */
const operationFaults: Readonly<Record<string, Partial<Record<ErrorCode, FaultName>>>> = {
  AcquireContentKey: { 'no-matching-key': faultNames.unsignedIssuanceLicenseNoMatchingIssuedPrincipal },
} satisfies Partial<Record<SoapOperationName, object>>

/** @param operation as the exchange names it; absent while it is not known */
export function faultNameOf(code: ErrorCode | undefined, operation?: string): FaultName {
  if (code === undefined) return faultNames.unspecifiedError
  return operationFaults[operation ?? '']?.[code] ?? faultMap[code] ?? faultNames.unspecifiedError
}

/** Faults travel with status 500, except where HTTP itself must act: sign in, come back later, look elsewhere. */
function statusOf(code: ErrorCode | undefined): number {
  switch (code) {
    case 'unauthenticated':
    // What a web server says whose file is denied: clients that look for another service wait for it.
    case 'service-read-only':
    case 'credentials-refused':
    case 'token-subject-mismatch':
    case 'client-certificate-refused':
      return 401
    case 'resource-unknown':
      return 404
    case 'request-timeout':
      return 408
    case 'request-misdirected':
      return 421
    case 'service-overloaded':
    case 'rate-limited':
    case 'authentication-throttled':
    case 'windows-sign-in-unavailable':
    case 'identity-provider-unavailable':
      return 503
    default:
      return 500
  }
}

export function writeSoapRefusal(
  code: ErrorCode | undefined,
  request: {
    readonly contentType: string | undefined
    readonly correlationId: string
    /** One WWW-Authenticate header each. */
    readonly challenges: readonly string[]
    readonly operation?: string | undefined
  },
): Refusal {
  const soapVersion = soapVersionOfContentType(request.contentType)
  const status = statusOf(code)
  return {
    status,
    headers: {
      'content-type': writeSoapHeaders(soapVersion).contentType,
      ...(status === 401 ? { 'www-authenticate': request.challenges } : {}),
      ...retryHeaders(code),
    },
    body: writeFault(soapVersion, faultNameOf(code, request.operation), publicText(code, request.correlationId)),
  }
}
