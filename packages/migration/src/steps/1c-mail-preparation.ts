/** Mail servers learn the address of the tenant before anybody protects with it. */
import { mailLocations, mailPlaceholders, mailVersionMatch } from './checks/mail.ts'
import { tenantUrlAnswers } from './checks/tenant.ts'
import { mailPreparation, mailRegistry } from './mail-artefacts.ts'
import { artefact } from './planned.ts'
import { savedMailSettings } from './saved-settings.ts'
import type { Step } from './step.ts'

export const mailPreparationStep: Step = {
  id: '1c',
  numbers: { y2016: undefined, newer: '3' },
  title: 'Prepare mail',
  phase: 'Phase 1',
  role: 'mail administrator',
  inputs: ['mail', 'clusters', 'tenant'],
  from: ['Prepared', 'Imported', 'Activated', 'TemplatesReady'],
  approval: false,
  skipped: (plan) => (plan.mail === undefined ? 'the plan has no mail' : undefined),
  checks: [tenantUrlAnswers, mailVersionMatch],
  do: (context) =>
    Promise.resolve([
      ...savedMailSettings(context, '1c'),
      artefact('1c', 'mail-settings.ps1', mailPreparation(context.plan)),
      ...(context.plan.mail?.place === 'on-premises' ? mailRegistry(context.plan) : []),
    ]),
  verify: [mailPlaceholders, mailLocations],
  byHand: () => [
    'Save Get-IRMConfiguration of every mail server in collected/mail-servers before the change.',
    'Apply the settings in the artefacts of this step, and report again.',
  ],
  undo: {
    loss: 'nothing',
    byHand: ['Put back the saved settings of the mail servers, and import mail-servers-undo.reg there.'],
  },
}
