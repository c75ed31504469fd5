/**
 * Takes a step back: its actions in reverse, each from what the journal saved before it was done. The last step goes
 * first. An undo that was killed is finished by running it again.
 */
import { RightsError } from '@sealward/xrml'
import { kindOf } from '../steps/actions/index.ts'
import { createContext } from '../steps/context.ts'
import { stepOf } from '../steps/index.ts'
import { rollbackOf, type RollbackWay } from '../steps/rollback-matrix.ts'
import { requireApproval } from './approve.ts'
import type { ProjectProgress, StepProgress } from './journal.ts'
import { requirePlan, workOn, type Project } from './project.ts'
import { requireRole } from './require-role.ts'
import type { StepOptions } from './run-step.ts'
import { mayGoBackAlone, type MigrationState } from './states.ts'

export interface UndoneStep {
  readonly step: string
  readonly state: MigrationState
  readonly actions: readonly string[]
  readonly byHand: readonly string[]
  /** What the step brought and its undo leaves, because it does no harm or cannot be taken away. */
  readonly remains: readonly string[]
  /** What cannot be brought back. */
  readonly loss: string
}

/** @throws RightsError `step-unknown`, `undo-refused`, `step-role-missing`, `approval-missing`, `project-locked`, and the codes of the services */
export async function undoStep(
  project: Project,
  id: string,
  options: StepOptions & { readonly dryRun?: boolean },
): Promise<UndoneStep> {
  const step = stepOf(id)
  return workOn(project, `undo ${id}`, options, async (journal) => {
    const progress = journal.progress()
    const { plan, digest } = requirePlan(progress)
    const begun = requireUndoable(id, progress)
    requireRole(plan, step, options.actor)
    const context = createContext({ plan, ports: options.ports, folder: project.folder, progress, now: options.now() })
    const way: RollbackWay = await rollbackOf(progress.state, context)
    const actions = begun.actions.filter(({ before }) => before !== undefined).toReversed()
    const undone = {
      step: id,
      actions: actions.map(({ planned }) => kindOf(planned).describe(planned.input)),
      byHand: [...step.undo.byHand, ...(step.to === progress.state ? way.byHand : [])],
      remains: actions.flatMap(({ planned, before = null }) => kindOf(planned).remains(planned.input, before) ?? []),
      loss: step.undo.loss,
    }
    if (options.dryRun === true) return { ...undone, state: begun.from }
    if (begun.status !== 'undoing') {
      const question = {
        step: id,
        work: 'undo',
        planDigest: digest,
        used: progress.usedApprovals,
        now: options.now(),
      } as const
      const alone = mayGoBackAlone(progress.state)
      const approval = alone ? {} : requireApproval(project.folder, plan, question)
      journal.append({ kind: 'undo-started', step: id, ...approval })
    }
    for (const { planned, before } of actions) {
      if (before === undefined) continue
      options.signal?.throwIfAborted()
      await kindOf(planned).revert(context, planned.input, before)
      journal.append({ kind: 'undone-action', step: id, action: planned.id })
      options.onEvent?.({ kind: 'action', step: id, action: planned.id, phase: 'undone' })
    }
    const to = step.to === progress.state ? begun.from : progress.state
    journal.append({ kind: 'undone', step: id, from: progress.state, to })
    if (to !== progress.state) options.onEvent?.({ kind: 'state', from: progress.state, to })
    return { ...undone, state: to }
  })
}

/** @throws RightsError `undo-refused` */
function requireUndoable(id: string, { steps }: ProjectProgress): StepProgress {
  const step = steps.get(id)
  if (step === undefined) throw new RightsError('undo-refused', { detail: `step ${id} was not run` })
  const busy = [...steps].find(
    ([other, { status }]) => other !== id && status !== 'done' && stepOf(other).to !== undefined,
  )
  if (busy !== undefined) throw new RightsError('undo-refused', { detail: `step ${busy[0]} has not ended` })
  const ids = [...steps.keys()]
  const later = ids.slice(ids.indexOf(id) + 1).filter((other) => stepOf(other).to !== undefined)
  if (stepOf(id).to !== undefined && later.length > 0) {
    throw new RightsError('undo-refused', { detail: `step ${later.at(-1)} came after it` })
  }
  return step
}
