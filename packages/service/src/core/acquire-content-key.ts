/**
 * AcquireContentKey (MS-RMSI 3.2.4.1): the content key of any publishing licence of this cluster's keys, for nobody but
 * the accounts that an administrator has listed, and only once the cluster is decommissioned. No policy is evaluated, so
 * everything else counts all the more: the licence is verified like one that is to be licensed (threats C3, C5, X6), and
 * no key leaves before its record is durable.
 */
import { canonicalGuid, distributionUrl, recoveredKeyBytes, type OpenedPublishingLicense } from '@sealward/xrml'
import { readLicenseDocuments } from './acquire-license/license-documents.ts'
import { openLicense } from './acquire-license/open-license.ts'
import { verifyPublishingLicense, type VerifiedLicense } from './acquire-license/verify-publishing-license.ts'
import type { Configuration } from './configuration.ts'
import { requireAdmitted } from './admitted.ts'
import { excludableCaller, requireNotExcluded } from './exclusion.ts'
import { acceptedOwner } from './owner.ts'
import type { CoreContext, DirectoryCaller, RequestInfo } from './ports.ts'
import { recordDecision, recordingRefusals, untilRecorded } from './records.ts'
import { idOf } from './sender.ts'
import { serviceState } from './service-state.ts'

export interface AcquireContentKeyRequest {
  readonly info: RequestInfo
  readonly caller: DirectoryCaller
  /** Publishing licence first; behind it the client licensor certificate, if it was published offline. */
  readonly publishingLicense: readonly string[]
}

/**
 * @returns KeyHeader and key, as they were sealed
 * @throws RightsError the codes of serviceState, requireAdmitted, requireNotExcluded and verifyPublishingLicense;
 * `publishing-license-invalid`, `symmetric-key-unsupported`, `unsealing-throttled`
 */
export async function acquireContentKey(context: CoreContext, request: AcquireContentKeyRequest): Promise<Uint8Array> {
  const { info, caller } = request
  return untilRecorded(async () => {
    const { configuration } = await serviceState(context, 'acquire-content-key')
    return recordingRefusals(context, { operation: 'acquire-content-key', info, caller }, async () => {
      await requireAdmitted(context, configuration, caller, 'decommissioning')
      requireNotExcluded(configuration, excludableCaller(caller))
      const documents = readLicenseDocuments(context.cluster.limits, request.publishingLicense)
      const verified = verifyPublishingLicense(configuration, documents, context.clock.now())
      const opened = await openLicense(context, verified, idOf(caller))
      const recorded = await record(context, request, { configuration, verified, opened })
      return recorded ? recoveredKeyBytes(opened.contentKey) : undefined
    })
  })
}

/** @returns false if the configuration has changed since: the account may be off the list by now */
async function record(
  context: CoreContext,
  { info, caller }: AcquireContentKeyRequest,
  {
    configuration,
    verified,
    opened,
  }: {
    readonly configuration: Configuration
    readonly verified: VerifiedLicense
    readonly opened: OpenedPublishingLicense
  },
): Promise<boolean> {
  const { license, key, issuer } = verified
  const owner = acceptedOwner(context.cluster, license.work.owner?.address, issuer)
  const url = distributionUrl(license.distributionPoints, 'License-Acquisition-URL')
  return recordDecision(context, configuration, {
    operation: 'acquire-content-key',
    info,
    caller,
    facts: {
      contentId: canonicalGuid(license.work.object.id),
      key: key.id,
      ...(issuer[0] === undefined ? {} : { issuer: issuer[0] }),
      ...(owner === undefined ? {} : { owner }),
      publishedAt: license.issuedAt.toISOString(),
      ...(url === undefined ? {} : { url }),
    },
    details: { ground: 'decommissioned', marks: opened.bound ? [] : ['seal-not-bound'] },
  })
}
