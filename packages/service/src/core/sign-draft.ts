/**
 * AcquireIssuanceLicense (MS-RMPR 3.5.4.1): signs the publishing licence that a client has drawn up. Here, and only here,
 * the seal of the content key must be bound to the draft; the licence gets a new seal and its issue time from the service.
 */
import {
  canonicalGuid,
  parsePublishingLicense,
  parseXrml,
  RightsError,
  sameId,
  type OpenedPublishingLicense,
  type PublishingLicense,
} from '@sealward/xrml'
import { checkTemplateSignature, openLicense } from './acquire-license/open-license.ts'
import { requireSender } from './certify.ts'
import { keyOf, type Configuration, type ServiceKey } from './configuration.ts'
import { documentLimits } from './limits.ts'
import { checkLineage, lineageTag } from './lineage.ts'
import { acceptedOwner } from './owner.ts'
import { excludableReader, requireNotExcluded } from './exclusion.ts'
import type { Caller, CoreContext, FederatedCaller, RequestInfo, Sender } from './ports.ts'
import { recordDecision, recordingRefusals, untilRecorded } from './records.ts'
import { readerOfCaller } from './resolve-principal.ts'
import { requirePublisher, serviceState, type ServiceState } from './service-state.ts'
import { signOpenedDraft } from './sign-opened-draft.ts'

export interface SignDraftRequest {
  readonly info: RequestInfo
  /** Required: the owner of a licence signed by the service is vouched for by the service. */
  readonly caller?: Sender
  /** The unsigned licence. */
  readonly draft: string
}

/**
 * @throws RightsError the codes of serviceState, requireSender, requireNotExcluded and requirePublisher; `online-publishing-disabled`,
 * `publishing-license-invalid`,
 * `draft-principal-unknown`, `draft-seal-mismatch`, `symmetric-key-unsupported`, `template-signature-invalid`,
 * `owner-not-publisher`, `key-transplant-refused`, `unsealing-throttled`
 */
export async function signDraft(
  context: CoreContext,
  request: SignDraftRequest,
): Promise<{ readonly chain: readonly string[] }> {
  return untilRecorded(async () => {
    const { configuration, activeKey } = await serviceState(context, 'sign-draft')
    if (!context.cluster.onlinePublishing) throw new RightsError('online-publishing-disabled')
    const { caller: sender, info } = request
    // Federated people sign in at addresses of their own, and are nobody elsewhere.
    const caller = requireSender(context, { caller: sender, info, federated: sender?.authentication === 'federated' })
    const signed = await recordingRefusals(context, { operation: 'sign-draft', info: request.info, caller }, () =>
      signFor(context, request, { configuration, activeKey, caller }),
    )
    return signed === undefined ? undefined : { chain: [signed, ...activeKey.chain] }
  })
}

async function signFor(
  context: CoreContext,
  request: SignDraftRequest,
  { configuration, activeKey, caller }: ServiceState & { readonly caller: Caller | FederatedCaller },
): Promise<string | undefined> {
  const reader = await readerOfCaller(context, configuration, caller)
  requireNotExcluded(configuration, excludableReader(reader))
  requirePublisher(context, configuration, reader.principal.groups, request.info.door)
  const draft = readDraft(context, request.draft)
  const key = principalKey(configuration, draft)
  const opened = await openLicense(context, { license: draft, key }, caller.user.id)
  if (opened.policy.official) checkTemplateSignature(configuration, opened)
  if (!opened.bound) throw new RightsError('draft-seal-mismatch')
  const owner = checkOwner(context, draft, caller)
  const license = await signOpenedDraft(
    context,
    { draft, opened, contentKey: opened.contentKey },
    { configuration, activeKey },
  )
  const recorded = await record(context, { request, configuration, caller, draft, opened, owner, key })
  return recorded ? license : undefined
}

/** @throws RightsError `publishing-license-invalid` */
export function readDraft({ cluster }: Pick<CoreContext, 'cluster'>, text: string): PublishingLicense {
  try {
    return parsePublishingLicense(parseXrml(text, documentLimits(cluster.limits)))
  } catch (cause) {
    throw new RightsError('publishing-license-invalid', { cause })
  }
}

/** Drafts for a trusted publishing domain are accepted too; the signed licence is made for the active key. */
export function principalKey(configuration: Configuration, draft: PublishingLicense): ServiceKey {
  const key = keyOf(configuration, draft.server.publicKey)
  const known =
    key !== undefined && key.state !== 'pending' && sameId(key.licensor.principal.object, draft.server.object)
  if (!known) throw new RightsError('draft-principal-unknown')
  return key
}

function checkOwner(
  context: CoreContext,
  draft: PublishingLicense,
  caller: Caller | FederatedCaller,
): string | undefined {
  const claimed = draft.work.owner?.address
  if (claimed === undefined || claimed === '') return undefined
  const owner = acceptedOwner(context.cluster, claimed, [caller.user.address, ...caller.user.aliases])
  if (owner === undefined) throw new RightsError('owner-not-publisher')
  return owner
}

async function record(
  context: CoreContext,
  input: {
    readonly request: SignDraftRequest
    readonly configuration: Configuration
    readonly caller: Caller | FederatedCaller
    readonly draft: PublishingLicense
    readonly opened: OpenedPublishingLicense
    readonly owner: string | undefined
    readonly key: ServiceKey
  },
): Promise<boolean> {
  const { caller, opened, owner } = input
  const contentId = canonicalGuid(input.draft.work.object.id)
  const tag = lineageTag(context, opened.contentKey)
  return recordDecision(context, input.configuration, async (repositories) => {
    const suspect = await checkLineage(context, repositories, tag, {
      contentId,
      issuer: [caller.user.address],
      owner,
    })
    return {
      operation: 'sign-draft',
      info: input.request.info,
      caller,
      facts: {
        contentId,
        key: input.key.id,
        ...(owner === undefined ? {} : { owner }),
        ...(opened.policy.id === undefined ? {} : { template: opened.policy.id }),
      },
      details: { marks: suspect ? ['key-transplant'] : [] },
    }
  })
}
