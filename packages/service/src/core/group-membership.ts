/**
 * IsPrincipalMemberOf (MS-RMPRS 3.3.4.1): what our directory knows about a person, for a cluster of another forest, and what
 * the forests know whose groups are members of ours. The answer discloses memberships, so only named servers may ask.
 */
import { requireAdmitted } from './admitted.ts'
import { knownAddress } from './address.ts'
import { askForests, nextCall } from './groups-elsewhere.ts'
import type { CoreContext, DirectoryCaller } from './ports.ts'
import { requireService } from './service-state.ts'

export interface GroupMembershipRequest {
  readonly caller: DirectoryCaller | undefined
  /** Mail address of the person. */
  readonly principal: string
  /** Mail addresses of groups, in any case. */
  readonly groups: readonly string[]
  /** How often clusters have asked each other on the way here. */
  readonly callsSoFar: number
  /** What the clusters on the way call the question; absent if they do not name it. */
  readonly question: string | undefined
}

/**
 * An unknown person or group belongs to nothing; that is an answer, not a refusal. Groups that are not ours are no business
 * of ours either: nobody is asked about them in our name.
 * @throws RightsError the codes of requireService and requireAdmitted; `group-expansion-too-far`, `directory-unavailable`,
 * `forest-unavailable`
 */
export async function isMemberOfAny(context: CoreContext, request: GroupMembershipRequest): Promise<boolean> {
  const configuration = await requireService(context, 'group-membership')
  await requireAdmitted(context, configuration, request.caller, 'group-expansion')
  const { callsSoFar } = request
  nextCall(callsSoFar)
  const { directory, forests, random } = context
  const person = knownAddress(request.principal)
  if (person === undefined) return false
  const user = await directory.findByAddress(person)
  if (user?.disabled === true) return false
  const member = new Set(
    user === undefined ? await directory.groupsOfContact([person]) : await directory.groupsOf(user),
  )
  const named = request.groups.flatMap((address) => knownAddress(address) ?? [])
  for (const address of named) {
    if (member.has(address)) return true
    const group = await directory.findGroup(address)
    if (group?.addresses.some((alias) => member.has(alias)) === true) return true
  }
  if (forests.known.length === 0) return false
  const contacts = []
  for (const group of forests.trail.fresh(request.question, person, named)) {
    contacts.push(...(await directory.contactsIn(group)))
  }
  const question = request.question ?? random.guid()
  const signal = AbortSignal.timeout(forests.within)
  return askForests(forests, contacts, { person: user?.address ?? person, callsSoFar, question, signal })
}
