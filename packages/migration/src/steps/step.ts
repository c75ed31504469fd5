/** A step of the migration as data: what it needs, checks, does and leaves to people, and how it is taken back. */
import type { PlannedAction } from '../project/journal.ts'
import type { MigrationPlan } from '../project/plan.ts'
import type { MigrationState, Role } from '../project/states.ts'
import type { Check } from './check.ts'
import type { StepContext } from './context.ts'

export const stepIds = ['0', '1', '1b', '1c', '2', '3', '4', '5', '6', '7', 'ro', '8', '8d', '9', 'x'] as const
export type StepId = (typeof stepIds)[number]

export interface Step {
  readonly id: StepId
  /** Number in the two published procedures; nothing where a procedure has no such step. */
  readonly numbers: { readonly y2016: string | undefined; readonly newer: string | undefined }
  readonly title: string
  /** Phase in the procedure of 2016. */
  readonly phase: string
  readonly role: Role
  /** Fields of the plan that it uses. */
  readonly inputs: readonly (keyof MigrationPlan)[]
  /** States in which it may begin. */
  readonly from: readonly MigrationState[]
  /** State that it leads to; steps without one prepare or accompany. */
  readonly to?: MigrationState
  /** Needs a second person. */
  readonly approval: boolean
  /** Why the plan does not need it; then it is passed over. */
  readonly skipped?: (plan: MigrationPlan) => string | undefined
  /** Run before anything is done. */
  readonly checks: readonly Check[]
  /** Decides all that will be done, before the first of it is done. */
  readonly do: (context: StepContext) => Promise<readonly PlannedAction[]>
  /** Run when everything is done; only then the state moves. */
  readonly verify: readonly Check[]
  /** What people do, in order. */
  readonly byHand: (plan: MigrationPlan) => readonly string[]
  /** Actions are taken back in reverse; this is what is lost, and what people do. */
  readonly undo: { readonly loss: string; readonly byHand: readonly string[] }
}
