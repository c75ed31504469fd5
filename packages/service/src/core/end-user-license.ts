/**
 * End-user licences for callers of the JSON protocol: the same evaluation as AcquireLicense, for the authenticated caller
 * instead of an account certificate. A refusal by the policy is an answer, not an error; a licence that is damaged or of
 * another service is an error.
 */
import { isJsonLicense, parseJsonLicense } from '@sealward/protocol'
import type { GrantedEndUserLicense, RefusedEndUserLicense } from '@sealward/protocol'
import {
  canonicalGuid,
  distributionUrl,
  isRightsError,
  type ApplicationDatum,
  type ContentKey,
  type RightsDecision,
  type RightsPolicy,
} from '@sealward/xrml'
import { evaluate, evaluateLicense, type Evaluation } from './acquire-license/evaluate-license.ts'
import type { WeighedLicense } from './acquire-license/weighed-license.ts'
import { readSerializedDocuments } from './acquire-license/license-documents.ts'
import type { Configuration } from './configuration.ts'
import { timesOfGrant } from './license-times.ts'
import { requireCaller } from './certify.ts'
import { weighJsonLicense } from './offline-publishing/weigh-json-license.ts'
import { showPolicy } from './shown-policy.ts'
import type { Caller, CoreContext, RequestInfo } from './ports.ts'
import { forbidsCache, noLicenseCache } from './publish/rights-data.ts'
import { readerOfCaller, type Reader } from './resolve-principal.ts'
import { serviceState } from './service-state.ts'
import { shownTemplate } from './templates.ts'

export interface EndUserLicenseRequest {
  readonly info: RequestInfo
  readonly caller: Caller
  /** The documents one after the other, or a licence in JSON, as decoded from the file. */
  readonly serialized: string
}

export type EndUserLicense =
  | RefusedEndUserLicense
  | (Omit<GrantedEndUserLicense, 'key'> & { readonly contentKey: ContentKey })

type Granted = Extract<RightsDecision, { granted: true }>

/**
 * @throws RightsError `unauthenticated`, `user-disabled`, the codes of serviceState and verifyPublishingLicense, `publishing-license-invalid`,
 * `json-license-invalid`, `template-signature-invalid`, `unsealing-throttled`
 */
export async function acquireEndUserLicense(
  context: CoreContext,
  request: EndUserLicenseRequest,
): Promise<EndUserLicense> {
  await serviceState(context, 'acquire-end-user-license')
  const caller = requireCaller(request.caller)
  const evaluation = await evaluateOrRefuse(context, request, caller)
  if (typeof evaluation === 'string') return { status: evaluation, issuedTo: caller.user.address }
  const details = detailsOf(evaluation)
  const { decision } = evaluation
  if (decision.granted) return { ...details, ...grantOf(context, evaluation, decision) }
  return { status: decision.reason === 'content-expired' ? 'ContentExpired' : 'AccessDenied', ...details }
}

/** A transplanted key, somebody who is excluded, and a licence that is over are refused without a word about the licence. */
async function evaluateOrRefuse(
  context: CoreContext,
  request: EndUserLicenseRequest,
  caller: Caller,
): Promise<Evaluation<WeighedLicense> | RefusedEndUserLicense['status']> {
  const { info, serialized } = request
  const reader = (configuration: Configuration): Promise<Reader> => readerOfCaller(context, configuration, caller)
  const asking = { operation: 'acquire-end-user-license', info, caller, reader } as const
  try {
    if (!isJsonLicense(serialized)) {
      return await evaluateLicense(context, {
        ...asking,
        documents: readSerializedDocuments(context.cluster.limits, serialized),
      })
    }
    const license = parseJsonLicense(serialized)
    return await evaluate(context, asking, (configuration, person) =>
      weighJsonLicense(context, configuration, person, license),
    )
  } catch (error) {
    if (isRightsError(error, 'key-transplant-refused', 'account-excluded')) return 'AccessDenied'
    // Clients take all but an answer for an error of the service. Of a licence in JSON the code says something else: that it
    // was not issued while its certificate was valid.
    if (isRightsError(error, 'publishing-license-outside-validity') && !isJsonLicense(serialized))
      return 'ContentExpired'
    throw error
  }
}

function detailsOf({ template, policy, license, owner, reader }: Evaluation<WeighedLicense>) {
  const [name] = policy.names
  const shown = template === undefined ? undefined : shownTemplate(template, [])
  const id = shown?.id ?? (policy.id === undefined ? undefined : `{${policy.id}}`)
  const title = shown?.name ?? name?.name
  const description = shown?.description ?? name?.description
  const referrer = policy.referral ?? distributionUrl(license.distributionPoints, 'Referral-Info')
  return {
    ...(id === undefined ? {} : { id }),
    ...(title === undefined ? {} : { name: title }),
    ...(description === undefined ? {} : { description }),
    ...(referrer === undefined ? {} : { referrer }),
    ...(owner === undefined ? {} : { owner }),
    issuedTo: reader.address,
    contentId: `{${canonicalGuid(license.work.object.id)}}`,
  }
}

function grantOf(context: CoreContext, evaluation: Evaluation<WeighedLicense>, decision: Granted) {
  const { policy, template, license, opened } = evaluation
  const rights = decision.rights.map(({ right }) => right)
  const contentEnd = decision.ground === 'policy' ? contentEndOf(policy, license.issuedAt) : undefined
  const licenseEnd = licenseEndOf(context, evaluation, decision)
  // What a super user keeps would outlive the power to open it.
  const superUser = decision.ground === 'super-user'
  const mayOffline = !superUser && ![...policy.applicationData, ...license.applicationData].some(forbidsCache)
  const maySeePolicy = ['OWNER', 'VIEWRIGHTSDATA', 'EDITRIGHTSDATA'].some((right) => rights.includes(right))
  return {
    status: 'AccessGranted',
    contentKey: opened.contentKey,
    rights,
    fromTemplate: template !== undefined || policy.official,
    ...(contentEnd === undefined ? {} : { contentValidUntil: contentEnd }),
    ...(licenseEnd === undefined ? {} : { licenseValidUntil: licenseEnd }),
    allowOfflineAccess: mayOffline,
    ...(maySeePolicy ? { policy: showPolicy(policy, mayOffline, contentEnd) } : {}),
    signedApplicationData: dataOf(license.applicationData),
    encryptedApplicationData: dataOf(policy.applicationData),
  } as const
}

function contentEndOf({ preconditions }: RightsPolicy, publishedAt: Date): Date | undefined {
  return earliest([
    ...preconditions.ranges.map((range) => range.until),
    ...preconditions.intervals.map((interval) => new Date(publishedAt.getTime() + interval)),
  ])
}

/** When the first of the rights ends: the protocol has one end for all of them. */
function licenseEndOf(
  context: CoreContext,
  { license, configuration }: Evaluation<WeighedLicense>,
  { ground, rights }: Granted,
): Date | undefined {
  const now = context.clock.now().getTime()
  return earliest(
    rights.flatMap(({ times }) => {
      const grant = { ground, validity: license.validity, times }
      const { ranges, intervals } = timesOfGrant(context, configuration, grant)
      return [...ranges.map((range) => range.until), ...intervals.map((interval) => new Date(now + interval))]
    }),
  )
}

function earliest(times: readonly Date[]): Date | undefined {
  return times.length === 0 ? undefined : new Date(Math.min(...times.map((time) => time.getTime())))
}

function dataOf(data: readonly ApplicationDatum[]): ReadonlyMap<string, string> {
  const own = data.filter((datum) => datum.name !== noLicenseCache.name)
  return new Map(own.map(({ name, value }) => [name, value]))
}
