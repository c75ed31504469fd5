/**
 * The one evaluation behind every door (threat P16): verify the licence, open it, find the policy that holds now, decide,
 * record. It says yes or no; what a yes looks like on the wire is the door's own step.
 */
import {
  canonicalGuid,
  type AccountCertificate,
  distributionUrl,
  RightsError,
  type OpenedPublishingLicense,
  type PublishingLicense,
  type RightsDecision,
  type XrmlDocument,
} from '@sealward/xrml'
import type { Configuration } from '../configuration.ts'
import { excludableReader, requireNotExcluded } from '../exclusion.ts'
import { issuedLicenseOf } from '../issued-license.ts'
import type { LogRecord } from '../log-chain.ts'
import { checkLineage, lineageTag, recordHolder, type LicenseOrigin } from '../lineage.ts'
import { acceptedOwner } from '../owner.ts'
import type { CoreContext, RequestInfo, Sender } from '../ports.ts'
import type { OperationName } from '../operations.ts'
import { payerOf, requestCost, requireRateOfPerson } from '../require-rate.ts'
import { recordDecision, recordingRefusals, untilRecorded } from '../records.ts'
import type { Reader } from '../resolve-principal.ts'
import { isRevoked } from '../revocation.ts'
import { serviceState } from '../service-state.ts'
import type { Repositories } from '../store.ts'
import { traced, type Trace } from '../decision-trace.ts'
import { decideTrace, policyText, verifiedText } from './decision-texts.ts'
import { decideAcrossForests } from './decide-across-forests.ts'
import { openLicense, policyNow, type CurrentPolicy } from './open-license.ts'
import type { WeighedLicense } from './weighed-license.ts'
import { verifyPublishingLicense, type VerifiedLicense } from './verify-publishing-license.ts'

export interface Asking {
  readonly operation: OperationName
  readonly info: RequestInfo
  readonly caller?: Sender
  /** Who asks; found again when the configuration changed meanwhile. */
  readonly reader: (configuration: Configuration) => Promise<Reader>
}

export interface EvaluationRequest extends Asking {
  readonly documents: readonly XrmlDocument[]
  /** When the reader's credentials were created, if the account certificate says so. */
  readonly credentialCreatedAt?: Date | undefined
  /** With which the reader asks, if not as a caller. */
  readonly account?: AccountCertificate
  readonly checkReader?: (verified: VerifiedLicense) => void
}

/** What the policy says, unless the document is revoked. */
export type LicenseDecision = RightsDecision | { readonly granted: false; readonly reason: 'content-revoked' }

export interface Evaluation<License extends WeighedLicense = PublishingLicense>
  extends Omit<VerifiedLicense, 'license'>,
    CurrentPolicy {
  readonly license: License
  readonly configuration: Configuration
  readonly reader: Reader
  readonly opened: Pick<OpenedPublishingLicense, 'contentKey' | 'bound'>
  readonly owner: string | undefined
  readonly decision: LicenseDecision
  /** Of the use licence that a grant leads to. */
  readonly licenseId: string
}

/**
 * Decision and record are one transaction, and it holds only for the configuration that the decision was made under: what
 * an administrator takes back is never granted after that (threats P18, S3). No key has left when this returns.
 */
export async function evaluateLicense(context: CoreContext, request: EvaluationRequest): Promise<Evaluation> {
  return evaluate(context, request, (configuration, reader) => weighLicense(context, configuration, reader, request))
}

/** The same for a licence of any form. @param weigh the evaluation without its record */
export async function evaluate<License extends WeighedLicense>(
  context: CoreContext,
  request: Asking,
  weigh: (configuration: Configuration, reader: Reader) => Promise<Evaluation<License>>,
): Promise<Evaluation<License>> {
  return untilRecorded(async () => {
    const { configuration } = await serviceState(context, request.operation)
    const reader = await request.reader(configuration)
    const { operation, info, caller } = request
    await requireRateOfPerson(context, caller === undefined ? reader : payerOf(caller), requestCost.license)
    const asker = { operation, info, caller, user: reader.id, address: reader.address }
    return recordingRefusals(context, asker, async () => {
      const decided = await weigh(configuration, reader)
      return record(context, request, decided)
    })
  })
}

/** A reason as doors without an answer of their own for it refuse. */
export function refusalOf(reason: Extract<LicenseDecision, { granted: false }>['reason']): RightsError {
  return new RightsError(reason === 'not-yet-valid' ? 'no-rights' : reason)
}

/** The evaluation without its record: nothing is stored, and nothing may leave on the strength of it. */
export async function weighLicense(
  context: CoreContext,
  configuration: Configuration,
  reader: Reader,
  request: Pick<EvaluationRequest, 'documents' | 'account' | 'checkReader'> & {
    /** Who is slowed down by licences that cannot be opened, instead of the reader. */
    readonly throttled?: string
    readonly trace?: Trace
  },
): Promise<Evaluation> {
  const { trace } = request
  await traced(trace, 'exclusion', () => requireNotExcluded(configuration, excludableReader(reader), request.account))
  const now = context.clock.now()
  const verified = await traced(
    trace,
    'licence-signed',
    () => verifyPublishingLicense(configuration, request.documents, now),
    verifiedText,
  )
  request.checkReader?.(verified)
  const opened = await traced(trace, 'licence-opened', () =>
    openLicense(context, verified, request.throttled ?? reader.id),
  )
  const current = await traced(
    trace,
    'policy',
    () => policyNow(configuration, opened, verified.key),
    (found) => policyText(found, opened.policy.id),
  )
  const owner = acceptedOwner(context.cluster, verified.license.work.owner?.address, verified.issuer)
  const question = {
    policy: current.policy,
    principal: reader.principal,
    owner,
    issuer: verified.issuer,
    publishedAt: verified.license.issuedAt,
    now,
  }
  const decision = await decideAcrossForests(context, reader.address, question, trace && decideTrace(trace, question))
  const licenseId = context.random.guid()
  return { ...verified, ...current, configuration, reader, opened, owner, decision, licenseId }
}

/** Who answers for the content key of the licence. */
export function originOfLicense({ license, issuer, owner }: Evaluation<WeighedLicense>): LicenseOrigin {
  return { contentId: canonicalGuid(license.work.object.id), issuer, owner }
}

/** @returns what was recorded; undefined if the configuration has changed since the decision was made */
async function record<License extends WeighedLicense>(
  context: CoreContext,
  request: Asking,
  weighed: Evaluation<License>,
): Promise<Evaluation<License> | undefined> {
  const { license, opened, issuer, owner, reader, configuration } = weighed
  const origin = originOfLicense(weighed)
  const { contentId } = origin
  const url = distributionUrl(license.distributionPoints, 'License-Acquisition-URL')
  const tag = lineageTag(context, opened.contentKey)
  let evaluation = weighed
  const recorded = await recordDecision(context, configuration, async (repositories) => {
    const suspect = await checkLineage(context, repositories, tag, origin)
    evaluation = await unlessRevoked(repositories, weighed, { suspect, tag })
    const { decision } = evaluation
    const issued = issuedLicenseOf(context, evaluation)
    if (issued !== undefined) await repositories.issuedLicenses.put(issued)
    if (decision.granted) {
      const rights = decision.rights.map((granted) => granted.right)
      await recordHolder(repositories, tag, reader.address, rights)
    }
    return {
      operation: request.operation,
      info: request.info,
      caller: request.caller,
      user: reader.id,
      address: reader.address,
      ...(decision.granted ? {} : { refusal: decision.reason }),
      facts: {
        contentId,
        key: evaluation.key.id,
        ...(issuer[0] === undefined ? {} : { issuer: issuer[0] }),
        ...(owner === undefined ? {} : { owner }),
        ...(evaluation.template === undefined ? {} : { template: evaluation.template.id }),
        publishedAt: license.issuedAt.toISOString(),
        ...(url === undefined ? {} : { url }),
      },
      details: { ...grantDetails(evaluation), marks: marksOf(evaluation, suspect) },
    }
  })
  return recorded ? evaluation : undefined
}

/** The last thing that is read before the record. */
export async function unlessRevoked<License extends WeighedLicense>(
  repositories: Pick<Repositories, 'revocations' | 'lineage'>,
  evaluation: Evaluation<License>,
  key: { readonly suspect: boolean; readonly tag: string },
): Promise<Evaluation<License>> {
  if (!evaluation.decision.granted || !(await isRevoked(repositories, evaluation, key))) return evaluation
  return { ...evaluation, decision: { granted: false, reason: 'content-revoked' } }
}

function grantDetails({ decision, licenseId }: Evaluation<WeighedLicense>): LogRecord {
  if (!decision.granted) return {}
  const rights = decision.rights.map((granted) => granted.right)
  return { ground: decision.ground, rights, licenseId }
}

/** What an auditor looks for: powers that go beyond the policy, and licences that are not as they should be. */
function marksOf({ decision, opened }: Evaluation<WeighedLicense>, suspect: boolean): readonly string[] {
  return [
    ...(decision.granted && decision.ground === 'super-user' ? ['super-user'] : []),
    ...(opened.bound ? [] : ['seal-not-bound']),
    ...(suspect ? ['key-transplant'] : []),
  ]
}
