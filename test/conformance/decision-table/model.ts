/**
 * What has to come out for a person, a policy and a moment, said a second time and as plainly as possible. It shares
 * nothing with the evaluation of the service, nor with that of the client.
 */
import { targets, type Actor, type Target } from './people.ts'

/** Minutes after publication: from the first on, before the last. */
export interface Span {
  readonly from?: number
  readonly until?: number
}

export interface Line {
  readonly target: Target
  readonly rights: readonly string[]
  readonly span?: Span
}

export interface Policy {
  readonly lines: readonly Line[]
  /** Of the content as a whole. */
  readonly span?: Span
}

export type Outcome = `granted ${string}` | 'not-yet-valid' | 'content-expired' | 'no-rights' | (string & {})

/** Whom the service serves at all, whatever a policy says: before and after accounts were disabled and left. */
const outside = {
  before: { stranger: 'account-certificate-untrusted' },
  after: { dora: 'user-disabled', gone: 'user-not-in-directory', stranger: 'account-certificate-untrusted' },
} as const satisfies Record<string, Partial<Record<Actor, string>>>
export type Staff = keyof typeof outside

/** The minute in which clients that keep licences ask for the first time: everybody is still there. */
export const keptSince = 5

/** @param minute when it is asked, after publication */
export function expectedOutcome(policy: Policy, actor: Actor, minute: number, staff: Staff = 'after'): Outcome {
  const refused: Partial<Record<Actor, string>> = outside[staff]
  const stranger = refused[actor]
  if (stranger !== undefined) return stranger
  // The author, and whoever belongs to the super users.
  if (actor === 'alice' || actor === 'sam') return 'granted OWNER'
  if (isOver(policy.span, minute)) return 'content-expired'
  if (isAhead(policy.span, minute)) return 'not-yet-valid'
  const mine = linesOf(policy, actor)
  if (mine.length === 0) return 'no-rights'
  const now = mine.filter(({ span }) => holds(span, minute))
  if (now.length > 0) return grantedBy(now)
  return mine.every(({ span }) => isOver(span, minute)) ? 'content-expired' : 'not-yet-valid'
}

/**
 * What a client can do without the service, with what it kept: only rights that it was granted then and that still hold.
 * It knows nothing of what happened to the account since; whatever it cannot answer, nobody answers.
 */
export function expectedOffline(policy: Policy, actor: Actor, minute: number): Outcome {
  const kept = expectedOutcome(policy, actor, keptSince, 'before')
  if (!kept.startsWith('granted ')) return 'service-unreachable'
  if (kept === 'granted OWNER') return kept
  const still = linesOf(policy, actor).filter(({ span }) => holds(span, keptSince) && holds(span, minute))
  return still.length === 0 || !holds(policy.span, minute) ? 'service-unreachable' : grantedBy(still)
}

function linesOf({ lines }: Policy, actor: Actor): readonly Line[] {
  return lines.filter(({ target }) => (targets[target].means as readonly Actor[]).includes(actor))
}

/** Every right once: rights are compared exactly. */
function grantedBy(lines: readonly Line[]): Outcome {
  return `granted ${[...new Set(lines.flatMap(({ rights }) => rights))].sort().join(' ')}`
}

function holds(span: Span | undefined, minute: number): boolean {
  return !isOver(span, minute) && !isAhead(span, minute)
}

function isOver({ until }: Span = {}, minute: number): boolean {
  return until !== undefined && minute >= until
}

function isAhead({ from }: Span = {}, minute: number): boolean {
  return from !== undefined && minute < from
}
