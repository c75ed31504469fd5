/**
 * IsPrincipalMemberOf (MS-RMPRS 3.3.4.1): what our directory knows about a person, for a cluster of another forest. The
 * answer discloses memberships, so only named servers may ask.
 */
import { RightsError } from '@sealward/xrml'
import { requireAdmitted } from './admitted.ts'
import { knownAddress } from './address.ts'
import type { Caller, CoreContext } from './ports.ts'
import { requireService } from './service-state.ts'

export interface GroupMembershipRequest {
  readonly caller: Caller | undefined
  /** Mail address of the person. */
  readonly principal: string
  /** Mail addresses of groups, in any case. */
  readonly groups: readonly string[]
  /** How often clusters have asked each other on the way here. */
  readonly callsSoFar: number
}

/** MS-RMPRS 3.3.4.1: a chain of calls ends when its counter, incremented, reaches this. */
const callsMost = 10

/**
 * An unknown person or group belongs to nothing; that is an answer, not a refusal.
 * @throws RightsError the codes of requireService and requireAdmitted; `group-expansion-too-far`, `directory-unavailable`
 */
export async function isMemberOfAny(context: CoreContext, request: GroupMembershipRequest): Promise<boolean> {
  const configuration = await requireService(context, 'group-membership')
  await requireAdmitted(context, configuration, request.caller, 'group-expansion')
  if (request.callsSoFar + 1 >= callsMost) throw new RightsError('group-expansion-too-far')
  const user = await context.directory.findByAddress(request.principal)
  if (user === undefined || user.disabled) return false
  const groups = new Set(await context.directory.groupsOf(user))
  for (const address of request.groups) {
    const named = knownAddress(address)
    if (named === undefined) continue
    if (groups.has(named)) return true
    const group = await context.directory.findGroup(named)
    if (group?.addresses.some((alias) => groups.has(alias)) === true) return true
  }
  return false
}
