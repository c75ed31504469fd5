/** Roles per phase: a plan may name who does the steps of which role, so that nobody takes another one's by accident. */
import { RightsError } from '@sealward/xrml'
import type { Step } from '../steps/step.ts'
import type { MigrationPlan } from './plan.ts'

/** @param actor as they name themselves; the plan is no proof of who somebody is @throws RightsError `step-role-missing` */
export function requireRole({ roles }: MigrationPlan, { id, role }: Step, actor: string): void {
  const people = roles?.[role]
  if (people === undefined || people.includes(actor)) return
  throw new RightsError('step-role-missing', {
    detail: `step ${id} is for the ${role}: ${people.join(', ') || 'nobody'}`,
  })
}
