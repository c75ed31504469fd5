/** Why a request still reached a cluster, and what ends it: one row per cause, the first that fits. */
import type { AgentFamily } from './agent.ts'
import type { RequestEvent } from './request-event.ts'

interface LeftoverCause {
  readonly cause: string
  readonly cure: string
  fits(event: RequestEvent): boolean
}

const servers: readonly AgentFamily[] = ['Exchange', 'SharePoint', 'FCI', 'connector']

export const leftoverCauses = {
  'server-not-moved': {
    cause: 'A mail, collaboration or file server still uses the cluster',
    cure: 'Point it to the connector, delete its cached certificates, and restart it.',
    fits: ({ operation, agent }) =>
      operation === 'ServerCertify' || operation === 'AcquirePreLicense' || servers.includes(agent.family),
  },
  'mobile-record-published': {
    cause: 'A mobile device finds the cluster through the record _rmsdisco._http._tcp of its mail domain',
    cure: 'Remove the record in every view of the zone, inside and outside, for every mail domain.',
    fits: ({ agent }) => agent.family === 'mobile',
  },
  'mac-cache': {
    cause: 'Office for Mac keeps the address of the cluster for up to 30 days',
    cure: 'Remove its discovery record, then wait, or delete the caches and key chain entries of rights management.',
    fits: ({ agent }) => agent.family === 'Mac',
  },
  'service-connection-point': {
    cause: 'The service connection point in the directory still leads to the cluster',
    cure: 'Remove it on the SCP tab of the cluster, or with the registration tool, and wait for replication.',
    fits: ({ operation }) => operation === 'FindServiceLocations',
  },
  'template-task': {
    cause: 'The scheduled task that fetches templates is still enabled',
    cure: 'Disable the task "AD RMS Rights Policy Template Management (Automated)" on the computer.',
    fits: ({ operation }) => operation === 'TemplateDistribution',
  },
  'client-not-redirected': {
    cause: 'The client is not redirected: it gets its certificates, or protects, at the cluster',
    cure: 'Run the machine script and then the user script of the batch on this computer, and sign in again.',
    fits: ({ operation }) =>
      operation === 'Certify' || operation === 'GetClientLicensorCert' || operation === 'Publish',
  },
  'url-variant-missing': {
    cause: 'The client has no redirection for the address in the document, in exactly that spelling',
    cure: 'Add the address of the request to the inventory, generate the scripts again, and raise their version.',
    fits: ({ operation }) => operation === 'AcquireLicense',
  },
  unexplained: {
    cause: 'A request of another kind',
    cure: 'Look at the request in the log of the cluster.',
    fits: () => true,
  },
} as const satisfies Record<string, LeftoverCause>

export type LeftoverClass = keyof typeof leftoverCauses

const classes = Object.keys(leftoverCauses) as LeftoverClass[]

/**
 * ```ts
 * leftoverClassOf(event) // 'client-not-redirected'
 * ```
 */
export function leftoverClassOf(event: RequestEvent): LeftoverClass {
  return classes.find((name) => leftoverCauses[name].fits(event)) ?? 'unexplained'
}
