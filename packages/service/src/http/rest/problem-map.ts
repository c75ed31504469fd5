/**
 * The one place that knows how a refusal looks to a REST client: a status and a name. Clients tell few names apart and
 * only with status 400; 401, 404 and 502 have a meaning of their own, everything else is a general failure to them.
 * Refusals by policy never come here: they are answers (`AccessStatus`).
 */
import { problemNames, writeProblem } from '@sealward/protocol'
import type { ErrorCode } from '@sealward/xrml'
import { publicText, retryHeaders, type Refusal } from '../refusal.ts'

interface ProblemKind {
  readonly status: number
  readonly name: string
}

const badInput: ProblemKind = { status: 400, name: problemNames.badInput }
const unrecognizedUrl: ProblemKind = { status: 400, name: problemNames.unrecognizedUrl }
const unauthorized: ProblemKind = { status: 401, name: 'UnauthorizedException' }
const accessDenied: ProblemKind = { status: 403, name: 'AccessDeniedException' }
const throttled: ProblemKind = { status: 429, name: 'TooManyRequestsException' }
/** To clients, the one status of a service that is not there. */
const unreachable: ProblemKind = { status: 502, name: 'ServiceUnavailableException' }
const unavailable: ProblemKind = { status: 503, name: 'ServiceUnavailableException' }
const unspecified: ProblemKind = { status: 500, name: 'UnspecifiedErrorException' }

export const problemMap: Partial<Record<ErrorCode, ProblemKind>> = {
  // HTTP
  unauthenticated: unauthorized,
  'credentials-refused': unauthorized,
  'token-subject-mismatch': unauthorized,
  'client-certificate-refused': unauthorized,
  'user-disabled': unauthorized,
  'resource-unknown': { status: 404, name: 'ResourceNotFoundException' },
  'method-not-allowed': { status: 405, name: 'MethodNotAllowedException' },
  'request-timeout': { status: 408, name: 'RequestTimeoutException' },
  'request-misdirected': { status: 421, name: 'MisdirectedRequestException' },
  'request-too-large': { status: 413, name: 'RequestTooLargeException' },
  'request-malformed': { status: 400, name: 'MalformedRequestException' },
  'plain-http-refused': accessDenied,
  'authentication-throttled': throttled,
  'unsealing-throttled': throttled,
  'rate-limited': throttled,
  'service-overloaded': unavailable,
  'windows-sign-in-unavailable': unreachable,
  'directory-unavailable': unreachable,
  'forest-unavailable': unreachable,
  'identity-provider-unavailable': unreachable,
  'store-refused': unreachable,
  // The message
  'rest-message-invalid': badInput,
  'json-license-invalid': badInput,
  'text-encoding-refused': badInput,
  'xml-not-well-formed': badInput,
  'xml-dtd-refused': badInput,
  'xml-limit-exceeded': badInput,
  'public-key-invalid': badInput,
  'machine-key-refused': badInput,
  // The service and the caller
  'cluster-decommissioned': { status: 400, name: problemNames.notSignedUp },
  'tenant-not-activated': { status: 400, name: problemNames.notSignedUp },
  'tenant-disabled': { status: 400, name: problemNames.notSignedUp },
  'service-read-only': { status: 400, name: problemNames.serviceDisabled },
  'publishing-not-onboarded': { status: 400, name: problemNames.serviceDisabled },
  'no-active-key': { status: 400, name: problemNames.notSignedUp },
  'online-publishing-disabled': { status: 400, name: problemNames.serviceDisabled },
  'device-platform-refused': { status: 400, name: problemNames.devicePlatformDisabled },
  'device-platform-unknown': { status: 400, name: problemNames.devicePlatformNotRecognized },
  'application-refused': { status: 400, name: problemNames.serviceDisabledForApplication },
  'user-not-in-directory': accessDenied,
  'user-without-address': accessDenied,
  // The publishing licence
  'publishing-license-invalid': badInput,
  'publishing-license-signature-invalid': badInput,
  'publishing-license-outside-validity': badInput,
  'no-matching-key': unrecognizedUrl,
  'tenant-unknown': { status: 400, name: problemNames.unknownTenant },
  'symmetric-key-unsupported': badInput,
  'cipher-mode-unknown': badInput,
  'template-signature-invalid': badInput,
  'key-transplant-refused': accessDenied,
  'owner-not-publisher': accessDenied,
  'account-excluded': accessDenied,
  'machine-excluded': accessDenied,
  'content-revoked': accessDenied,
  'no-rights': accessDenied,
  'content-expired': accessDenied,
  // Publishing
  'template-unknown': badInput,
  'policy-refused': badInput,
  'address-refused': badInput,
}

function problemOf(code: ErrorCode | undefined): ProblemKind {
  return (code === undefined ? undefined : problemMap[code]) ?? unspecified
}

/** @param request.challenges one WWW-Authenticate header each; clients do not understand two in one */
export function writeRestRefusal(
  code: ErrorCode | undefined,
  request: { readonly correlationId: string; readonly challenges: readonly string[] },
): Refusal {
  const { status, name } = problemOf(code)
  return {
    status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      ...(status === 401 ? { 'www-authenticate': request.challenges } : {}),
      ...retryHeaders(code),
    },
    body: writeProblem({ name, message: publicText(code, request.correlationId) }),
  }
}
