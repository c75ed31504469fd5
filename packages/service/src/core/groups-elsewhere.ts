/**
 * Group expansion across forests (MS-RMPRS 3.3.4.1): a group may be of another forest, or contain groups and people of
 * other forests. Then the clusters there are asked, each about what is theirs. An outage is no answer about rights, and no
 * answer is kept (threats D5, P19).
 */
import { RightsError } from '@sealward/xrml'
import { forestOfAddress, forestOfContact, type Contact, type Forest, type Forests } from './forests.ts'
import type { CoreContext } from './ports.ts'

/** MS-RMPRS 3.3.4.1: a chain of calls ends when its counter, incremented, reaches this. */
const callsMost = 10
/** Groups of other forests in one question: as many as a message may name. */
const groupsMost = 1_000

/** @returns the counter for calls that follow @throws RightsError `group-expansion-too-far` */
export function nextCall(callsSoFar: number): number {
  if (callsSoFar + 1 >= callsMost) throw new RightsError('group-expansion-too-far')
  return callsSoFar + 1
}

export interface Expansion {
  /** Canonical address. */
  readonly person: string
  readonly callsSoFar: number
  readonly question: string
  readonly signal: AbortSignal
}

/**
 * Which of the groups somebody belongs to by what other forests say; what this directory says is known before.
 * @param groups canonical addresses, also of people: who looks at a policy cannot tell them apart
 * @throws RightsError `forest-unavailable`, `directory-unavailable`
 */
export async function groupsElsewhere(
  context: CoreContext,
  person: string,
  groups: readonly string[],
): Promise<readonly string[]> {
  const { forests, directory, random } = context
  const signal = AbortSignal.timeout(forests.within)
  const concerned: { readonly group: string; readonly contacts: readonly Contact[] }[] = []
  for (const group of groups) {
    const theirs = forestOfAddress(forests, group) !== undefined
    const contacts = theirs ? [{ address: group }] : await directory.contactsIn(group)
    const others = contacts.filter((contact) => contact.address !== person && forestOfContact(forests, contact))
    if (others.length > 0) concerned.push({ group, contacts: others })
  }
  const split = async (part: typeof concerned): Promise<readonly string[]> => {
    if (part.length === 0) return []
    const contacts = part.flatMap((each) => each.contacts)
    // Every question has a name of its own: asked under the same name again, nobody would answer.
    const question = random.guid()
    if (!(await askForests(forests, contacts, { person, callsSoFar: 0, question, signal }))) return []
    if (part.length === 1) return part.map(({ group }) => group)
    const half = Math.ceil(part.length / 2)
    return [...(await split(part.slice(0, half))), ...(await split(part.slice(half)))]
  }
  return split(concerned)
}

/**
 * Whether somebody belongs to one of these groups of other forests, as far as their clusters know.
 * @throws RightsError `forest-unavailable` unless one says yes, or all say no; `group-expansion-too-far`
 */
export async function askForests(
  forests: Forests,
  contacts: readonly Contact[],
  { person, callsSoFar, question, signal }: Expansion,
): Promise<boolean> {
  const asked = new Map<Forest, Set<string>>()
  for (const contact of contacts) {
    const forest = contact.address === person ? undefined : forestOfContact(forests, contact)
    if (forest === undefined) continue
    const groups = asked.get(forest) ?? new Set()
    asked.set(forest, groups.add(contact.address))
    if (groups.size > groupsMost) throw tooMuch(`more than ${groupsMost} groups of ${forest.name}`)
  }
  if (asked.size === 0) return false
  const next = nextCall(callsSoFar)
  // The cluster that is asked would count this call, too, and refuse it.
  nextCall(next)
  const answers = await Promise.allSettled(
    [...asked].map(([forest, groups]) =>
      forest.isMemberOfAny({ person, groups: [...groups], callsSoFar: next, question, signal }),
    ),
  )
  if (answers.some((answer) => answer.status === 'fulfilled' && answer.value)) return true
  const failed = answers.find((answer) => answer.status === 'rejected')
  if (failed !== undefined) throw failed.reason
  return false
}

function tooMuch(detail: string): RightsError {
  return new RightsError('forest-unavailable', { detail })
}
