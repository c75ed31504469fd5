/**
 * What administrators set about the service as a whole: states, policies, names. Stored as data, so that a change is
 * effective in every process with the next request, and part of the configuration's version.
 */
import { RightsError } from '@sealward/xrml'
import { z } from 'zod'
import { devicePlatforms } from './device-platforms.ts'

/** Calls that only those whom an administrator has named may make (MS-RMPR 2.1, MS-RMPRS 2.1, MS-RMSI 2.1). */
export const closedDoors = [
  'server-certification',
  'mobile-certification',
  'precertification',
  'pre-licensing',
  'republishing',
  'group-expansion',
  'decommissioning',
  'sub-enrolment',
] as const

export type ClosedDoor = (typeof closedDoors)[number]

/** Doors whose power is too great for a group or an alias: each account is named exactly (threat P8). */
export const accountsOnly: ReadonlySet<ClosedDoor> = new Set(['decommissioning', 'sub-enrolment'])

const readOnly = z.union([
  z.strictObject({ everyone: z.literal(true) }),
  z.strictObject({ group: z.string().describe('Canonical address') }),
])

const onboarding = z.strictObject({
  group: z.string().describe('Canonical address'),
  scope: z.enum(['All', 'WindowsApp', 'MobileApp']),
})

export const refusedApplication = z.strictObject({
  name: z.string().min(1).max(200).describe('As the application names itself'),
  below: z
    .string()
    .regex(/^\d{1,9}(?:\.\d{1,9}){0,3}$/)
    .optional()
    .describe('Only versions before this one'),
})

const settingsSchema = z.strictObject({
  serviceId: z.guid().describe('Of this installation, without braces'),
  /** Of a service with the personality of a cluster. There is no way back from decommissioned. */
  clusterState: z.enum(['serving', 'decommissioned']).default('serving'),
  /** Who may only open; only for clusters. */
  readOnly: readOnly.optional(),
  /** Of a service with the personality of a tenant. */
  tenantState: z.enum(['not-activated', 'enabled', 'disabled']).default('not-activated'),
  /** Who alone may protect; only for tenants. */
  onboarding: onboarding.optional(),
  /** Who may call what is closed to everybody else: canonical addresses of accounts and groups. */
  admitted: z.partialRecord(z.enum(closedDoors), z.array(z.string())).default({}),
  /** The same for those without addresses, by security identifier; the names are those under which they were admitted. */
  admittedAccounts: z
    .partialRecord(z.enum(closedDoors), z.array(z.strictObject({ sid: z.string(), name: z.string() })))
    .default({}),
  superUserGroup: z.string().optional(),
  maxUseLicenseDays: z.int().min(0).max(65_535).optional(),
  /** Host, with port if need be, or address of the cluster that newly protected content names. */
  migrationHost: z.string().optional(),
  /** Kinds of devices, and applications, that get no licences over REST. */
  refusedPlatforms: z.array(z.enum(devicePlatforms)).default([]),
  refusedApplications: z.array(refusedApplication).default([]),
  /** Whether REST clients may get certificates to publish offline, with licences in JSON. */
  offlinePublishing: z.boolean().default(false),
  /** Hosts and web sites of former services for which this one answers. */
  hostNames: z.array(z.string()).default([]),
})

export type Settings = z.output<typeof settingsSchema>
export type RefusedApplication = z.output<typeof refusedApplication>
export type ReadOnlySetting = z.output<typeof readOnly>
export type OnboardingSetting = z.output<typeof onboarding>

/** @param rows values as JSON @throws RightsError `store-refused`, also for settings of a newer version */
export function readSettings(rows: readonly { readonly name: string; readonly value: string }[]): Settings {
  const values = Object.fromEntries(rows.map(({ name, value }) => [name, JSON.parse(value) as unknown]))
  const { data, error } = settingsSchema.safeParse(values)
  if (data !== undefined) return data
  throw new RightsError('store-refused', { detail: `setting ${error.issues[0]?.path.join('.') ?? ''}`, cause: error })
}
