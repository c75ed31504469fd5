/**
 * A check: one thing that a program can decide, with a finding and a cure for people. A failed check stops its step; a
 * warning is shown and recorded, and the step goes on; a check that a plan gives no reason for is not applicable.
 */
import type { ErrorCode } from '@sealward/xrml'
import type { Json } from '../project/canonical-json.ts'
import type { CheckOutcome } from '../project/evidence.ts'
import type { StepContext } from './context.ts'

export interface CheckResult {
  readonly ok: boolean
  readonly outcome: CheckOutcome
  readonly finding?: string
  readonly cure?: string
  /** With which code the step refuses; `step-check-failed` unless given. */
  readonly code?: ErrorCode
  readonly data?: Json
}

export interface Check {
  /** Kebab-case; stable, because evidence names it. */
  readonly id: string
  /** What is true when it passes. */
  readonly title: string
  run(context: StepContext): Promise<CheckResult>
}

export function passed(data?: Json): CheckResult {
  return { ok: true, outcome: 'passed', ...(data === undefined ? {} : { data }) }
}

export function notApplicable(finding: string): CheckResult {
  return { ok: true, outcome: 'not-applicable', finding }
}

export interface Finding {
  readonly finding: string
  readonly cure: string
  readonly data?: Json
  readonly code?: ErrorCode
}

export function failed(finding: Finding): CheckResult {
  return { ok: false, outcome: 'failed', ...finding }
}

export function warned(finding: Finding): CheckResult {
  return { ok: true, outcome: 'warned', ...finding }
}

/** Passes when nothing was found; the first few names go into the sentence, all of them into the data. */
export function noneOf(
  found: readonly string[],
  finding: (named: string) => string,
  cure: string,
  more: { readonly severity?: 'failed' | 'warned'; readonly code?: ErrorCode; readonly data?: Json } = {},
): CheckResult {
  if (found.length === 0) return passed(more.data)
  const { severity = 'failed', code, data } = more
  const all = data ?? [...new Set(found)].sort()
  const result = { finding: finding(named(found)), cure, data: all, ...(code === undefined ? {} : { code }) }
  return severity === 'failed' ? failed(result) : warned(result)
}

const namedMost = 5

/** `a, b and 7 more`. */
export function named(items: readonly string[]): string {
  const different = [...new Set(items)].sort()
  const shown = different.slice(0, namedMost).join(', ')
  const rest = different.length - namedMost
  return rest > 0 ? `${shown} and ${rest} more` : shown
}
