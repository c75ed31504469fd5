/** What is encrypted into a licence: the text of a signed template as it stands, or a policy written for one document. */
import type { CustomPolicy, PublishingLicenseRequest } from '@sealward/protocol'
import {
  canonicalGuid,
  descendant,
  noTimes,
  rawElement,
  RightsError,
  writeDescriptor,
  writeLocalizedNames,
  writeRightsData,
  type ApplicationDatum,
  type LocalizedName,
  type Owner,
} from '@sealward/xrml'
import { ownTemplate, type Configuration, type Template } from '../configuration.ts'
import { lcidOf } from '../languages.ts'
import { applicationData, descriptorText } from './application-data.ts'
import type { Limits } from '../limits.ts'
import { grantsOf } from './grants.ts'

/** Tells clients not to keep a use licence. */
export const noLicenseCache: ApplicationDatum = { name: 'NOLICCACHE', value: '1' }

export function forbidsCache(datum: ApplicationDatum): boolean {
  return datum.name === noLicenseCache.name && datum.value === noLicenseCache.value
}

export interface RightsDataRequest {
  readonly source: PublishingLicenseRequest['source']
  readonly auditedExtraction: boolean
  readonly referral: string | undefined
  readonly owner: Owner
  readonly contentId: string
  readonly issuedAt: Date
  /** For a policy that has a name. */
  readonly newPolicyId: () => string
  readonly limits: Limits
}

export interface RightsData {
  readonly text: string
  /** DESCRIPTOR markup for the licence itself. */
  readonly descriptor: string | undefined
  readonly template: Template | undefined
  readonly referral: string | undefined
  readonly encryptedApplicationData: ReadonlyMap<string, string>
}

/** @throws RightsError `template-unknown`, `policy-refused` */
export function rightsDataFor(configuration: Configuration, request: RightsDataRequest): RightsData {
  const { source } = request
  return source.kind === 'template'
    ? ofTemplate(configuration, source.templateId, request)
    : ofPolicy(source.policy, request)
}

function ofTemplate(configuration: Configuration, id: string, request: RightsDataRequest): RightsData {
  const versions = configuration.templates.get(canonicalGuid(id)) ?? []
  const template = versions.find((version) => version.origin === ownTemplate && version.state === 'published')
  if (template === undefined) throw new RightsError('template-unknown')
  const descriptor = descendant(template.document.body, 'DESCRIPTOR')
  return {
    text: template.document.text,
    descriptor: descriptor === undefined ? undefined : rawElement(descriptor),
    template,
    referral: request.referral ?? template.policy.referral,
    encryptedApplicationData: new Map(),
  }
}

function ofPolicy(policy: CustomPolicy, request: RightsDataRequest): RightsData {
  const names = namesOf(policy)
  const id = names.length === 0 ? undefined : request.newPolicyId()
  const { contentValidUntil } = policy
  const text = writeRightsData({
    issuedAt: request.issuedAt,
    contentId: request.contentId,
    owner: request.owner,
    ...(id === undefined ? {} : { id }),
    names,
    grants: grantsOf(policy, {
      allowAuditedExtraction: request.auditedExtraction,
      entriesMost: request.limits.rightsEntries,
    }),
    preconditions:
      contentValidUntil === undefined
        ? noTimes
        : {
            ranges: [{ from: earlier(request.issuedAt, contentValidUntil), until: contentValidUntil }],
            intervals: [],
          },
    applicationData: [
      ...(policy.allowOfflineAccess ? [] : [noLicenseCache]),
      ...applicationData(policy.encryptedApplicationData, request.limits.applicationDataBytes),
    ],
    ...(request.referral === undefined ? {} : { referral: request.referral }),
  })
  return {
    text,
    descriptor: id === undefined ? undefined : writeDescriptor(undefined, id, writeLocalizedNames(names)),
    template: undefined,
    referral: request.referral,
    encryptedApplicationData: policy.encryptedApplicationData,
  }
}

function namesOf(policy: CustomPolicy): readonly LocalizedName[] {
  return policy.descriptors.map(({ language, name, description }) => ({
    lcid: lcidOf(language),
    name: descriptorText(name),
    description: descriptorText(description),
  }))
}

function earlier(a: Date, b: Date): Date {
  return a < b ? a : b
}
