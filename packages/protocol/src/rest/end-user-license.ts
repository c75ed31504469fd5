/**
 * Opening: a publishing licence in, key and rights of the caller out. A refusal is an answer like any other, because
 * clients report an HTTP error as a failure of the service. They do not enforce an expiry in a fresh answer: a key is
 * only ever sent to someone who may use it now.
 */
import { present } from '../present.ts'
import { parseKey, writeKey, type DeliveredKey } from './content-key.ts'
import { asObject, invalidMember, member, optionalBoolean, optionalString, readJson } from './members.ts'
import { stringList, stringMap, writeStringMap, type JsonObject } from './members.ts'
import { parsePolicy, policyLimit, writePolicy, writeUserRights, type CustomPolicy } from './policy.ts'
import { publishedLicense, writeLicenseMember, type SerializedLicense } from './serialized-license.ts'
import { optionalTime, writeTime } from './time.ts'

export interface EndUserLicenseRequest {
  readonly license: SerializedLicense
}

/** What is said about the policy, in grants and refusals alike. */
export interface EndUserLicenseDetails {
  /** The template's, if one was used. */
  readonly id?: string
  readonly name?: string
  readonly description?: string
  /** Where to ask for rights; a full URI. */
  readonly referrer?: string
  readonly owner?: string
  readonly issuedTo?: string
  readonly contentId?: string
}

export interface GrantedEndUserLicense extends EndUserLicenseDetails {
  readonly status: 'AccessGranted'
  readonly key: DeliveredKey
  readonly rights: readonly string[]
  readonly roles?: readonly string[]
  readonly fromTemplate: boolean
  readonly contentValidUntil?: Date
  /** The end of offline use. Absent together with `allowOfflineAccess` means: without end. */
  readonly licenseValidUntil?: Date
  readonly allowOfflineAccess: boolean
  /** For those who may see who has which rights. */
  readonly policy?: CustomPolicy & { readonly allowAuditedExtraction: boolean }
  readonly signedApplicationData: ReadonlyMap<string, string>
  readonly encryptedApplicationData: ReadonlyMap<string, string>
}

export interface RefusedEndUserLicense extends EndUserLicenseDetails {
  readonly status: 'AccessDenied' | 'ContentExpired'
}

export type EndUserLicenseResponse = GrantedEndUserLicense | RefusedEndUserLicense

/** @throws RightsError `rest-message-invalid`, `text-encoding-refused` */
export function parseEndUserLicenseRequest(text: string): EndUserLicenseRequest {
  return { license: publishedLicense(asObject(readJson(text), 'the request')) }
}

export function writeEndUserLicenseRequest(request: { readonly license: Pick<SerializedLicense, 'bytes'> }): string {
  return JSON.stringify(writeLicenseMember(request.license))
}

export function writeEndUserLicenseResponse(response: EndUserLicenseResponse): string {
  const granted = response.status === 'AccessGranted' ? response : undefined
  return JSON.stringify({
    AccessStatus: response.status,
    Id: response.id ?? null,
    Name: response.name ?? null,
    Description: response.description ?? null,
    Referrer: response.referrer ?? null,
    Owner: response.owner ?? null,
    IssuedTo: response.issuedTo ?? null,
    ContentId: response.contentId ?? null,
    Key: granted === undefined ? null : writeKey(granted.key),
    Rights: granted?.rights ?? [],
    Roles: granted?.roles ?? null,
    ContentValidUntil: writeTime(granted?.contentValidUntil),
    LicenseValidUntil: writeTime(granted?.licenseValidUntil),
    allowOfflineAccess: granted?.allowOfflineAccess ?? false,
    FromTemplate: granted?.fromTemplate ?? false,
    Policy: writeShownPolicy(granted?.policy),
    SignedApplicationData: granted === undefined ? null : writeStringMap(granted.signedApplicationData),
    EncryptedApplicationData: granted === undefined ? null : writeStringMap(granted.encryptedApplicationData),
  })
}

function writeShownPolicy(policy: GrantedEndUserLicense['policy']): JsonObject | null {
  if (policy === undefined) return null
  return {
    ...writePolicy(policy),
    // Clients crash when the list is missing here.
    UserRights: writeUserRights(policy.userRights),
    AllowAuditedExtraction: policy.allowAuditedExtraction,
  }
}

/** @throws RightsError `rest-message-invalid` */
export function parseEndUserLicenseResponse(text: string): EndUserLicenseResponse {
  const object = asObject(readJson(text), 'the answer')
  const status = parseStatus(object)
  const details = parseDetails(object)
  if (status !== 'AccessGranted') return { status, ...details }
  const roles = member(object, 'Roles')
  const rights = Object.hasOwn(object, 'Rights') ? stringList(object['Rights'], 'Rights', policyLimit) : []
  return present({
    status,
    ...details,
    key: parseKey(asObject(member(object, 'Key'), 'Key')),
    rights,
    roles: roles === undefined ? undefined : stringList(roles, 'Roles', policyLimit),
    fromTemplate: optionalBoolean(object, 'FromTemplate') ?? false,
    contentValidUntil: optionalTime(object, 'ContentValidUntil'),
    licenseValidUntil: optionalTime(object, 'LicenseValidUntil'),
    allowOfflineAccess: optionalBoolean(object, 'allowOfflineAccess') ?? true,
    policy: parseShownPolicy(object),
    signedApplicationData: stringMap(object, 'SignedApplicationData', policyLimit),
    encryptedApplicationData: stringMap(object, 'EncryptedApplicationData', policyLimit),
  })
}

function parseStatus(object: JsonObject): EndUserLicenseResponse['status'] {
  const text = optionalString(object, 'AccessStatus')
  if (text === undefined) return member(object, 'Key') === undefined ? 'AccessDenied' : 'AccessGranted'
  for (const status of ['AccessGranted', 'AccessDenied', 'ContentExpired'] as const) {
    if (status.toLowerCase() === text.toLowerCase()) return status
  }
  throw invalidMember('AccessStatus', 'a known status')
}

function parseDetails(object: JsonObject): EndUserLicenseDetails {
  return present({
    id: optionalString(object, 'Id'),
    name: optionalString(object, 'Name'),
    description: optionalString(object, 'Description'),
    referrer: optionalString(object, 'Referrer'),
    owner: optionalString(object, 'Owner'),
    issuedTo: optionalString(object, 'IssuedTo'),
    contentId: optionalString(object, 'ContentId'),
  })
}

function parseShownPolicy(object: JsonObject): GrantedEndUserLicense['policy'] {
  const value = member(object, 'Policy')
  if (value === undefined) return undefined
  const policy = asObject(value, 'Policy')
  if (member(policy, 'UserRights') === undefined) throw invalidMember('UserRights', 'a list')
  return { ...parsePolicy(policy), allowAuditedExtraction: optionalBoolean(policy, 'AllowAuditedExtraction') ?? false }
}
