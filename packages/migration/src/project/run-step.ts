/**
 * Runs a step: checks, approval, actions, verification. Everything that will be done is written to the journal before the
 * first of it is done, and each action before and after itself. A run that was killed is finished by running the step
 * again: what is recorded is skipped, and what was only announced is done by actions that look before they change.
 */
import { RightsError } from '@sealward/xrml'
import { kindOf } from '../steps/actions/index.ts'
import { createContext, type StepContext } from '../steps/context.ts'
import { stepOf } from '../steps/index.ts'
import type { MigrationPorts } from '../steps/ports.ts'
import type { Step } from '../steps/step.ts'
import { requireApproval } from './approve.ts'
import type { CheckRecord } from './evidence.ts'
import type { PlannedAction, ProjectProgress } from './journal.ts'
import { requirePlan, workOn, type JournalWriter, type Project, type WorkOptions } from './project.ts'
import { requireRole } from './require-role.ts'
import { runChecks } from './run-checks.ts'
import type { MigrationState } from './states.ts'

export interface StepOptions extends WorkOptions {
  readonly ports: MigrationPorts
}

export interface StepRun {
  readonly step: string
  readonly state: MigrationState
  readonly checks: readonly CheckRecord[]
  /** What was done, or in a dry run would be done, in one line each. */
  readonly actions: readonly string[]
  readonly byHand: readonly string[]
  /** Why the plan does not need the step. */
  readonly skipped?: string
}

/**
 * @throws RightsError `step-unknown`, `step-not-due`, `step-role-missing`, `plan-missing`, `approval-missing`, `project-locked`;
 * `step-check-failed` or the code of the check that failed; and the codes of the services
 */
export async function runStep(
  project: Project,
  id: string,
  options: StepOptions & { readonly dryRun?: boolean },
): Promise<StepRun> {
  const step = stepOf(id)
  return workOn(project, `run ${id}`, options, async (journal) => {
    const progress = journal.progress()
    const { plan, digest } = requirePlan(progress)
    requireDue(step, progress)
    requireRole(plan, step, options.actor)
    const { ports } = options
    const context = createContext({ plan, ports, folder: project.folder, progress, now: options.now() })
    const skipped = step.skipped?.(plan)
    const base = { step: id, byHand: skipped === undefined ? step.byHand(plan) : [] }
    if (skipped !== undefined && step.to === undefined) {
      return { ...base, state: progress.state, checks: [], actions: [], skipped }
    }
    const begun = resumable(step, progress, digest)
    const before =
      begun === undefined && skipped === undefined
        ? await runChecks(context, journal, options, {
            step: id,
            phase: 'before',
            checks: step.checks,
            planDigest: digest,
          })
        : undefined
    if (before?.refusal !== undefined) throw before.refusal
    const actions = begun ?? (skipped === undefined ? await step.do(context) : [])
    if (options.dryRun === true) {
      return { ...base, state: progress.state, checks: before?.checks ?? [], actions: actions.map(describe) }
    }
    if (begun === undefined) {
      const question = {
        step: id,
        work: 'run',
        planDigest: digest,
        used: progress.usedApprovals,
        now: options.now(),
      } as const
      const needed = step.approval && skipped === undefined
      const approval = needed ? requireApproval(project.folder, plan, question) : {}
      journal.append({ kind: 'started', step: id, digest, actions, ...approval })
    }
    await perform(step, context, journal, options)
    const after = await verify(step, context, journal, options, digest, skipped)
    const state = finish(step, journal, options)
    return {
      ...base,
      state,
      checks: [...(before?.checks ?? []), ...after],
      actions: actions.map(describe),
      ...(skipped === undefined ? {} : { skipped }),
    }
  })
}

/** @throws RightsError `step-not-due` */
function requireDue(step: Step, { state, steps }: ProjectProgress): void {
  const undoing = [...steps].find(([, { status }]) => status === 'undoing')
  if (undoing !== undefined) throw new RightsError('step-not-due', { detail: `step ${undoing[0]} is being undone` })
  // Steps beside the way, such as the preparation of mail, may take months and hold up nothing.
  const running = [...steps].find(
    ([id, { status }]) =>
      status === 'running' && id !== step.id && step.to !== undefined && stepOf(id).to !== undefined,
  )
  if (running !== undefined) {
    throw new RightsError('step-not-due', { detail: `step ${running[0]} was begun; finish or undo it first` })
  }
  const again = steps.has(step.id) && step.to === state
  if (!again && !step.from.includes(state)) {
    throw new RightsError('step-not-due', { detail: `step ${step.id} in the state ${state}` })
  }
}

/** The actions of a run of the same plan that did not end. */
function resumable(step: Step, { steps }: ProjectProgress, digest: string): readonly PlannedAction[] | undefined {
  const known = steps.get(step.id)
  if (known?.status !== 'running' || known.digest !== digest) return undefined
  return known.actions.map(({ planned }) => planned)
}

async function perform(
  step: Step,
  context: StepContext,
  journal: JournalWriter,
  { onEvent, signal }: StepOptions,
): Promise<void> {
  const tell = (action: string, phase: 'begun' | 'done'): void =>
    onEvent?.({ kind: 'action', step: step.id, action, phase })
  for (const { planned, before, result } of journal.progress().steps.get(step.id)?.actions ?? []) {
    if (result !== undefined) continue
    signal?.throwIfAborted()
    const kind = kindOf(planned)
    tell(planned.id, 'begun')
    const saved = before ?? (await kind.before(context, planned.input))
    if (before === undefined) journal.append({ kind: 'intent', step: step.id, action: planned.id, before: saved })
    const outcome = await kind.apply(context, planned.input, saved, before !== undefined)
    journal.append({ kind: 'result', step: step.id, action: planned.id, result: outcome })
    tell(planned.id, 'done')
  }
}

/** The world has changed since the first checks: nothing that was read before may answer. */
async function verify(
  step: Step,
  context: StepContext,
  journal: JournalWriter,
  options: StepOptions,
  planDigest: string,
  skipped: string | undefined,
): Promise<readonly CheckRecord[]> {
  if (skipped !== undefined || step.verify.length === 0) return []
  const fresh = createContext({ ...context, progress: journal.progress(), now: options.now() })
  const run = { step: step.id, phase: 'after', checks: step.verify, planDigest } as const
  const { checks, refusal } = await runChecks(fresh, journal, options, run)
  if (refusal !== undefined) throw refusal
  return checks
}

function finish(step: Step, journal: JournalWriter, { onEvent }: StepOptions): MigrationState {
  const { state } = journal.progress()
  const to = step.to ?? state
  journal.append({ kind: 'done', step: step.id, from: state, to })
  if (to !== state) onEvent?.({ kind: 'state', from: state, to })
  return to
}

function describe(action: PlannedAction): string {
  return kindOf(action).describe(action.input)
}
