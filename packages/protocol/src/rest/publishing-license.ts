/**
 * Publishing online: a template or a policy in, a publishing licence and the content key out. The caller becomes the
 * owner.
 */
import { present } from '../present.ts'
import { parseKey, writeKey, type DeliveredKey } from './content-key.ts'
import { asObject, invalidMember, member, optionalString, readJson, requiredBoolean } from './members.ts'
import { requiredString, stringMap, writeStringMap, type JsonObject } from './members.ts'
import { parsePolicy, policyLimit, writePolicy, type CustomPolicy } from './policy.ts'
import { licenseMember, writeLicenseMember, type SerializedLicense } from './serialized-license.ts'

export interface PublishingLicenseRequest {
  /** True for content of old Office formats, which needs the ECB mode. */
  readonly preferDeprecatedAlgorithms: boolean
  readonly allowAuditedExtraction: boolean
  /** Signed and readable for everybody. */
  readonly signedApplicationData: ReadonlyMap<string, string>
  /** Where people without rights may ask for them; a URI. */
  readonly referralInfo?: string
  readonly source:
    | { readonly kind: 'template'; readonly templateId: string }
    | { readonly kind: 'policy'; readonly policy: CustomPolicy }
}

export interface PublishingLicenseResponse {
  readonly license: SerializedLicense
  readonly key: DeliveredKey
  /** The address of the caller. */
  readonly owner: string
  /** The template's, if one was used. */
  readonly id?: string
  readonly name?: string
  readonly description?: string
  readonly referrer?: string
  /** GUID, in braces. */
  readonly contentId?: string
  readonly signedApplicationData: ReadonlyMap<string, string>
  readonly encryptedApplicationData: ReadonlyMap<string, string>
}

/** @throws RightsError `rest-message-invalid` */
export function parsePublishingLicenseRequest(text: string): PublishingLicenseRequest {
  const object = asObject(readJson(text), 'the request')
  return present({
    preferDeprecatedAlgorithms: requiredBoolean(object, 'PreferDeprecatedAlgorithms'),
    allowAuditedExtraction: requiredBoolean(object, 'AllowAuditedExtraction'),
    signedApplicationData: stringMap(object, 'SignedApplicationData', policyLimit),
    referralInfo: optionalString(object, 'ReferralInfo'),
    source: parseSource(object),
  })
}

function parseSource(object: JsonObject): PublishingLicenseRequest['source'] {
  const templateId = optionalString(object, 'TemplateId')
  const custom = member(object, 'Policy')
  if (custom === undefined) return { kind: 'template', templateId: requiredString(object, 'TemplateId') }
  if (templateId !== undefined) throw invalidMember('Policy', 'absent when there is a TemplateId')
  const policy = parsePolicy(asObject(custom, 'Policy'))
  if (policy.userRights.length + policy.userRoles.length === 0) {
    throw invalidMember('Policy', 'one with UserRights or UserRoles')
  }
  return { kind: 'policy', policy }
}

export function writePublishingLicenseRequest(request: PublishingLicenseRequest): string {
  const signedApplicationData = writeStringMap(request.signedApplicationData)
  return JSON.stringify({
    PreferDeprecatedAlgorithms: request.preferDeprecatedAlgorithms,
    AllowAuditedExtraction: request.allowAuditedExtraction,
    ...(signedApplicationData === null ? {} : { SignedApplicationData: signedApplicationData }),
    ...(request.referralInfo === undefined ? {} : { ReferralInfo: request.referralInfo }),
    ...(request.source.kind === 'template'
      ? { TemplateId: request.source.templateId }
      : { Policy: writePolicy(request.source.policy) }),
  })
}

export function writePublishingLicenseResponse(response: PublishingLicenseResponse): string {
  return JSON.stringify({
    ...writeLicenseMember(response.license),
    Id: response.id ?? null,
    Name: response.name ?? null,
    Description: response.description ?? null,
    Referrer: response.referrer ?? null,
    Owner: response.owner,
    Key: writeKey(response.key),
    ContentId: response.contentId ?? null,
    SignedApplicationData: writeStringMap(response.signedApplicationData),
    EncryptedApplicationData: writeStringMap(response.encryptedApplicationData),
  })
}

/** @throws RightsError `rest-message-invalid`, `json-license-unsupported`, `text-encoding-refused` */
export function parsePublishingLicenseResponse(text: string): PublishingLicenseResponse {
  const object = asObject(readJson(text), 'the answer')
  return present({
    license: licenseMember(object),
    key: parseKey(asObject(member(object, 'Key'), 'Key')),
    owner: requiredString(object, 'Owner'),
    id: optionalString(object, 'Id'),
    name: optionalString(object, 'Name'),
    description: optionalString(object, 'Description'),
    referrer: optionalString(object, 'Referrer'),
    contentId: optionalString(object, 'ContentId'),
    signedApplicationData: stringMap(object, 'SignedApplicationData', policyLimit),
    encryptedApplicationData: stringMap(object, 'EncryptedApplicationData', policyLimit),
  })
}
