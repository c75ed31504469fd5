/** Who shall have which rights: a template of the service, or a policy made for one document. */
import type { CustomPolicy } from '@sealward/protocol'
import { noTimes, RightsError, type Grant, type PolicyFields, type TimeConditions } from '@sealward/xrml'

export interface GrantedTo {
  /** A mail address, or `ANYONE`. */
  readonly to: string
  readonly rights: readonly string[]
}

export interface AdHocPolicy {
  readonly grants: readonly GrantedTo[]
  readonly name?: string
  readonly description?: string
  /** When the document can no longer be opened by others than its owner. */
  readonly expiresAt?: Date
  /** Days for which a use licence may be kept: 0 asks the service at every opening; default without limit. */
  readonly offlineDays?: number
  /** Whom to ask for rights, as a URI; for example `mailto:` and an address. */
  readonly referral?: string
}

export type ProtectionPolicy = { readonly templateId: string } | AdHocPolicy

const dayMilliseconds = 86_400_000
const english = 1033
/** Services accept 1 to 9999 days. */
const longestInterval = 9_999

/** @throws RightsError `policy-grants-nothing`, `policy-refused` */
export function requireEffectivePolicy(policy: ProtectionPolicy): void {
  if ('templateId' in policy) return
  const { grants, offlineDays = 0, expiresAt } = policy
  const effective = grants.length > 0 && grants.every(({ to, rights }) => isAddress(to) && rights.length > 0)
  if (!effective || grants.some(({ rights }) => rights.some((right) => right.trim() === ''))) {
    throw new RightsError('policy-grants-nothing')
  }
  if (!Number.isInteger(offlineDays) || offlineDays < 0 || offlineDays > longestInterval) {
    throw new RightsError('policy-refused', { detail: 'the number of days' })
  }
  if (expiresAt !== undefined && Number.isNaN(expiresAt.getTime())) {
    throw new RightsError('policy-refused', { detail: 'the time of expiry' })
  }
}

function isAddress(text: string): boolean {
  return text.toUpperCase() === 'ANYONE' || /^[^\s@]+@[^\s@]+$/.test(text)
}

/** The policy as rights data of a licence. The owner's full control is written out, so that it is a policy as well. */
export function policyFieldsOf(policy: AdHocPolicy, id: string): PolicyFields {
  const { grants, name, description, expiresAt, offlineDays, referral } = policy
  const times: TimeConditions =
    offlineDays === undefined || offlineDays === 0
      ? noTimes
      : { ranges: [], intervals: [offlineDays * dayMilliseconds] }
  const written: readonly Grant[] = grants.map(({ to, rights }) => ({ to, rights: rights.map(upper), times }))
  return {
    ...(name === undefined ? { names: [] } : { id, names: [{ lcid: english, name, description: description ?? '' }] }),
    grants: [{ to: 'OWNER', rights: ['OWNER'] }, ...written],
    ...(expiresAt === undefined ? {} : { preconditions: until(expiresAt) }),
    ...(offlineDays === 0 ? { applicationData: [{ name: 'NOLICCACHE', value: '1' }] } : {}),
    ...(referral === undefined ? {} : { referral }),
  }
}

function until(time: Date): TimeConditions {
  return { ranges: [{ from: new Date(0), until: time }], intervals: [] }
}

/** The policy as the REST protocol sends it. */
export function restPolicyOf(policy: AdHocPolicy): CustomPolicy {
  const { grants, name, description, expiresAt, offlineDays } = policy
  return {
    descriptors: name === undefined ? [] : [{ name, description: description ?? name, language: 'en-US' }],
    userRights: grants.map(({ to, rights }) => ({ users: [to], rights: rights.map(upper) })),
    userRoles: [],
    allowOfflineAccess: offlineDays !== 0,
    intervalTimeInDays: offlineDays ?? longestInterval,
    ...(expiresAt === undefined ? {} : { contentValidUntil: expiresAt }),
    encryptedApplicationData: new Map(),
  }
}

function upper(right: string): string {
  return right.trim().toUpperCase()
}
