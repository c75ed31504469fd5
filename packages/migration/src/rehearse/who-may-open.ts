/** Who a policy lets in, and with which rights, in a stable order. */
import { anyone, owner as ownerRight, type RightsEntry, type RightsPolicy } from '@sealward/xrml'

export interface MayOpen {
  /** A mail address in lower case, a security identifier, or `ANYONE`. */
  readonly principal: string
  readonly rights: readonly string[]
}

export function whoMayOpen(
  policy: RightsPolicy,
  owner: string | undefined,
  issuers: readonly string[],
): readonly MayOpen[] {
  const rights = new Map<string, Set<string>>()
  const grant = (principal: string, right: string): void => {
    const known = rights.get(principal)
    if (known === undefined) rights.set(principal, new Set([right]))
    else known.add(right)
  }
  for (const entry of policy.entries) {
    const principal = principalOf(entry, owner)
    if (principal !== undefined) grant(principal, entry.right)
  }
  for (const address of [owner, ...issuers]) {
    if (address !== undefined && address !== '') grant(address.toLowerCase(), ownerRight)
  }
  return [...rights]
    .map(([principal, granted]) => ({ principal, rights: [...granted].sort() }))
    .sort((a, b) => (a.principal < b.principal ? -1 : 1))
}

function principalOf(entry: RightsEntry, owner: string | undefined): string | undefined {
  const { principal } = entry
  if (principal === undefined) return undefined
  if (principal.idType === 'Internal') {
    return principal.id.toLowerCase() === 'owner' ? owner?.toLowerCase() : anyone
  }
  if (principal.name !== undefined && principal.name !== '') {
    return principal.name.toUpperCase() === anyone ? anyone : principal.name.toLowerCase()
  }
  return principal.id === '' ? undefined : principal.id
}
