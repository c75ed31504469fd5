/**
 * What the refusals of the two protocols mean here. This is the one place where this client knows how an error looks on
 * the wire; whatever has no row is refused without a known reason.
 */
import { faultNames, lastSegment, parseProblem, problemNames } from '@sealward/protocol'
import type { Fault, Problem, SoapOperationName } from '@sealward/protocol'
import { decodeText, type ErrorCode, isRightsError, RightsError } from '@sealward/xrml'
import type { HttpAnswer } from './transport.ts'

const codesByFault: Partial<Record<keyof typeof faultNames, ErrorCode>> = {
  adEntrySearchFailed: 'user-not-in-directory',
  blackBoxIsInvalid: 'machine-excluded',
  clusterDecommissioned: 'cluster-decommissioned',
  clusterNotDecommissioned: 'cluster-not-decommissioned',
  credentialCreationTime: 'credential-too-new',
  drmacIsExcluded: 'account-excluded',
  invalidOfficialRightsTemplate: 'template-signature-invalid',
  invalidPersonaCertSignature: 'account-certificate-signature-invalid',
  invalidPersonaCertTime: 'account-certificate-expired',
  invalidRightsLabelSignature: 'publishing-license-signature-invalid',
  issuanceLicenseIsNotWithinValidTimeRange: 'publishing-license-outside-validity',
  noRightsForRequestedPrincipal: 'no-rights',
  onlinePublishingDisabled: 'online-publishing-disabled',
  rightsLabelNoMatchingIssuedPrincipal: 'no-matching-key',
  unexpectedPersonaCert: 'account-certificate-unexpected',
  unsignedIssuanceLicenseNoMatchingIssuedPrincipal: 'draft-principal-unknown',
  unsupportedCryptographicSet: 'cryptographic-mode-mismatch',
  unsupportedDataVersion: 'unsupported-data-version',
  untrustedPersonaCert: 'account-certificate-untrusted',
  verifyEmailAddressFailed: 'user-without-address',
  verifyMachineCertificateChainFailed: 'machine-chain-untrusted',
}

/** What exceptions mean in the answer to one operation (MS-RMSI 3.2.4.1). */
const codesOfOperation: Partial<Record<SoapOperationName, typeof codesByFault>> = {
  AcquireContentKey: {
    unauthorizedAccess: 'endpoint-closed',
    unsignedIssuanceLicenseNoMatchingIssuedPrincipal: 'no-matching-key',
  },
}

const faultByName: ReadonlyMap<string, keyof typeof faultNames> = new Map(
  Object.entries(faultNames).map(([key, name]) => [lastSegment(name), key as keyof typeof faultNames]),
)

/**
 * Some names stand for several reasons. This product's services write the code of theirs, in brackets, into the text behind
 * the name; only those that can be meant by such a name are believed.
 */
const statedCodes: ReadonlyMap<string, ErrorCode> = new Map([
  ['account-excluded', 'account-excluded'],
  ['client-certificate-refused', 'client-certificate-refused'],
  ['content-revoked', 'content-revoked'],
  ['endpoint-closed', 'endpoint-closed'],
  ['online-publishing-disabled', 'online-publishing-disabled'],
  ['owner-not-publisher', 'owner-not-publisher'],
  ['publishing-not-onboarded', 'publishing-not-onboarded'],
  ['service-read-only', 'service-read-only'],
  ['tenant-disabled', 'tenant-not-enabled'],
  ['tenant-not-activated', 'tenant-not-enabled'],
  ['token-subject-mismatch', 'token-subject-mismatch'],
  ['user-disabled', 'user-disabled'],
])

/** What a service cannot know at the moment; it has no name on the wire. */
const statedOutages: ReadonlyMap<string, ErrorCode> = new Map([
  ['directory-unavailable', 'directory-unavailable'],
  ['forest-unavailable', 'forest-unavailable'],
])

function statedCode(text: string, codes = statedCodes): ErrorCode | undefined {
  return codes.get(/\[([a-z-]{1,60})\]/.exec(text)?.[1] ?? '')
}

/** Sources disagree about the namespaces of fault names, so only the last segment counts. */
export function faultError(fault: Fault, operation: SoapOperationName): RightsError {
  const key = faultByName.get(fault.name)
  const stated =
    key === 'unauthorizedAccess'
      ? statedCode(fault.message)
      : key === 'noRightsForRequestedPrincipal' && statedCode(fault.message) === 'content-revoked'
        ? 'content-revoked'
        : key === 'unspecifiedError'
          ? statedCode(fault.message, statedOutages)
          : undefined
  const code = stated ?? (key === undefined ? undefined : (codesOfOperation[operation]?.[key] ?? codesByFault[key]))
  return code === undefined ? unnamed(fault.name) : new RightsError(code)
}

/**
 * A denial with status 401: the name and password, unless a fault gives another reason. A read-only service answers so,
 * like a web server whose file is denied.
 */
export function denialOf(fault: Fault | undefined): RightsError {
  return new RightsError(statedCode(fault?.message ?? '') ?? 'credentials-refused')
}

/** What an answer with a problem in its body means; without one its status has to do. */
export function refusalOf(answer: HttpAnswer): RightsError {
  if (answer.status === 401) return deniedAnswer(answer)
  if (answer.status !== 400 && answer.status !== 403 && answer.status !== 500) return statusError(answer)
  try {
    return problemError(parseProblem(decodeText(answer.body)))
  } catch (error) {
    return isRightsError(error) ? statusError(answer) : new RightsError('service-answer-refused', { cause: error })
  }
}

/** Our services say why, as `denialOf` reads it: a person, a token or the certificate of the connection may be refused. */
function deniedAnswer(answer: HttpAnswer): RightsError {
  const code = statedCode(Buffer.from(answer.body).toString('latin1'))
  return code === undefined ? statusError(answer) : new RightsError(code)
}

export function statusError({ status }: HttpAnswer): RightsError {
  if (status === 401) return new RightsError('credentials-refused')
  if (status === 404) return new RightsError('resource-unknown')
  const code = [429, 502, 503, 504].includes(status) ? 'service-unreachable' : 'service-answer-refused'
  return new RightsError(code, { detail: `HTTP status ${status}` })
}

function problemError(problem: Problem): RightsError {
  switch (problem.name) {
    case problemNames.badInput:
      return new RightsError('publishing-license-invalid')
    // A tenant that is not enabled, or has no key: the service has not begun or has ended for everybody.
    case problemNames.notSignedUp:
      return new RightsError('tenant-not-enabled')
    // Other services of this kind have the name for onboarding alone.
    case problemNames.serviceDisabled:
      return new RightsError(statedCode(problem.message) ?? 'publishing-not-onboarded')
    case problemNames.unrecognizedUrl:
    case problemNames.unknownTenant:
      return new RightsError('no-matching-key')
    default:
      return statedRefusal(problem)
  }
}

/** Refusals that only services of this product have. */
function statedRefusal(problem: Problem): RightsError {
  const code = statedCode(problem.message)
  return code === 'account-excluded' || code === 'owner-not-publisher' ? new RightsError(code) : unnamed(problem.name)
}

/** Only the name is shown, and only if it looks like one: the text is foreign. */
function unnamed(name: string): RightsError {
  return new RightsError('service-refused', /^\w{1,80}$/.test(name) ? { detail: name } : {})
}
