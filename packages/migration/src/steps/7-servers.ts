/** Mail, collaboration and file servers change to the connector. Only here is anything interrupted. */
import {
  connectorApart,
  connectorEvents,
  librariesCheckedIn,
  libraryStoresDeleted,
  serversCertified,
} from './checks/connector.ts'
import { serversPlanned } from './checks/consumers.ts'
import { serversInterruption } from './checks/interruption.ts'
import { mailCertificatesDeleted, mailLocations, mailRedirections, mailTested } from './checks/mail.ts'
import { onboardingExcludes } from './checks/onboarding.ts'
import { connectorRegistry, connectorSteps } from './mail-artefacts.ts'
import { artefact } from './planned.ts'
import { savedMailSettings } from './saved-settings.ts'
import type { Step } from './step.ts'

export const servers: Step = {
  id: '7',
  numbers: { y2016: '7', newer: '9' },
  title: 'Connector and servers',
  phase: 'Phase 3',
  role: 'mail administrator',
  inputs: ['connector', 'mail', 'clusters', 'tenant'],
  from: ['ClientsMoving'],
  to: 'ServicesMoved',
  approval: false,
  skipped: (plan) =>
    plan.connector === undefined && plan.mail === undefined
      ? 'no mail, collaboration or file server uses the clusters'
      : undefined,
  checks: [serversPlanned, onboardingExcludes, connectorApart, librariesCheckedIn],
  do: (context) => {
    if (context.plan.connector === undefined) return Promise.resolve([])
    return Promise.resolve([
      ...savedMailSettings(context, '7'),
      artefact('7', 'servers.txt', connectorSteps(context.plan)),
      ...connectorRegistry(context.plan),
    ])
  },
  verify: [
    mailTested,
    mailLocations,
    mailCertificatesDeleted,
    mailRedirections,
    libraryStoresDeleted,
    connectorEvents,
    serversCertified,
    serversInterruption,
  ],
  byHand: () => [
    'Install and authorise the connectors first.',
    'Apply the settings in the artefacts of this step, server by server; the commands note when protected mail stopped and when it went on.',
    'Report mail servers, libraries, connectors and interruptions in collected.',
  ],
  undo: {
    loss: 'nothing while the clusters run',
    byHand: ['Put back the saved settings and import mail-servers-undo.reg.'],
  },
}
