/** The grants of a policy that a caller has written himself, checked before they become part of a licence. */
import type { CustomPolicy } from '@sealward/protocol'
import { anyone, noTimes, owner, RightsError, roleRights, type Grant, type TimeConditions } from '@sealward/xrml'
import { knownAddress } from '../address.ts'

/** Longest time, in days, for which a template or policy may let a licence be kept. */
const intervalDaysMost = 9999

const day = 86_400_000

/** For applications that enforce nothing but a record of the extraction. */
export const auditedExtraction = 'AUDITEDEXTRACT'

const rightForm = /^[A-Z][A-Z0-9_.-]{0,63}$/

/** Whoever will own the content has every right, without time limits; written first, as in templates. */
const ownerGrant: Grant = { to: owner, rights: [owner] }

/**
 * @param entriesMost rights entries beyond this number make a licence that no reader accepts
 * @throws RightsError `policy-refused`
 */
export function grantsOf(
  policy: CustomPolicy,
  { allowAuditedExtraction, entriesMost }: { readonly allowAuditedExtraction: boolean; readonly entriesMost: number },
): readonly Grant[] {
  const times = timesOf(policy)
  const listed = [
    ...policy.userRights.map(({ users, rights }) => ({ users, rights: rights.map(rightOf) })),
    ...policy.userRoles.map(({ users, roles }) => ({ users, rights: roles.flatMap(rightsOfRole) })),
  ]
  const entries = listed.map(({ users, rights }) => {
    if (users.length > 0 && rights.length === 0) throw refused('an entry has no rights')
    return { users, rights: [...new Set(allowAuditedExtraction ? [...rights, auditedExtraction] : rights)] }
  })
  // Counted before people are multiplied by rights; the owner's entry comes to these.
  const count = entries.reduce((total, { users, rights }) => total + users.length * rights.length, 0)
  if (count >= entriesMost) throw refused('it is too long')
  const grants = entries.flatMap(({ users, rights }) => users.map((user) => ({ to: principalOf(user), rights, times })))
  if (grants.length === 0) throw refused('it names nobody')
  return [ownerGrant, ...grants]
}

function timesOf(policy: CustomPolicy): TimeConditions {
  const days = policy.allowOfflineAccess ? policy.intervalTimeInDays : 0
  if (days > intervalDaysMost) throw refused(`more than ${intervalDaysMost} days`)
  return days <= 0 ? noTimes : { ranges: [], intervals: [days * day] }
}

function rightOf(text: string): string {
  const right = text.trim().toUpperCase()
  if (!rightForm.test(right)) throw refused(`the right ${text.slice(0, 64)}`)
  return right
}

function rightsOfRole(role: string): readonly string[] {
  const rights = roleRights[role.trim().toUpperCase()]
  if (rights === undefined) throw refused(`the role ${role.slice(0, 64)}`)
  return rights
}

function principalOf(user: string): string {
  const name = user.trim().toUpperCase()
  if (name === anyone || name === owner) return name
  const address = knownAddress(user.trim())
  if (address === undefined) throw refused(`the address ${user.slice(0, 254)}`)
  return address
}

function refused(detail: string): RightsError {
  return new RightsError('policy-refused', { detail })
}
