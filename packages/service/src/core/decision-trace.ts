/**
 * What a decision looked at, told by the code that decides: the explanation of a decision is its own trace, never a second
 * decision. Without anybody who listens nothing is kept.
 */
import { isRightsError } from '@sealward/xrml'

/** In the order in which they are taken. */
export const decisionSteps = [
  'service-state',
  'licence-read',
  'person',
  'exclusion',
  'licence-signed',
  'licence-opened',
  'policy',
  'owner',
  'issuer',
  'super-user',
  'content-time',
  'grant',
  'content-key',
  'revocation',
] as const

export interface TracedGrant {
  readonly right: string
  /** Address or identifier that the policy names. */
  readonly principal: string
  readonly matched: 'address' | 'group' | 'sid' | 'anyone' | undefined
  /** Whether it holds at this time. */
  readonly time: 'now' | 'over' | 'not-yet'
  /** Within the grant's own times. */
  readonly from?: Date
  readonly until?: Date
}

export interface TracedStep {
  readonly step: (typeof decisionSteps)[number]
  /** `applies` and `does-not-apply` go on with the next step; so does what passed. */
  readonly outcome: 'passed' | 'applies' | 'does-not-apply' | 'refused'
  readonly detail: string
  /** The code of a refusal. */
  readonly code?: string
  readonly grant?: TracedGrant
}

export type Trace = (step: TracedStep) => void

/**
 * Takes a step of the decision, and tells how it ended.
 * @param detail for people @throws whatever the step throws
 */
export async function traced<T>(
  trace: Trace | undefined,
  step: TracedStep['step'],
  work: () => T | Promise<T>,
  detail: (result: T) => string = () => '',
): Promise<T> {
  if (trace === undefined) return work()
  try {
    const result = await work()
    trace({ step, outcome: 'passed', detail: detail(result) })
    return result
  } catch (error) {
    if (isRightsError(error)) trace({ step, outcome: 'refused', detail: error.detail ?? '', code: error.code })
    throw error
  }
}
