/** Where a project stands: readable at any time, also while somebody else is running a step. */
import { steps } from '../steps/index.ts'
import type { StepId } from '../steps/step.ts'
import { readApprovals, type ApprovalRequest } from './approvals.ts'
import { readPlan, type MigrationPlan } from './plan.ts'
import { readJournal, readProjectFile, type Project } from './project.ts'
import { isAtLeast, type MigrationState, type Role } from './states.ts'

export type StepStatus = 'done' | 'running' | 'undoing' | 'due' | 'later' | 'past' | 'not-needed'

export interface ProjectStatus {
  readonly name: string
  readonly state: MigrationState
  readonly planDigest?: string
  readonly publicKey?: string
  readonly steps: readonly {
    readonly id: StepId
    readonly number2016?: string
    readonly numberNewer?: string
    readonly title: string
    readonly role: Role
    readonly status: StepStatus
    /** Why the plan does not need it. */
    readonly reason?: string
    readonly actionsDone: number
    readonly actions: number
  }[]
  /** Asked for and not yet used. */
  readonly approvals: readonly ApprovalRequest[]
}

/** @throws RightsError `project-missing`, `project-damaged` */
export function projectStatus(project: Project): ProjectStatus {
  const { progress } = readJournal(project.folder)
  const { publicKey } = readProjectFile(project.folder)
  const plan = progress.plan === undefined ? undefined : readPlan(progress.plan.value)
  return {
    name: project.name,
    state: progress.state,
    ...(progress.plan === undefined ? {} : { planDigest: progress.plan.digest }),
    ...(publicKey === undefined ? {} : { publicKey }),
    steps: steps.map((step) => {
      const { y2016, newer } = step.numbers
      const known = progress.steps.get(step.id)
      const reason = plan === undefined ? undefined : step.skipped?.(plan)
      return {
        id: step.id,
        ...(y2016 === undefined ? {} : { number2016: y2016 }),
        ...(newer === undefined ? {} : { numberNewer: newer }),
        title: step.title,
        role: step.role,
        status: known?.status ?? statusOf(step, progress.state, plan),
        ...(reason === undefined ? {} : { reason }),
        actionsDone: known?.actions.filter(({ result }) => result !== undefined).length ?? 0,
        actions: known?.actions.length ?? 0,
      }
    }),
    approvals: readApprovals(project.folder.approvalsFile).filter(({ id }) => !progress.usedApprovals.has(id)),
  }
}

function statusOf(step: (typeof steps)[number], state: MigrationState, plan: MigrationPlan | undefined): StepStatus {
  if (plan === undefined) return 'later'
  if (step.to === undefined && step.skipped?.(plan) !== undefined) return 'not-needed'
  if (step.from.includes(state)) return 'due'
  return step.from.every((from) => isAtLeast(state, from)) ? 'past' : 'later'
}
