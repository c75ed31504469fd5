/**
 * A policy that names its people itself, as it is sent to publish and as it is shown to its owner. Rights and roles are
 * kept as the application names them.
 */
import { present } from '../present.ts'
import { asList, asObject, member, optionalBoolean, optionalInteger, requiredString, stringList } from './members.ts'
import { stringMap, writeStringMap, type Json, type JsonObject } from './members.ts'
import { optionalTime, writeTime } from './time.ts'

export interface PolicyDescriptor {
  readonly name: string
  readonly description: string
  /** Free text: clients send their locale, even `C`. */
  readonly language: string
}

export interface UserRights {
  /** Addresses, and names like `ANYONE` and `OWNER`. */
  readonly users: readonly string[]
  readonly rights: readonly string[]
}

export interface UserRoles {
  readonly users: readonly string[]
  /** `VIEWER`, `REVIEWER`, `AUTHOR`, `COOWNER`, or any other text. */
  readonly roles: readonly string[]
}

export interface CustomPolicy {
  readonly descriptors: readonly PolicyDescriptor[]
  readonly userRights: readonly UserRights[]
  readonly userRoles: readonly UserRoles[]
  readonly allowOfflineAccess: boolean
  /** Days for which a licence may be kept; none or fewer without offline access. */
  readonly intervalTimeInDays: number
  /** When the content expires, whatever the name of the member (`LicenseValidUntil`) says. */
  readonly contentValidUntil?: Date
  readonly encryptedApplicationData: ReadonlyMap<string, string>
}

/** Entries, and names per entry, of one policy; the same bound holds for application data. */
export const policyLimit = 1_000

/** @throws RightsError `rest-message-invalid` */
export function parsePolicy(policy: JsonObject): CustomPolicy {
  return present({
    descriptors: optionalList(policy, 'Descriptors').map(parseDescriptor),
    userRights: optionalList(policy, 'UserRights').map((item) => ({
      users: stringList(member(item, 'Users'), 'Users', policyLimit),
      rights: stringList(member(item, 'Rights'), 'Rights', policyLimit),
    })),
    userRoles: optionalList(policy, 'UserRoles').map((item) => ({
      users: stringList(member(item, 'Users'), 'Users', policyLimit),
      roles: stringList(member(item, 'Roles'), 'Roles', policyLimit),
    })),
    allowOfflineAccess: optionalBoolean(policy, 'allowOfflineAccess') ?? true,
    intervalTimeInDays: optionalInteger(policy, 'IntervalTimeInDays') ?? 0,
    contentValidUntil: optionalTime(policy, 'LicenseValidUntil'),
    encryptedApplicationData: stringMap(policy, 'EncryptedApplicationData', policyLimit),
  })
}

function optionalList(policy: JsonObject, name: string): readonly JsonObject[] {
  const value = member(policy, name)
  return value === undefined ? [] : asList(value, name, policyLimit).map((item) => asObject(item, name))
}

function parseDescriptor(item: JsonObject): PolicyDescriptor {
  return {
    name: requiredString(item, 'Name'),
    description: requiredString(item, 'Description'),
    language: requiredString(item, 'Language'),
  }
}

export function writePolicy(policy: CustomPolicy): JsonObject {
  const time = writeTime(policy.contentValidUntil)
  const applicationData = writeStringMap(policy.encryptedApplicationData)
  return {
    ...unlessEmpty(
      'Descriptors',
      policy.descriptors.map(({ name, description, language }) => ({
        Name: name,
        Description: description,
        Language: language,
      })),
    ),
    ...unlessEmpty('UserRights', writeUserRights(policy.userRights)),
    ...unlessEmpty(
      'UserRoles',
      policy.userRoles.map(({ users, roles }) => ({ Users: users, Roles: roles })),
    ),
    allowOfflineAccess: policy.allowOfflineAccess,
    IntervalTimeInDays: policy.intervalTimeInDays,
    ...(time === null ? {} : { LicenseValidUntil: time }),
    ...(applicationData === null ? {} : { EncryptedApplicationData: applicationData }),
  }
}

export function writeUserRights(userRights: readonly UserRights[]): readonly JsonObject[] {
  return userRights.map(({ users, rights }) => ({ Users: users, Rights: rights }))
}

function unlessEmpty(name: string, list: readonly Json[]): JsonObject {
  return list.length === 0 ? {} : { [name]: list }
}
