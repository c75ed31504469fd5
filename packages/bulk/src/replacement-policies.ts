/** Which policy replaces that of a document: by a table, by the same identifier, or the same grants written out again. */
import type { AdHocPolicy, GrantedTo, ProtectionPolicy } from '@sealward/client'
import { anyone, canonicalGuid, RightsError, type RightsPolicy } from '@sealward/xrml'
import type { DocumentToReprotect } from './reprotect-tree.ts'

export interface ReplacementTable {
  /** Identifiers of the templates that the service offers now. */
  readonly templates: readonly string[]
  /** Old identifier to new one; before the same identifier. */
  readonly mapping?: Readonly<Record<string, string>>
  /**
   * For documents with a policy of their own: the template that replaces it, or `same` for the same grants, which takes
   * the keys that open the licence. Default `same`.
   */
  readonly custom?: string
}

/**
 * ```ts
 * const replacement = replacementPolicies({ templates: ['{…}'], mapping: { '{old}': '{new}' } })
 * ```
 * The returned function throws RightsError `template-not-mapped`.
 */
export function replacementPolicies(table: ReplacementTable): (document: DocumentToReprotect) => ProtectionPolicy {
  const offered = new Set(table.templates.map(canonicalGuid))
  const mapping = new Map(
    Object.entries(table.mapping ?? {}).map(([from, to]) => [canonicalGuid(from), requireOffered(offered, to)]),
  )
  const custom = table.custom ?? 'same'
  const customTemplate = custom === 'same' ? undefined : requireOffered(offered, custom)
  return ({ policyId, policy }) => {
    const mapped = policyId === undefined ? undefined : mapping.get(policyId)
    if (mapped !== undefined) return { templateId: mapped }
    if (policyId !== undefined && offered.has(policyId)) return { templateId: `{${policyId}}` }
    // A licence that nobody opened here does not say whether its policy is a template of the old cluster.
    if (policy?.official === true || (policy === undefined && policyId !== undefined)) throw notMapped(policyId)
    if (customTemplate !== undefined) return { templateId: customTemplate }
    if (policy === undefined) throw notMapped(policyId)
    return samePolicy(policy)
  }
}

function requireOffered(offered: ReadonlySet<string>, id: string): string {
  const guid = canonicalGuid(id)
  if (!offered.has(guid)) throw new RightsError('template-unknown', { detail: guid })
  return `{${guid}}`
}

function notMapped(policyId: string | undefined): RightsError {
  return new RightsError('template-not-mapped', policyId === undefined ? {} : { detail: policyId })
}

/** The grants to people; what the owner has as owner is written again by whoever publishes. */
function samePolicy(policy: RightsPolicy): AdHocPolicy {
  const rights = new Map<string, Set<string>>()
  for (const { principal, right } of policy.entries) {
    const to = principal?.idType === 'Internal' ? internalName(principal.id) : principal?.name
    if (to === undefined || to === '') continue
    rights.set(to, (rights.get(to) ?? new Set()).add(right))
  }
  const grants = [...rights].map(([to, granted]): GrantedTo => ({ to, rights: [...granted] }))
  if (grants.length === 0) throw notMapped(policy.id)
  const [shown] = policy.names
  const ends = policy.preconditions.ranges.map(({ until }) => until.getTime())
  return {
    grants,
    ...(shown === undefined ? {} : { name: shown.name, description: shown.description }),
    ...(ends.length === 0 ? {} : { expiresAt: new Date(Math.min(...ends)) }),
    ...(policy.referral === undefined ? {} : { referral: policy.referral }),
  }
}

function internalName(id: string): string | undefined {
  return id.toLowerCase() === 'owner' ? undefined : anyone
}
