/**
 * Online publishing for callers of the JSON protocol: the service makes the content key and the publishing licence, and
 * the caller becomes the owner (threat P9).
 */
import type { PublishingLicenseRequest } from '@sealward/protocol'
import {
  canonicalGuid,
  element,
  RightsError,
  signPublishingLicenseOnline,
  textElement,
  writeAuthenticatedData,
  writeContentKey,
  writeDistributionPoint,
  writeOwner,
  type ContentKey,
  type Owner,
} from '@sealward/xrml'
import { requireCaller } from '../certify.ts'
import type { Configuration, ServiceKey } from '../configuration.ts'
import { licensingUrlsIn } from '../licensing-urls.ts'
import { lineageTag } from '../lineage.ts'
import { personalities } from '../personality.ts'
import { excludableReader, requireNotExcluded } from '../exclusion.ts'
import type { Caller, CoreContext, DirectoryUser, RequestInfo } from '../ports.ts'
import { recordDecision, recordingRefusals, untilRecorded } from '../records.ts'
import { readerOfCaller } from '../resolve-principal.ts'
import { requirePublisher, serviceState } from '../service-state.ts'
import { shownTemplate, type ListedTemplate } from '../templates.ts'
import { applicationData, referralText } from './application-data.ts'
import { rightsDataFor, type RightsData } from './rights-data.ts'

export interface PublishRequest {
  readonly info: RequestInfo
  readonly caller: Caller
  readonly source: PublishingLicenseRequest['source']
  /** For old Office formats: AES-128 in ECB mode instead of AES-256 in CBC mode. */
  readonly preferEcb: boolean
  /** Adds the right AUDITEDEXTRACT for everybody in a custom policy; a template says itself what it grants. */
  readonly auditedExtraction: boolean
  readonly referral?: string
  readonly signedApplicationData: ReadonlyMap<string, string>
}

export interface Published {
  /** The licence and the licensor chain, exact texts one after the other, without byte order mark. */
  readonly serialized: string
  readonly contentId: string
  readonly owner: string
  readonly contentKey: ContentKey
  readonly template?: ListedTemplate
  readonly referral?: string
  readonly signedApplicationData: ReadonlyMap<string, string>
  readonly encryptedApplicationData: ReadonlyMap<string, string>
}

/**
 * @throws RightsError the codes of serviceState, requireNotExcluded and requirePublisher; `online-publishing-disabled`, `unauthenticated`, `user-disabled`,
 * `template-unknown`, `policy-refused`
 */
export async function publish(context: CoreContext, request: PublishRequest): Promise<Published> {
  return untilRecorded(() => publishOnce(context, request))
}

async function publishOnce(context: CoreContext, request: PublishRequest): Promise<Published | undefined> {
  const { configuration, activeKey } = await serviceState(context, 'publish')
  if (!context.cluster.onlinePublishing) throw new RightsError('online-publishing-disabled')
  const caller = requireCaller(request.caller)
  await recordingRefusals(context, { operation: 'publish', info: request.info, caller }, async () => {
    const reader = await readerOfCaller(context, configuration, caller)
    requireNotExcluded(configuration, excludableReader(reader))
    requirePublisher(context, configuration, reader.principal.groups, request.info.door)
  })
  const owner = ownerOf(context, caller.user)
  const contentId = context.random.guid()
  const issuedAt = context.clock.now()
  const rightsData = rightsDataFor(configuration, {
    source: request.source,
    auditedExtraction: request.auditedExtraction,
    referral: referralText(request.referral),
    owner,
    contentId,
    issuedAt,
    limits: context.cluster.limits,
    newPolicyId: () => context.random.guid(),
  })
  const contentKey = newContentKey(context, request.preferEcb)
  const parts = { activeKey, owner, contentId, issuedAt, rightsData, contentKey, request }
  const license = await sign(context, configuration, parts)
  if (!(await record(context, configuration, { ...parts, caller }))) return undefined
  return {
    serialized: [license, ...activeKey.chain].join(''),
    contentId,
    owner: owner.address,
    contentKey,
    ...(rightsData.template === undefined ? {} : { template: shownTemplate(rightsData.template, []) }),
    ...(rightsData.referral === undefined ? {} : { referral: rightsData.referral }),
    signedApplicationData: request.signedApplicationData,
    encryptedApplicationData: rightsData.encryptedApplicationData,
  }
}

function ownerOf(context: CoreContext, user: DirectoryUser): Owner {
  const { identity } = personalities[context.cluster.personality]
  return { idType: identity, id: '', address: user.address }
}

function newContentKey(context: CoreContext, preferEcb: boolean): ContentKey {
  return preferEcb
    ? writeContentKey('ecb', context.random.bytes(16))
    : writeContentKey('cbc4k', context.random.bytes(32))
}

async function sign(
  context: CoreContext,
  configuration: Configuration,
  input: {
    readonly activeKey: ServiceKey
    readonly owner: Owner
    readonly contentId: string
    readonly issuedAt: Date
    readonly rightsData: RightsData
    readonly contentKey: ContentKey
    readonly request: PublishRequest
  },
): Promise<string> {
  const { rightsData, activeKey, owner } = input
  return signPublishingLicenseOnline({
    issuedAt: input.issuedAt,
    ...(rightsData.descriptor === undefined ? {} : { descriptor: rightsData.descriptor }),
    ...licensingUrlsIn(context, configuration),
    ...(rightsData.referral === undefined
      ? {}
      : { referral: writeDistributionPoint('Referral-Info', rightsData.referral, owner.address) }),
    server: activeKey.licensor.principal,
    contentKey: input.contentKey,
    work: element(
      'WORK',
      {},
      element('OBJECT', {}, textElement('ID', { type: 'MS-GUID' }, input.contentId)),
      writeOwner(owner),
    ),
    rightsData: rightsData.text,
    additions: writeAuthenticatedData(
      'APPSPECIFIC',
      applicationData(input.request.signedApplicationData, context.cluster.limits.applicationDataBytes),
    ),
    licensor: activeKey.licensor.principal,
    key: activeKey.handle,
    random: (count) => context.random.bytes(count),
  })
}

/** The record, and the beginning of the key's lineage, are committed before the key leaves. */
async function record(
  context: CoreContext,
  configuration: Configuration,
  input: {
    readonly request: PublishRequest
    readonly caller: Caller
    readonly contentId: string
    readonly issuedAt: Date
    readonly contentKey: ContentKey
    readonly rightsData: RightsData
    readonly activeKey: ServiceKey
  },
): Promise<boolean> {
  const { caller } = input
  const contentId = canonicalGuid(input.contentId)
  const tag = lineageTag(context, input.contentKey)
  return recordDecision(context, configuration, async (repositories) => {
    await repositories.lineage.insert({ tag, contentId, holders: [caller.user.address] }, context.clock.now())
    return {
      operation: 'publish',
      info: input.request.info,
      caller,
      facts: {
        contentId,
        key: input.activeKey.id,
        issuer: caller.user.address,
        owner: caller.user.address,
        ...(input.rightsData.template === undefined ? {} : { template: input.rightsData.template.id }),
        publishedAt: input.issuedAt.toISOString(),
      },
    }
  })
}
