/**
 * EditIssuanceLicense (MS-RMSI 3.3.4.1): a named server gives a published document another policy. The author must have
 * allowed it in the policy itself; owner and content stay, and so does the content key.
 */
import { canonicalGuid, RightsError, type OpenedPublishingLicense, type PublishingLicense } from '@sealward/xrml'
import { checkTemplateSignature, openLicense } from './acquire-license/open-license.ts'
import { readLicenseDocuments } from './acquire-license/license-documents.ts'
import { verifyPublishingLicense } from './acquire-license/verify-publishing-license.ts'
import { requireAdmitted } from './admitted.ts'
import { lineageTag, recordHolder } from './lineage.ts'
import { excludableReader, requireNotExcluded } from './exclusion.ts'
import type { CoreContext, DirectoryCaller, RequestInfo } from './ports.ts'
import { recordDecision, recordingRefusals, untilRecorded } from './records.ts'
import { readerOfCaller } from './resolve-principal.ts'
import { idOf } from './sender.ts'
import { requirePublisher, serviceState, type ServiceState } from './service-state.ts'
import { principalKey, readDraft } from './sign-draft.ts'
import { signOpenedDraft } from './sign-opened-draft.ts'

export interface EditLicenseRequest {
  readonly caller: DirectoryCaller | undefined
  readonly info: RequestInfo
  /** As the service signed it. */
  readonly signed: string
  /** The unsigned licence with the new policy. */
  readonly draft: string
}

const operation = 'edit-issuance-license'

/**
 * @throws RightsError the codes of serviceState, requireAdmitted, requireNotExcluded and requirePublisher; `online-publishing-disabled`,
 * `signed-license-refused`, `server-editing-not-allowed`, `publishing-license-invalid`, `draft-principal-unknown`,
 * `template-signature-invalid`, `owner-not-publisher`, `unsealing-throttled`
 */
export async function editLicense(
  context: CoreContext,
  request: EditLicenseRequest,
): Promise<{ readonly license: string }> {
  return untilRecorded(async () => {
    const state = await serviceState(context, operation)
    const caller = await requireAdmitted(context, state.configuration, request.caller, 'republishing')
    const license = await recordingRefusals(context, { operation, info: request.info, caller }, () =>
      edit(context, request, caller, state),
    )
    return license === undefined ? undefined : { license }
  })
}

/** Checked in the order of MS-RMSI 3.3.4.1: clients tell by the first fault what they have to change. */
async function edit(
  context: CoreContext,
  request: EditLicenseRequest,
  caller: DirectoryCaller,
  state: ServiceState,
): Promise<string | undefined> {
  const { configuration } = state
  const reader = await readerOfCaller(context, configuration, caller)
  requireNotExcluded(configuration, excludableReader(reader))
  requirePublisher(context, configuration, reader.principal.groups, request.info.door)
  const { license: published, opened: former } = await openSigned(context, request.signed, caller, state)
  if (!context.cluster.onlinePublishing) throw new RightsError('online-publishing-disabled')
  const draft = readDraft(context, request.draft)
  const key = principalKey(configuration, draft)
  requireSameWork(published, draft)
  const opened = await openLicense(context, { license: draft, key }, idOf(caller))
  if (opened.policy.official) checkTemplateSignature(configuration, opened)
  requireServerEditing(former)
  const { contentKey } = former
  const license = await signOpenedDraft(context, { draft, opened, contentKey }, state)
  const owner = published.work.owner?.address
  const recorded = await recordDecision(context, configuration, async (repositories) => {
    // The key had a licence before; who could take the protection off there may still publish with it.
    if (owner !== undefined) await recordHolder(repositories, lineageTag(context, contentKey), owner, ['OWNER'])
    return {
      operation,
      info: request.info,
      caller,
      facts: {
        contentId: canonicalGuid(published.work.object.id),
        key: key.id,
        ...(owner === undefined ? {} : { owner }),
        ...(opened.policy.id === undefined ? {} : { template: opened.policy.id }),
      },
    }
  })
  return recorded ? license : undefined
}

/** @throws RightsError `signed-license-refused`, `unsealing-throttled` */
async function openSigned(
  context: CoreContext,
  text: string,
  caller: DirectoryCaller,
  { configuration }: ServiceState,
): Promise<{ readonly license: PublishingLicense; readonly opened: OpenedPublishingLicense }> {
  try {
    const verified = verifyPublishingLicense(
      configuration,
      readLicenseDocuments(context.cluster.limits, [text]),
      context.clock.now(),
    )
    return { license: verified.license, opened: await openLicense(context, verified, idOf(caller)) }
  } catch (cause) {
    if (cause instanceof RightsError && cause.code === 'unsealing-throttled') throw cause
    throw new RightsError('signed-license-refused', { cause })
  }
}

/** The author's permission is part of the policy that only the service can read (MS-RMSI 3.3.4.1). */
function requireServerEditing({ policy }: OpenedPublishingLicense): void {
  const allowed = policy.applicationData.some(({ name, value }) => name === 'Allow_Server_Editing' && value === 'True')
  if (!allowed) throw new RightsError('server-editing-not-allowed')
}

/** Another policy for the same document of the same owner; everything else would be a licence for something else. */
function requireSameWork(published: PublishingLicense, draft: PublishingLicense): void {
  const [before, after] = [published, draft].map(({ work }) => work.owner?.address.toLowerCase())
  if (before !== after) throw new RightsError('owner-not-publisher')
  if (canonicalGuid(published.work.object.id) !== canonicalGuid(draft.work.object.id)) {
    throw new RightsError('signed-license-refused', { detail: 'the draft is for another document' })
  }
}
