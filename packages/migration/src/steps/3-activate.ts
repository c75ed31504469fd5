/** The tenant begins to serve. */
import { activeKeyIntended, foreignLicensors, tenantEnabled, tenantNotActive } from './checks/tenant.ts'
import { action } from './planned.ts'
import type { Step } from './step.ts'

export const activate: Step = {
  id: '3',
  numbers: { y2016: '3', newer: '5' },
  title: 'Activate the tenant',
  phase: 'Phase 1',
  role: 'tenant administrator',
  inputs: ['tenant', 'exports'],
  from: ['Imported'],
  to: 'Activated',
  approval: true,
  checks: [activeKeyIntended, tenantNotActive],
  do: () => Promise.resolve([action('set-state', 'enable-tenant', { state: 'enabled' })]),
  verify: [tenantEnabled, activeKeyIntended, foreignLicensors],
  byHand: () => ['Protect and open one file with a test client; its certificate must be of the intended key.'],
  undo: {
    loss: 'content protected with the tenant meanwhile cannot be opened while it is disabled',
    byHand: ['Tell everybody who protected with the tenant.'],
  },
}
