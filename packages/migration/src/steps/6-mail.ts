/** Hosted mail changes to the tenant. */
import { hostedInterruption } from './checks/interruption.ts'
import { hostedOwnKey, mailTested, oldDomainsRemoved } from './checks/mail.ts'
import { tenantEnabled } from './checks/tenant.ts'
import { hostedMail } from './mail-artefacts.ts'
import { artefact } from './planned.ts'
import { savedMailSettings } from './saved-settings.ts'
import type { Step } from './step.ts'

export const mail: Step = {
  id: '6',
  numbers: { y2016: '6', newer: '8' },
  title: 'Hosted mail',
  phase: 'Phase 3',
  role: 'mail administrator',
  inputs: ['mail', 'tenant'],
  from: ['ClientsMoving', 'ServicesMoved'],
  approval: false,
  skipped: (plan) => (plan.mail?.place === 'hosted' ? undefined : 'the plan has no hosted mail'),
  checks: [tenantEnabled, hostedOwnKey, oldDomainsRemoved],
  do: (context) =>
    Promise.resolve([...savedMailSettings(context, '6'), artefact('6', 'hosted-mail.ps1', hostedMail(context.plan))]),
  verify: [mailTested, hostedInterruption],
  byHand: () => [
    'Apply the settings in the artefacts of this step; protected mail is interrupted from the first to the last command.',
    'Report Test-IRMConfiguration in collected/mail-servers and the interruption in collected/interruptions; open an old message in the web client.',
  ],
  undo: { loss: 'nothing', byHand: ['Put back the saved settings.'] },
}
