/** Batches: only members of a group may protect with the tenant, and those who stay can open what they protect. */
import { batchPlans } from './batch-plans.ts'
import {
  extranetUrlKnown,
  groupIsSecurity,
  onboardingExcludes,
  policyReadsBack,
  prepareScripts,
} from './checks/onboarding.ts'
import { tenantReadable } from './checks/tenant.ts'
import { action } from './planned.ts'
import type { Step } from './step.ts'

export const batches: Step = {
  id: '1b',
  numbers: { y2016: undefined, newer: '2' },
  title: 'Prepare for batches',
  phase: 'Phase 1',
  role: 'directory administrator',
  inputs: ['onboarding', 'batches', 'clusters', 'directory'],
  from: ['Prepared', 'Imported', 'Activated', 'TemplatesReady'],
  approval: false,
  skipped: (plan) => (plan.onboarding === undefined ? 'everybody moves at once' : undefined),
  checks: [tenantReadable, groupIsSecurity, extranetUrlKnown, onboardingExcludes],
  do: (context) => {
    const { onboarding } = context.plan
    if (onboarding === undefined) return Promise.resolve([])
    const { group, scope } = onboarding
    return Promise.resolve([
      action('set-onboarding', 'onboarding-policy', { policy: { useLicense: false, group, scope } }),
      ...batchPlans(context, '1b', [{ name: 'preparation' }]),
    ])
  },
  verify: [policyReadsBack, prepareScripts],
  byHand: (plan) => [
    `Keep the group ${plan.onboarding?.group ?? ''} empty until the first batch moves.`,
    'Roll out the preparation scripts, made from the artefacts of this step, to all Windows computers.',
    'Let somebody outside the group try to protect: it must be refused. Let the same person open a file of a member.',
  ],
  undo: { loss: 'nothing', byHand: ['Roll out the undo script of the preparation.'] },
}
