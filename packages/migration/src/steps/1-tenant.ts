/** The tenant is reachable under the address that clients will use. */
import { tenantReadable, tenantUrlAnswers, tenantUrlIsServiceId } from './checks/tenant.ts'
import type { Step } from './step.ts'

export const tenantAddress: Step = {
  id: '1',
  numbers: { y2016: '1', newer: '1' },
  title: 'Tools and the address of the tenant',
  phase: 'Phase 1',
  role: 'tenant administrator',
  inputs: ['tenant'],
  from: ['Planned'],
  to: 'Prepared',
  approval: false,
  checks: [tenantReadable, tenantUrlIsServiceId, tenantUrlAnswers],
  do: () => Promise.resolve([]),
  verify: [],
  byHand: () => ['Note the token of the administration and who may use it.'],
  undo: { loss: 'nothing', byHand: [] },
}
