/** A policy as it is shown to those who may see who has which rights. */
import type { CustomPolicy } from '@sealward/protocol'
import type { EntryPrincipal, RightsPolicy } from '@sealward/xrml'
import { languageOf } from './languages.ts'
import { auditedExtraction } from './publish/grants.ts'

const day = 86_400_000

/** Clients take zero days as a ban on offline use, so no limit needs a number; the longest that templates can name. */
const daysWithoutLimit = 9999

export function showPolicy(
  policy: RightsPolicy,
  allowOfflineAccess: boolean,
  contentValidUntil: Date | undefined,
): CustomPolicy & { readonly allowAuditedExtraction: boolean } {
  const rightsByUser = new Map<string, string[]>()
  for (const { right, principal } of policy.entries) {
    const user = shownPrincipal(principal)
    if (user === undefined || right === auditedExtraction) continue
    const rights = rightsByUser.get(user) ?? []
    if (!rights.includes(right)) rights.push(right)
    rightsByUser.set(user, rights)
  }
  const intervals = policy.entries.flatMap((entry) => entry.times.intervals)
  const days = intervals.length === 0 ? daysWithoutLimit : Math.ceil(Math.min(...intervals) / day)
  return {
    descriptors: policy.names.map(({ lcid, name, description }) => ({ language: languageOf(lcid), name, description })),
    userRights: [...rightsByUser].map(([user, rights]) => ({ users: [user], rights })),
    userRoles: [],
    allowOfflineAccess,
    intervalTimeInDays: allowOfflineAccess ? days : 0,
    ...(contentValidUntil === undefined ? {} : { contentValidUntil }),
    encryptedApplicationData: new Map(),
    allowAuditedExtraction: policy.entries.some((entry) => entry.right === auditedExtraction),
  }
}

function shownPrincipal(principal: EntryPrincipal | undefined): string | undefined {
  if (principal === undefined) return undefined
  if (principal.idType === 'Internal') return principal.id.toUpperCase()
  return principal.name ?? principal.id
}
