/** The clusters go: the tenant answers for their host names, and their machines are switched off for a trial first. */
import { issuersCovered } from './checks/coverage.ts'
import { macWindow } from './checks/clients.ts'
import { mobileRecordsGone, noDnsRedirection } from './checks/names.ts'
import {
  domainsSafe,
  hostNamesTaken,
  leftoversClassified,
  samplesOpen,
  scheduledTasks,
  silence,
  silentPeople,
} from './checks/watch.ts'
import { action } from './planned.ts'
import type { Step } from './step.ts'

export const decommission: Step = {
  id: '8d',
  numbers: { y2016: '8', newer: '10, 11' },
  title: 'Decommission the clusters',
  phase: 'Phase 4',
  role: 'cluster administrator',
  inputs: ['takeOver', 'watch', 'samples', 'exports'],
  from: ['Draining'],
  to: 'Decommissioned',
  approval: true,
  checks: [
    silence,
    leftoversClassified,
    silentPeople,
    domainsSafe,
    issuersCovered,
    samplesOpen,
    noDnsRedirection,
    mobileRecordsGone,
    macWindow,
    scheduledTasks,
  ],
  do: (context) => {
    const { takeOver = [] } = context.plan
    return Promise.resolve(
      takeOver.length === 0 ? [] : [action('take-over-host-names', 'take-over', { hostNames: [...takeOver] })],
    )
  },
  verify: [hostNamesTaken, samplesOpen],
  byHand: (plan) => [
    ...((plan.takeOver?.length ?? 0) === 0 ? [] : ['Point the host names of the clusters to the tenant.']),
    'Switch the machines of the clusters off, and wait a week before anything is removed.',
    'Keep the exports, the backup of the databases and the password of the cluster key.',
    'Remove the role, the group of the batches and the roll-out of the scripts.',
  ],
  undo: {
    loss: 'downtime, until the servers run again',
    byHand: [
      'Switch the servers on again, or install a new cluster from the backup, or import the exports into a new one.',
      'Point the host names back to the clusters and register the service connection point.',
    ],
  },
}
