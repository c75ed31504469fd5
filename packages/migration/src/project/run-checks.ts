/** Runs checks in their order and keeps what they found as evidence, whether or not they passed. */
import { isRightsError, RightsError } from '@sealward/xrml'
import { failed, type Check, type CheckResult } from '../steps/check.ts'
import type { StepContext } from '../steps/context.ts'
import { writeEvidence, type CheckRecord, type EvidencePhase } from './evidence.ts'
import type { JournalWriter, WorkOptions } from './project.ts'

export interface CheckRun {
  readonly step: string
  readonly phase: EvidencePhase
  readonly checks: readonly Check[]
  readonly planDigest: string
}

export interface CheckedRun {
  readonly checks: readonly CheckRecord[]
  /** Of the first check that failed. */
  readonly refusal: RightsError | undefined
  /** Path of the evidence below the project. */
  readonly evidence: string
}

export async function runChecks(
  context: StepContext,
  journal: JournalWriter,
  options: WorkOptions,
  { step, phase, checks, planDigest }: CheckRun,
): Promise<CheckedRun> {
  const records: CheckRecord[] = []
  let refusal: RightsError | undefined
  for (const check of checks) {
    options.signal?.throwIfAborted()
    const result = await runOne(check, context)
    const { outcome, finding, cure, data } = result
    const fields = { ...(finding === undefined ? {} : { finding }), ...(cure === undefined ? {} : { cure }) }
    records.push({ id: check.id, title: check.title, outcome, ...fields, ...(data === undefined ? {} : { data }) })
    if (!result.ok) refusal ??= refusalOf(check, result)
    options.onEvent?.({ kind: 'check', step, check: check.id, outcome, ...fields })
  }
  const at = options.now().toISOString()
  const stored = writeEvidence(context.folder, { step, phase, at, actor: options.actor, planDigest, checks: records })
  journal.append({ kind: 'checked', step, evidence: stored.path, sha256: stored.sha256 })
  return { checks: records, refusal, evidence: stored.path }
}

/** A service that does not answer, or a file that cannot be read, is a finding like any other. */
async function runOne(check: Check, context: StepContext): Promise<CheckResult> {
  try {
    return await check.run(context)
  } catch (error) {
    if (!isRightsError(error)) throw error
    return failed({ finding: error.message, cure: error.cure, code: error.code })
  }
}

function refusalOf(check: Check, { code = 'step-check-failed', finding = '' }: CheckResult): RightsError {
  return new RightsError(code, { detail: `${check.id}: ${finding}` })
}
