/**
 * What a rehearsal of the sample must find, stated from what was made and not from reading it back: whoever compares the
 * two proves the reading.
 */
import type { FileFormat } from '@sealward/formats'
import type { ErrorCode, Grant } from '@sealward/xrml'
import { groupsOf } from '../people/groups.ts'
import { addressesOf, samplePeople, type SamplePerson } from '../people/people.ts'
import type { SamplePolicy } from '../protection/policies.ts'
import { type SampleTemplates, templateOf } from '../protection/templates.ts'

export interface ExpectedDocument {
  /** Below the folder of documents, with `/`. */
  readonly path: string
  readonly format: FileFormat
  readonly outcome: 'opens' | 'fails' | 'unprotected'
  /** Why it fails. */
  readonly reason?: ErrorCode
  /** Fingerprint of the key that the licence names, if the licence can be read. */
  readonly key?: string
  /** Of the decrypted content, if the document opens. */
  readonly contentSha256?: string
  readonly contentSize?: number
  readonly license?: ExpectedLicense
}

export interface SampleDocument {
  readonly bytes: Uint8Array
  readonly expected: ExpectedDocument
}

export interface ExpectedLicense {
  readonly kind: 'offline' | 'online'
  readonly issuedAt: Date
  readonly owner: string
  readonly licensingUrl: string
  readonly externalLicensingUrl?: string
  /** Canonical GUID of the template that the cluster's export has; its present edition decides. */
  readonly template?: string
  /** When the content expires for everybody but its owner. */
  readonly expiresAt?: Date
  /** What the policy in force says, sorted by principal. */
  readonly mayOpen: readonly MayOpen[]
  /** Who of the directory may open the document at the time of the sample, through any group, and with which rights. */
  readonly people: readonly MayOpen[]
}

export interface MayOpen {
  /** A mail address, or `ANYONE`. */
  readonly principal: string
  /** Sorted by name. */
  readonly rights: readonly string[]
}

export interface PolicyInForce {
  readonly policy: SamplePolicy
  readonly owner: SamplePerson
  readonly issuedAt: Date
  readonly now: Date
}

/** The end of the content's life by its policy. */
export function expiryOf({ policy, issuedAt }: PolicyInForce, templates: SampleTemplates): Date | undefined {
  const { expires } = policy.kind === 'custom' ? policy : templateOf(templates, policy.template).definition
  if (expires === undefined) return undefined
  const { ranges, intervals } = expires
  const ends = [
    ...ranges.map(({ until }) => until.getTime()),
    ...intervals.map((interval) => issuedAt.getTime() + interval),
  ]
  return new Date(Math.min(...ends))
}

/** The policy in force, principal by principal. */
export function policyInForce({ policy, owner }: PolicyInForce, templates: SampleTemplates): readonly MayOpen[] {
  const rights = new Map<string, readonly string[]>([[owner.address, ['OWNER']]])
  for (const grant of presentGrants(policy, templates)) {
    const principal = grant.to === 'OWNER' ? owner.address : grant.to
    rights.set(principal, [...(rights.get(principal) ?? []), ...grant.rights])
  }
  return [...rights]
    .map(([principal, granted]) => ({ principal, rights: sorted(granted) }))
    .sort((a, b) => (a.principal < b.principal ? -1 : 1))
}

/** Rights per person; people whose account is disabled get none. */
export function peopleWithRights(inForce: PolicyInForce, templates: SampleTemplates): readonly MayOpen[] {
  const { policy, owner, now } = inForce
  const expiresAt = expiryOf(inForce, templates)
  const grants = expiresAt !== undefined && now >= expiresAt ? [] : presentGrants(policy, templates)
  return samplePeople
    .filter((person) => !person.disabled)
    .map((person) => ({
      principal: person.address,
      rights: person.address === owner.address ? ['OWNER'] : rightsOf(person, grants),
    }))
    .filter(({ rights }) => rights.length > 0)
}

/** The cluster's present template replaces the one in the licence, unless the cluster has none any more. */
function presentGrants(policy: SamplePolicy, templates: SampleTemplates): readonly Grant[] {
  if (policy.kind === 'custom') return policy.grants
  const template = templateOf(templates, policy.template)
  return template[template.state === 'deleted' ? policy.edition : 'current'].grants
}

function rightsOf(person: SamplePerson, grants: readonly Grant[]): readonly string[] {
  const names = new Set([...addressesOf(person), ...groupsOf(person), 'ANYONE'])
  return sorted(grants.filter(({ to }) => names.has(to)).flatMap(({ rights }) => rights))
}

function sorted(rights: readonly string[]): readonly string[] {
  return [...new Set(rights)].sort()
}
