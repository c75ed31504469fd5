/**
 * Revocation by the publisher of a document, over the network: whoever answers for the publishing licence takes its
 * document back, or gives it free again. An extension of this product; tenants of the cloud have it on their tracking site.
 */
import { canonicalGuid, RightsError } from '@sealward/xrml'
import { readSerializedDocuments } from './acquire-license/license-documents.ts'
import { openLicense } from './acquire-license/open-license.ts'
import { verifyPublishingLicense } from './acquire-license/verify-publishing-license.ts'
import { requireCaller } from './certify.ts'
import type { Configuration } from './configuration.ts'
import { excludableReader, requireNotExcluded } from './exclusion.ts'
import { acceptedOwner } from './owner.ts'
import type { Caller, CoreContext, RequestInfo } from './ports.ts'
import { recordDecision, recordingRefusals, untilRecorded } from './records.ts'
import { readerOfCaller } from './resolve-principal.ts'
import { horizonOf, type RevocationHorizon } from './revocation-horizon.ts'
import { publishersOf } from './revocation.ts'
import { serviceState } from './service-state.ts'

export interface RevokeContentRequest {
  readonly info: RequestInfo
  readonly caller: Caller | undefined
  /** The publishing licence and what stands behind it in the file. */
  readonly serialized: string
  /** Takes the revocation back. */
  readonly undo: boolean
}

export interface RevokedContent {
  /** Canonical GUID. */
  readonly contentId: string
  readonly horizon: RevocationHorizon
}

const operation = 'revoke-content'

/**
 * @throws RightsError the codes of serviceState, requireNotExcluded and verifyPublishingLicense; `unauthenticated`,
 * `user-disabled`, `publishing-license-invalid`, `unsealing-throttled`, `owner-not-publisher` for everybody but the publisher
 */
export async function revokeContent(context: CoreContext, request: RevokeContentRequest): Promise<RevokedContent> {
  return untilRecorded(async () => {
    const { configuration } = await serviceState(context, operation)
    const caller = requireCaller(request.caller)
    return recordingRefusals(context, { operation, info: request.info, caller }, () =>
      revokeOnce(context, { ...request, caller }, configuration),
    )
  })
}

async function revokeOnce(
  context: CoreContext,
  { info, caller, serialized, undo }: RevokeContentRequest & { readonly caller: Caller },
  configuration: Configuration,
): Promise<RevokedContent | undefined> {
  const reader = await readerOfCaller(context, configuration, caller)
  requireNotExcluded(configuration, excludableReader(reader))
  const verified = verifyPublishingLicense(
    configuration,
    readSerializedDocuments(context.cluster.limits, serialized),
    context.clock.now(),
  )
  // A licence that does not open is none of this service, whatever it says.
  await openLicense(context, verified, reader.id)
  const { license, issuer } = verified
  const owner = acceptedOwner(context.cluster, license.work.owner?.address, issuer)
  const publishers = publishersOf({ issuer, owner })
  const [publisher] = publishers
  if (publisher === undefined || !publishers.some((address) => reader.principal.addresses.includes(address))) {
    throw new RightsError('owner-not-publisher')
  }
  const contentId = canonicalGuid(license.work.object.id)
  let horizon: RevocationHorizon | undefined
  const recorded = await recordDecision(context, configuration, async (repositories) => {
    const { revocations } = repositories
    if (undo) await revocations.remove('content-id', contentId, publisher)
    else {
      const revokedAt = context.clock.now()
      await revocations.put({
        type: 'content-id',
        subject: contentId,
        publisher,
        idType: 'MS-GUID',
        modulus: '',
        revokedAt,
      })
    }
    horizon = await horizonOf(context, repositories, { contentId })
    return { operation, info, caller, facts: { contentId }, details: { undo } }
  })
  return recorded && horizon !== undefined ? { contentId, horizon } : undefined
}
