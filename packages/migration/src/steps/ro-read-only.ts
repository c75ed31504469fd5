/** A cluster whose key cannot leave, or whose turn has not come: it goes on opening, and refuses protecting. */
import { clientVersions } from './checks/consumers.ts'
import {
  clustersReadOnly,
  nodesDenied,
  nodesNotAnonymous,
  partnersBlocked,
  readOnlyProved,
} from './checks/read-only.ts'
import { action, artefact, lines } from './planned.ts'
import type { Step } from './step.ts'

export const readOnly: Step = {
  id: 'ro',
  numbers: { y2016: undefined, newer: undefined },
  title: 'Read-only clusters',
  phase: 'Phase 2',
  role: 'cluster administrator',
  inputs: ['readOnly', 'clusters'],
  from: ['TemplatesReady', 'ClientsMoving', 'ServicesMoved', 'Draining'],
  approval: false,
  skipped: (plan) => (plan.readOnly === undefined ? 'no cluster is to be read-only' : undefined),
  checks: [clientVersions, partnersBlocked],
  do: (context) => {
    const { readOnly: rule } = context.plan
    if (rule === undefined) return Promise.resolve([])
    const input = rule.group === undefined ? { everyone: true } : { group: rule.group }
    const [ours, others] = [true, false].map((own) =>
      rule.clusters.filter((name) => (context.clusterApi(name) !== undefined) === own),
    )
    return Promise.resolve([
      ...(ours ?? []).map((cluster) => action('set-read-only', `read-only-${cluster}`, { cluster, rule: input })),
      ...((others ?? []).length === 0 ? [] : [artefact('ro', 'nodes.txt', nodeCommands(rule.group ?? 'Everyone'))]),
    ])
  },
  verify: [clustersReadOnly, nodesDenied, nodesNotAnonymous, readOnlyProved],
  byHand: () => [
    'On every node of a cluster without an administration here, run the commands in the artefacts of this step.',
    'With a fresh client open old content (must succeed) and protect something (must be refused).',
    'Protect old content again with keys of the tenant, folder by folder, before the cluster goes.',
  ],
  undo: {
    loss: 'nothing',
    byHand: ['Remove the denied entry on every node, and allow anonymous access again if partners need it.'],
  },
}

function nodeCommands(group: string): string {
  return lines(
    'REM On every node; the second folder exists with federation only. Another web site has another folder than wwwroot.',
    ...['licensing', 'licensingexternal'].map(
      (name) => `icacls %SystemDrive%\\inetpub\\wwwroot\\_wmcs\\${name}\\Publish.asmx /deny "${group}":F`,
    ),
    'REM In the management of the web server: anonymous authentication off for Publish.asmx in both folders.',
  )
}
