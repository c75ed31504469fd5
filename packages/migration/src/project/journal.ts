/**
 * The journal is the truth of a project: what was planned, checked, intended, done and undone, by whom and when. State is
 * what follows from it. An action is announced (`intent`, with what stood there before) before it is done and recorded
 * (`result`) afterwards, so that a run that was killed anywhere can be finished or taken back.
 */
import { RightsError } from '@sealward/xrml'
import type { Json } from './canonical-json.ts'
import type { MigrationState } from './states.ts'

/** Something that a step does, decided before the first one is done; `input` never holds a secret. */
export interface PlannedAction {
  /** Unique within the step. */
  readonly id: string
  readonly kind: string
  readonly input: Json
}

export type JournalRecord =
  | { readonly kind: 'created'; readonly name: string }
  | { readonly kind: 'planned'; readonly digest: string; readonly plan: Json }
  | { readonly kind: 'checked'; readonly step: string; readonly evidence: string; readonly sha256: string }
  | {
      readonly kind: 'started'
      readonly step: string
      readonly digest: string
      readonly actions: readonly PlannedAction[]
      /** Id of the approval that let it begin, and that is used up by it. */
      readonly approval?: string
    }
  | { readonly kind: 'intent'; readonly step: string; readonly action: string; readonly before: Json }
  | { readonly kind: 'result'; readonly step: string; readonly action: string; readonly result: Json }
  | { readonly kind: 'done'; readonly step: string; readonly from: MigrationState; readonly to: MigrationState }
  | { readonly kind: 'undo-started'; readonly step: string; readonly approval?: string }
  | { readonly kind: 'undone-action'; readonly step: string; readonly action: string }
  | { readonly kind: 'undone'; readonly step: string; readonly from: MigrationState; readonly to: MigrationState }

export type JournalEntry = JournalRecord & { readonly at: string; readonly actor: string }

export interface ActionProgress {
  readonly planned: PlannedAction
  /** Present from the moment of the intent. */
  readonly before?: Json
  /** Present when it is done. */
  readonly result?: Json
}

export interface StepProgress {
  readonly status: 'running' | 'done' | 'undoing'
  /** In the order in which they are done. */
  readonly actions: readonly ActionProgress[]
  /** State of the project before the step was first done, and the plan it runs under. */
  readonly from: MigrationState
  readonly digest: string
  /** ISO 8601. */
  readonly startedAt: string
}

export interface ProjectProgress {
  readonly state: MigrationState
  readonly plan: { readonly digest: string; readonly value: Json } | undefined
  /** Steps that have begun and are not undone, in the order in which they began. */
  readonly steps: ReadonlyMap<string, StepProgress>
  /** `step action` of everything that was ever begun, undone or not: a tenant keeps keys whose import was undone. */
  readonly history: ReadonlySet<string>
  readonly usedApprovals: ReadonlySet<string>
}

const beginning: ProjectProgress = {
  state: 'Planned',
  plan: undefined,
  steps: new Map(),
  history: new Set(),
  usedApprovals: new Set(),
}

/**
 * @param before where a project stood, from its beginning unless told otherwise
 * @throws RightsError `project-damaged` for records that cannot follow each other
 */
export function progressOf(entries: readonly JournalEntry[], before: ProjectProgress = beginning): ProjectProgress {
  let { state, plan } = before
  const steps = new Map(before.steps)
  const history = new Set(before.history)
  const usedApprovals = new Set(before.usedApprovals)
  const stepOf = (id: string): StepProgress => steps.get(id) ?? damaged(id)

  for (const entry of entries) {
    if ('approval' in entry) usedApprovals.add(entry.approval)
    switch (entry.kind) {
      case 'created':
      case 'checked':
        break
      case 'planned':
        plan = { digest: entry.digest, value: entry.plan }
        break
      case 'started':
        steps.set(entry.step, started(steps.get(entry.step), entry, state))
        break
      case 'intent':
        history.add(`${entry.step} ${entry.action}`)
        steps.set(entry.step, withAction(stepOf(entry.step), entry.action, { before: entry.before }))
        break
      case 'result':
        steps.set(entry.step, withAction(stepOf(entry.step), entry.action, { result: entry.result }))
        break
      case 'done':
        steps.set(entry.step, { ...stepOf(entry.step), status: 'done' })
        state = entry.to
        break
      case 'undo-started':
        steps.set(entry.step, { ...stepOf(entry.step), status: 'undoing' })
        break
      case 'undone-action':
        steps.set(entry.step, withoutAction(stepOf(entry.step), entry.action))
        break
      case 'undone':
        steps.delete(entry.step)
        state = entry.to
        break
    }
  }
  return { state, plan, steps, history, usedApprovals }
}

/** A step that is run again keeps what it did or began to do; what was only planned is planned anew. */
function started(
  known: StepProgress | undefined,
  { actions, digest, at }: Extract<JournalEntry, { readonly kind: 'started' }>,
  state: MigrationState,
): StepProgress {
  const kept = known?.actions.filter((action) => action.before !== undefined) ?? []
  const ids = new Set(kept.map((action) => action.planned.id))
  const added = actions.filter((action) => !ids.has(action.id)).map((planned) => ({ planned }))
  const { from, startedAt } = known ?? { from: state, startedAt: at }
  return { status: 'running', actions: [...kept, ...added], from, digest, startedAt }
}

function withAction(step: StepProgress, id: string, more: Omit<ActionProgress, 'planned'>): StepProgress {
  if (!step.actions.some((action) => action.planned.id === id)) damaged(id)
  const actions = step.actions.map((action) => (action.planned.id === id ? { ...action, ...more } : action))
  return { ...step, actions }
}

function withoutAction(step: StepProgress, id: string): StepProgress {
  return { ...step, actions: step.actions.filter((action) => action.planned.id !== id) }
}

function damaged(what: string): never {
  throw new RightsError('project-damaged', { detail: `the journal speaks of ${what} out of order` })
}
