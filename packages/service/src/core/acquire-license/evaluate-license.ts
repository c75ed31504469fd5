/**
 * The one evaluation behind every door (threat P16): verify the licence, open it, find the policy that holds now, decide,
 * record. It says yes or no; what a yes looks like on the wire is the door's own step.
 */
import {
  canonicalGuid,
  distributionUrl,
  type OpenedPublishingLicense,
  type RightsDecision,
  type XrmlDocument,
} from '@sealward/xrml'
import type { Configuration } from '../configuration.ts'
import type { LogRecord } from '../log-chain.ts'
import { checkLineage, lineageTag, recordHolder } from '../lineage.ts'
import { acceptedOwner } from '../owner.ts'
import type { CoreContext, RequestInfo, Sender } from '../ports.ts'
import type { OperationName } from '../operations.ts'
import { recordDecision, recordingRefusals, untilRecorded } from '../records.ts'
import type { Reader } from '../resolve-principal.ts'
import { serviceState } from '../service-state.ts'
import { decideAcrossForests } from './decide-across-forests.ts'
import { openLicense, policyNow, type CurrentPolicy } from './open-license.ts'
import { verifyPublishingLicense, type VerifiedLicense } from './verify-publishing-license.ts'

export interface EvaluationRequest {
  readonly operation: OperationName
  readonly info: RequestInfo
  readonly caller?: Sender
  readonly documents: readonly XrmlDocument[]
  /** Who asks; found again when the configuration changed meanwhile. */
  readonly reader: (configuration: Configuration) => Promise<Reader>
  /** When the reader's credentials were created, if the account certificate says so. */
  readonly credentialCreatedAt?: Date | undefined
  readonly checkReader?: (verified: VerifiedLicense) => void
}

export interface Evaluation extends VerifiedLicense, CurrentPolicy {
  readonly configuration: Configuration
  readonly reader: Reader
  readonly opened: OpenedPublishingLicense
  readonly owner: string | undefined
  readonly decision: RightsDecision
  /** Of the use licence that a grant leads to. */
  readonly licenseId: string
}

/**
 * Decision and record are one transaction, and it holds only for the configuration that the decision was made under: what
 * an administrator takes back is never granted after that (threats P18, S3). No key has left when this returns.
 */
export async function evaluateLicense(context: CoreContext, request: EvaluationRequest): Promise<Evaluation> {
  return untilRecorded(async () => {
    const { configuration } = await serviceState(context, request.operation)
    const reader = await request.reader(configuration)
    const { operation, info, caller } = request
    const asker = { operation, info, caller, user: reader.id, address: reader.address }
    return recordingRefusals(context, asker, async () => {
      const decided = await weighLicense(context, configuration, reader, request)
      return (await record(context, request, decided)) ? decided : undefined
    })
  })
}

/** The evaluation without its record: nothing is stored, and nothing may leave on the strength of it. */
export async function weighLicense(
  context: CoreContext,
  configuration: Configuration,
  reader: Reader,
  request: Pick<EvaluationRequest, 'documents' | 'checkReader'>,
): Promise<Evaluation> {
  const now = context.clock.now()
  const verified = verifyPublishingLicense(configuration, request.documents, now)
  request.checkReader?.(verified)
  const opened = await openLicense(context, verified, reader.id)
  const current = policyNow(configuration, opened, verified.key)
  const owner = acceptedOwner(context.cluster, verified.license.work.owner?.address, verified.issuer)
  const decision = await decideAcrossForests(context, reader.address, {
    policy: current.policy,
    principal: reader.principal,
    owner,
    issuer: verified.issuer,
    publishedAt: verified.license.issuedAt,
    now,
  })
  const licenseId = context.random.guid()
  return { ...verified, ...current, configuration, reader, opened, owner, decision, licenseId }
}

/** @returns false if the configuration has changed since the decision was made */
async function record(context: CoreContext, request: EvaluationRequest, evaluation: Evaluation): Promise<boolean> {
  const { decision, license, opened, issuer, owner, reader, configuration } = evaluation
  const contentId = canonicalGuid(license.work.object.id)
  const url = distributionUrl(license.distributionPoints, 'License-Acquisition-URL')
  const tag = lineageTag(context, opened.contentKey)
  return recordDecision(context, configuration, async (repositories) => {
    const suspect = await checkLineage(context, repositories, tag, { contentId, issuer, owner })
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
}

function grantDetails({ decision, licenseId }: Evaluation): LogRecord {
  if (!decision.granted) return {}
  const rights = decision.rights.map((granted) => granted.right)
  return { ground: decision.ground, rights, licenseId }
}

/** What an auditor looks for: powers that go beyond the policy, and licences that are not as they should be. */
function marksOf({ decision, opened }: Evaluation, suspect: boolean): readonly string[] {
  return [
    ...(decision.granted && decision.ground === 'super-user' ? ['super-user'] : []),
    ...(opened.bound ? [] : ['seal-not-bound']),
    ...(suspect ? ['key-transplant'] : []),
  ]
}
