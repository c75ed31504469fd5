/**
 * The decision where a policy may name groups of other forests (MS-RMPR 3.4.4.1, MS-RMPRS 3.3.4.1). Other clusters are asked
 * only if their answers can change what somebody gets, so that owners and people with rights of their own do not depend on
 * them, and a partner learns of no other documents.
 */
import { isDeepStrictEqual } from 'node:util'
import { decide, type DecideInput, type DecideStep, type RightsDecision } from '@sealward/xrml'
import { addressSpellings, knownAddress } from '../address.ts'
import { groupsElsewhere } from '../groups-elsewhere.ts'
import type { CoreContext } from '../ports.ts'

/**
 * @param person canonical address @param trace hears of the decision that counts
 * @throws RightsError `forest-unavailable`, `directory-unavailable`: half an answer would be a wrong one
 */
export async function decideAcrossForests(
  context: CoreContext,
  person: string,
  input: DecideInput,
  trace?: (step: DecideStep) => void,
): Promise<RightsDecision> {
  if (context.forests.known.length === 0) return decide(input, trace)
  const here = decide(input)
  const { principal, policy } = input
  const known = new Set([...principal.addresses, ...principal.groups])
  const names = policy.entries.flatMap((entry) => knownAddress(entry.principal?.name ?? '') ?? [])
  const open = [...new Set(names)].filter((name) => !known.has(name))
  const asMemberOf = (groups: readonly string[], heard?: typeof trace): RightsDecision => {
    const all = [...principal.groups, ...groups.flatMap(addressSpellings)]
    return decide({ ...input, principal: { ...principal, groups: all } }, heard)
  }
  if (isDeepStrictEqual(asMemberOf(open), here)) return decide(input, trace)
  return asMemberOf(await groupsElsewhere(context, person, open), trace)
}
