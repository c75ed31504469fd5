/** Runs the checks of a step, or of all steps, and changes nothing but the evidence. */
import { createContext } from '../steps/context.ts'
import { stepOf } from '../steps/index.ts'
import type { CheckRecord } from './evidence.ts'
import { requirePlan, workOn, type Project } from './project.ts'
import { runChecks } from './run-checks.ts'
import type { StepOptions } from './run-step.ts'

export interface CheckedStep {
  readonly step: string
  readonly ok: boolean
  readonly checks: readonly CheckRecord[]
  /** Path below the project. */
  readonly evidence: string
}

/**
 * @param moment the checks before the step is run, or those that prove it afterwards; before unless given
 * @throws RightsError `step-unknown`, `plan-missing`, `project-locked`
 */
export async function checkStep(
  project: Project,
  id: string,
  options: StepOptions & { readonly moment?: 'before' | 'after' },
): Promise<CheckedStep> {
  const step = stepOf(id)
  const checks = options.moment === 'after' ? step.verify : step.checks
  return workOn(project, `check ${id}`, options, async (journal) => {
    const progress = journal.progress()
    const { plan, digest } = requirePlan(progress)
    const { ports } = options
    const context = createContext({ plan, ports, folder: project.folder, progress, now: options.now() })
    const run = { step: id, phase: 'check', checks, planDigest: digest } as const
    const { checks: records, refusal, evidence } = await runChecks(context, journal, options, run)
    return { step: id, ok: refusal === undefined, checks: records, evidence }
  })
}
