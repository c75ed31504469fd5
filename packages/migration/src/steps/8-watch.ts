/** Everybody has moved: the restrictions of the batches end, the connection point goes, and the clusters fall silent. */
import { macWindow, movedUsersQuiet } from './checks/clients.ts'
import { mobileRecordsGone, noDnsRedirection } from './checks/names.ts'
import { leftoversClassified, onboardingRemoved, scheduledTasks, silentPeople } from './checks/watch.ts'
import { action, artefact, lines } from './planned.ts'
import type { Step } from './step.ts'

export const watch: Step = {
  id: '8',
  numbers: { y2016: '8', newer: '10' },
  title: 'Watch who is left',
  phase: 'Phase 4',
  role: 'cluster administrator',
  inputs: ['watch', 'dns', 'clusters', 'onboarding'],
  from: ['ServicesMoved'],
  to: 'Draining',
  approval: false,
  checks: [macWindow, movedUsersQuiet, scheduledTasks, noDnsRedirection],
  do: (context) =>
    Promise.resolve([
      ...(context.plan.onboarding === undefined ? [] : [action('set-onboarding', 'remove-onboarding', {})]),
      artefact('8', 'connection-point.txt', connectionPoint),
      artefact(
        '8',
        'mobile-records.txt',
        lines(
          ...(context.plan.dns?.mailDomains ?? []).map(
            (domain) => `_rmsdisco._http._tcp.${domain}. SRV   ; remove in every zone, inside and outside`,
          ),
        ),
      ),
    ]),
  verify: [onboardingRemoved, mobileRecordsGone, leftoversClassified, silentPeople],
  byHand: () => [
    'Remove the service connection point; it is needed again only on the way back.',
    'Remove the records for mobile clients.',
    'Run `check 8d` from day to day and follow the cures of the leftover requests.',
  ],
  undo: { loss: 'nothing', byHand: ['Register the service connection point again.'] },
}

const connectionPoint = lines(
  'Console of the cluster: properties, tab SCP, change, remove the current one.',
  'If the cluster is gone: ADScpRegister.exe unregisterscp',
  'Object: CN=SCP,CN=RightsManagementServices,CN=Services,{configuration naming context}',
)
