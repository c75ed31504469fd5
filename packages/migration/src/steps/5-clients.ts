/** Clients move, batch after batch: a plan of redirections each, and what the machines report back. */
import { batchPlans } from './batch-plans.ts'
import {
  batchReported,
  macWindow,
  movedUsersQuiet,
  officeServersSet,
  redirectionsComplete,
  scriptOrder,
  storesCleaned,
  tenantLicensors,
  unreadableReports,
} from './checks/clients.ts'
import { clientVersions } from './checks/consumers.ts'
import { urlsInInventory } from './checks/coverage.ts'
import { activeDuringBatches } from './checks/exports.ts'
import { onboardingExcludes } from './checks/onboarding.ts'
import { partnersKeysImported, partnersReachable, partnersRedirected, partnersTrusted } from './checks/partners.ts'
import { tenantEnabled } from './checks/tenant.ts'
import type { Step } from './step.ts'

export const clients: Step = {
  id: '5',
  numbers: { y2016: '5', newer: '7' },
  title: 'Reconfigure the clients',
  phase: 'Phase 2',
  role: 'client administrator',
  inputs: ['batches', 'onboarding', 'clusters', 'tenant', 'dns', 'rehearsal', 'partners'],
  from: ['TemplatesReady', 'ClientsMoving'],
  to: 'ClientsMoving',
  approval: false,
  checks: [
    tenantEnabled,
    urlsInInventory,
    activeDuringBatches,
    onboardingExcludes,
    macWindow,
    partnersTrusted,
    partnersReachable,
    partnersKeysImported,
  ],
  do: (context) => {
    const { batches = [] } = context.plan
    return Promise.resolve(batchPlans(context, '5', batches.length === 0 ? [{ name: 'everybody' }] : batches))
  },
  verify: [
    batchReported,
    unreadableReports,
    redirectionsComplete,
    officeServersSet,
    partnersRedirected,
    scriptOrder,
    storesCleaned,
    clientVersions,
    tenantLicensors,
    movedUsersQuiet,
  ],
  byHand: (plan) => [
    ...(plan.onboarding === undefined
      ? []
      : [`Add the users of the batch to ${plan.onboarding.group} and wait three hours for the cache.`]),
    'Make the scripts from the plans in the artefacts of this step and roll them out: machine part first, then user part.',
    'Run the check script everywhere and put its answers into collected/clients.',
    'Remove the records for mobile clients when the people of their domain move.',
  ],
  undo: {
    loss: 'none while both sides hold the keys',
    byHand: [
      'Roll out the undo scripts.',
      'Take the users out of the group.',
      'Add the records for mobile clients again.',
    ],
  },
}
