/**
 * The rights of people by template, computed on both sides with the one decision of the product: from the signed
 * templates of the exports as the cluster would, and from the templates of the tenant as it will.
 */
import {
  anyone,
  canonicalGuid,
  decide,
  parsePolicy,
  parseXrml,
  writeRightsData,
  type ResolvedPrincipal,
  type RightsPolicy,
} from '@sealward/xrml'
import type { TemplateSummary } from '../admin-api.ts'
import type { OpenedExport } from './sources/exports.ts'

/** The members of a tenant, as a name in grants; the domain is one of the tenant's. */
const allStaffName = 'allstaff-7184ab3f-ccd1-46f3-8233-3e09e9cf0e66'

export function sameTemplate(a: string, b: string): boolean {
  return canonicalGuid(a) === canonicalGuid(b)
}

const ownOrigin = 'own'

/** One version per template: the service's own, or the newest of the imported ones. */
export function currentTemplates(templates: readonly TemplateSummary[]): readonly TemplateSummary[] {
  const best = new Map<string, TemplateSummary>()
  for (const template of templates) {
    const id = canonicalGuid(template.id)
    const known = best.get(id)
    if (known === undefined || isBetter(template, known)) best.set(id, template)
  }
  return [...best.values()]
}

function isBetter(a: TemplateSummary, b: TemplateSummary): boolean {
  if ((a.origin === ownOrigin) !== (b.origin === ownOrigin)) return a.origin === ownOrigin
  return a.issuedAt > b.issuedAt
}

export interface SourceTemplate {
  /** Canonical GUID. */
  readonly id: string
  readonly name: string
  readonly policy: RightsPolicy
}

/** The templates of the exports; of several versions the newest, as the tenant takes it. */
export function sourceTemplates(exports: readonly OpenedExport[]): readonly SourceTemplate[] {
  const newest = new Map<string, RightsPolicy>()
  for (const { policy, refusal } of exports.flatMap(({ checked }) => checked?.templates ?? [])) {
    if (refusal !== undefined || policy?.id === undefined) continue
    const known = newest.get(policy.id)
    if (known === undefined || policy.issuedAt > known.issuedAt) newest.set(policy.id, policy)
  }
  return [...newest].map(([id, policy]) => ({ id, name: policy.names[0]?.name ?? id, policy }))
}

/** Rights of everybody in a policy. */
export function anyoneRights(policy: RightsPolicy): readonly string[] {
  const rights = policy.entries.filter(({ principal }) => {
    const named = principal?.idType === 'Internal' ? principal.id : principal?.name
    return named?.toUpperCase() === anyone
  })
  return [...new Set(rights.map(({ right }) => right))].sort()
}

/** Addresses that a policy names, in lower case. */
export function namedAddresses(policy: RightsPolicy): readonly string[] {
  const names = policy.entries.flatMap(({ principal }) =>
    principal?.name === undefined ? [] : [principal.name.toLowerCase()],
  )
  return [...new Set(names)].filter((name) => name.includes('@')).sort()
}

const anyDay = new Date('2000-01-01T00:00:00Z')

export function policyOfTemplate({ grants, expiry }: Pick<TemplateSummary, 'grants' | 'expiry'>): RightsPolicy {
  const ranges = expiry?.onDate === undefined ? [] : [{ from: new Date(0), until: new Date(expiry.onDate) }]
  const intervals = expiry?.afterDays === undefined ? [] : [expiry.afterDays * 86_400_000]
  const owner = { idType: 'Unspecified', id: '', address: '' }
  const preconditions = { ranges, intervals }
  return parsePolicy(
    parseXrml(writeRightsData({ names: [], grants, preconditions, issuedAt: anyDay, contentId: '{0}', owner })),
  )
}

export interface DecidedRights {
  readonly rights: readonly string[]
  /** ISO 8601, or days after publishing; empty if content never expires. */
  readonly expires: string
}

/**
 * What a person may do with new content of a template.
 * @param tenantDomains where the members of the tenant have their addresses; empty for a cluster
 */
export function rightsUnder(
  policy: RightsPolicy,
  person: ResolvedPrincipal,
  tenantDomains: readonly string[],
  now: Date,
): DecidedRights {
  const groups = [...person.groups, ...staffGroups(person, tenantDomains)]
  const decision = decide({
    policy,
    principal: { ...person, groups },
    owner: undefined,
    issuer: [],
    publishedAt: now,
    now,
  })
  const { ranges, intervals } = policy.preconditions
  const ends = [...ranges.map(({ until }) => until.toISOString()), ...intervals.map((ms) => `${ms / 86_400_000} days`)]
  return {
    rights: decision.granted ? decision.rights.map(({ right }) => right).sort() : [],
    expires: ends.sort().join(', '),
  }
}

function staffGroups(person: ResolvedPrincipal, domains: readonly string[]): readonly string[] {
  const isMember = person.addresses.some((address) => domains.includes(address.split('@')[1] ?? ''))
  return isMember ? domains.map((domain) => `${allStaffName}@${domain}`) : []
}
