/**
 * The decision: who may do what with one document now (MS-RMPR 3.4.4.1, usage of the rights in 2.2.9.8.5). A pure function
 * of policy, person and time; every door of the service and the rehearsal use this one.
 */
import type { RightsEntry, TimeConditions } from '../elements/rights-list.ts'
import { noTimes } from '../elements/rights-list.ts'
import type { RangeTime } from '../elements/times.ts'
import { within } from '../elements/times.ts'
import type { RightsPolicy } from './policy.ts'
import { owner as ownerRight } from './vocabulary.ts'

/** A person with everything the directory knows that a policy entry can name. Addresses are lower case. */
export interface ResolvedPrincipal {
  readonly addresses: readonly string[]
  /** Current and historical security identifiers. */
  readonly sids: readonly string[]
  /** Addresses of all groups, nested ones included. */
  readonly groups: readonly string[]
  readonly superUser: boolean
}

export interface DecideInput {
  readonly policy: RightsPolicy
  readonly principal: ResolvedPrincipal
  /** Address of the document's owner (METADATA of the publishing licence), lower case. */
  readonly owner: string | undefined
  /** Addresses of the issuer of the licence: the account whose client certificate signed it, lower case. */
  readonly issuer: readonly string[]
  /** When the document was published; content that expires after days counts from here. */
  readonly publishedAt: Date
  readonly now: Date
}

export interface GrantedRight {
  readonly right: string
  /** Times that the use licence must carry. */
  readonly times: TimeConditions
}

export type DecisionGround = 'owner' | 'issuer' | 'super-user' | 'policy'

export type DenialReason = 'no-rights' | 'content-expired' | 'not-yet-valid'

export type RightsDecision =
  | { readonly granted: true; readonly ground: DecisionGround; readonly rights: readonly GrantedRight[] }
  | { readonly granted: false; readonly reason: DenialReason }

/** By what an entry names a person. */
export interface EntryMatch {
  readonly by: 'address' | 'group' | 'sid' | 'anyone'
  /** The address or identifier; empty for anyone. */
  readonly name: string
}

/** What the decision looked at, in its order; what comes after the ground is not looked at any more. */
export type DecideStep =
  | { readonly step: 'owner' | 'issuer' | 'super-user'; readonly applies: boolean }
  | { readonly step: 'content-time'; readonly ranges: readonly RangeTime[]; readonly state: TimeState }
  | {
      readonly step: 'entry'
      readonly entry: RightsEntry
      /** Undefined if the entry does not name the person. */
      readonly match: EntryMatch | undefined
      readonly state: TimeState
    }

export type TimeState = 'now' | 'over' | 'not-yet'

/** @param trace hears of every step, for those who explain the decision */
export function decide(input: DecideInput, trace?: (step: DecideStep) => void): RightsDecision {
  const { principal, owner, issuer } = input
  const isOwner = owner !== undefined && principal.addresses.includes(owner)
  const isIssuer = issuer.some((address) => principal.addresses.includes(address))
  // Owner, issuer and super users are above expiry; a super user's use is marked wherever it is recorded.
  const ground = isOwner ? 'owner' : isIssuer ? 'issuer' : principal.superUser ? 'super-user' : undefined
  trace?.({ step: 'owner', applies: isOwner })
  if (!isOwner) trace?.({ step: 'issuer', applies: isIssuer })
  if (!isOwner && !isIssuer) trace?.({ step: 'super-user', applies: principal.superUser })
  if (ground !== undefined) return { granted: true, ground, rights: [{ right: ownerRight, times: noTimes }] }

  const content = contentRange(input.policy.preconditions, input.publishedAt)
  const contentState = stateAt(content, input.now)
  trace?.({ step: 'content-time', ranges: content, state: contentState })
  if (contentState === 'over') return { granted: false, reason: 'content-expired' }
  if (contentState === 'not-yet') return { granted: false, reason: 'not-yet-valid' }

  const matching = input.policy.entries.filter((entry) => {
    const match = matchOf(entry, principal)
    trace?.({ step: 'entry', entry, match, state: stateAt(entry.times.ranges, input.now) })
    return match !== undefined
  })
  const current = matching.filter((entry) => entry.times.ranges.every((range) => within(input.now, range)))
  if (current.length === 0) {
    const over = matching.length > 0 && matching.every((entry) => entry.times.ranges.some((r) => input.now >= r.until))
    return { granted: false, reason: over ? 'content-expired' : matching.length > 0 ? 'not-yet-valid' : 'no-rights' }
  }
  return { granted: true, ground: 'policy', rights: unionOf(current, content, input.now) }
}

function stateAt(ranges: readonly RangeTime[], now: Date): TimeState {
  if (ranges.some((range) => now >= range.until)) return 'over'
  return ranges.some((range) => now < range.from) ? 'not-yet' : 'now'
}

/** The preconditions as ranges: days after publication become an end. */
function contentRange(preconditions: TimeConditions, publishedAt: Date): readonly RangeTime[] {
  const intervals = preconditions.intervals.map((interval) => ({
    from: new Date(0),
    until: new Date(publishedAt.getTime() + interval),
  }))
  return [...preconditions.ranges, ...intervals]
}

/** Whether a policy entry names the person: by address, by group, by security identifier, or as anyone. */
export function names(entry: RightsEntry, principal: ResolvedPrincipal): boolean {
  return matchOf(entry, principal) !== undefined
}

function matchOf(entry: RightsEntry, principal: ResolvedPrincipal): EntryMatch | undefined {
  const target = entry.principal
  if (target === undefined) return undefined
  const internal = target.idType === 'Internal' ? target.id.toLowerCase() : undefined
  if (internal !== undefined) return internal === 'anyone' ? { by: 'anyone', name: '' } : undefined
  const name = target.name?.toLowerCase()
  if (name === 'anyone') return { by: 'anyone', name: '' }
  if (name !== undefined && principal.addresses.includes(name)) return { by: 'address', name }
  if (name !== undefined && principal.groups.includes(name)) return { by: 'group', name }
  const bySid = target.idType === 'Windows' && target.id !== '' && principal.sids.includes(target.id)
  return bySid ? { by: 'sid', name: target.id } : undefined
}

/** One grant per right. Of several times for the same right an unlimited one wins, else the one that lasts longest. */
function unionOf(entries: readonly RightsEntry[], content: readonly RangeTime[], now: Date): readonly GrantedRight[] {
  const best = new Map<string, TimeConditions>()
  for (const { right, times } of entries) {
    const known = best.get(right)
    if (known === undefined || lastsFor(times, now) > lastsFor(known, now)) best.set(right, times)
  }
  return [...best].map(([right, times]) => ({
    right,
    times: { ranges: [...content, ...times.ranges], intervals: times.intervals },
  }))
}

/** Milliseconds that a right lasts when its licence is issued now. */
function lastsFor(times: TimeConditions, now: Date): number {
  return Math.min(...times.ranges.map((range) => range.until.getTime() - now.getTime()), ...times.intervals)
}
