/**
 * Where a question about a membership has been already. Groups of two forests may contain each other; MS-RMPRS 3.3.4.1
 * ends such circles with a counter and a fault, so that nobody would ever learn that somebody is in none of the groups. Our
 * clusters name the question that they ask each other for, and ask nothing twice for it: memberships are a matter of reaching
 * a group, and what was reached before is answered where it was asked first. Servers of other makers end at the counter.
 */
import { LRUCache } from 'lru-cache'

/** The header with the name of the question: a GUID in braces. */
export const expansionHeader = 'sealward-expansion'

export interface ExpansionTrail {
  /**
   * Those of the groups about which the question has not come here yet; from now on it has.
   * @param question undefined for one without a name: nothing is known of its way
   */
  fresh(question: string | undefined, person: string, groups: readonly string[]): readonly string[]
}

/** Longer than any cluster waits for an answer. */
const rememberedFor = 120_000
const stepsMost = 50_000

/** Beyond 50,000 steps the oldest are forgotten; then the counter ends the circle. */
export function createExpansionTrail(): ExpansionTrail {
  const seen = new LRUCache<string, true>({ max: stepsMost, ttl: rememberedFor })
  return {
    fresh(question, person, groups) {
      if (question === undefined) return groups
      return [...new Set(groups)].filter((group) => {
        const step = `${question} ${person} ${group}`
        const known = seen.has(step)
        seen.set(step, true)
        return !known
      })
    },
  }
}
