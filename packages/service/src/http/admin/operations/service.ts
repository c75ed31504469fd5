/** Operations on the service as a whole: what it is, in which state, under which names. */
import { z } from 'zod'
import { stateNames } from '../../../core/personality.ts'
import type { AdminOperation } from '../operation.ts'

const state = z.enum(stateNames)

const group = z.string().describe('Mail address of a group of the directory')

const readOnly = z
  .strictObject({
    everyone: z.boolean().optional().describe('Nobody may protect'),
    group: group.optional().describe('Members of this group may not protect'),
  })
  .describe('Who may only open; an empty object if nobody is refused')

const onboarding = z.strictObject({
  useLicense: z.literal(false).describe('Licences of the product are not a condition here'),
  group: group.optional().describe('Only members may protect'),
  scope: z
    .enum(['All', 'WindowsApp', 'MobileApp'])
    .describe('Clients the policy is for: WindowsApp is SOAP, MobileApp REST'),
})

const onboardingChange = onboarding.extend({ scope: onboarding.shape.scope.default('All') })

const configuration = z.strictObject({
  personality: z.enum(['cluster', 'tenant']),
  serviceId: z.string().describe('GUID of this installation'),
  state,
  publicUrl: z.string(),
  licensingUrl: z.string(),
  externalLicensingUrl: z.string().optional(),
  certificationUrl: z.string(),
  hostNames: z.array(z.string()),
  activeKey: z.string().optional().describe('Fingerprint'),
  keys: z.int(),
  templates: z.int(),
  superUsersEnabled: z.boolean(),
  onboarding,
  maxUseLicenseDays: z.number().optional(),
  migrationUrl: z.string().optional().describe('Host, or address of the cluster, that newly protected content names'),
  readOnly,
  version: z.string().describe('Of the configuration; another one after every change'),
})

const hostNames = z.strictObject({
  hostNames: z
    .array(z.string().max(500))
    .max(100)
    .describe(
      'Names of former services, each with its port where that is not 80 or 443; or web sites of theirs with another base path, as URLs',
    ),
})

const maxUseLicense = z.strictObject({
  days: z.int().min(0).max(65_535).optional().describe('Longest time that a use licence lives; absent without limit'),
})

const migrationUrl = z.strictObject({
  host: z
    .string()
    .max(500)
    .optional()
    .describe('A host, or the address of a cluster with its base path; absent if none is set'),
})

export const serviceOperations = {
  getConfiguration: {
    method: 'GET',
    path: '/configuration',
    summary: 'What the service is, and how it is set',
    role: 'read',
    answer: configuration,
  },
  setState: {
    method: 'PUT',
    path: '/state',
    summary: 'Change the state of the service; it is effective at once on every door',
    role: 'administer',
    body: z.strictObject({
      state: state.exclude(['not-activated']),
      force: z
        .boolean()
        .optional()
        .describe('Decommission, or disable although keys were never exported or licences are still asked for'),
    }),
    answer: z.strictObject({ state, previous: state }),
  },
  flushDirectory: {
    method: 'POST',
    path: '/directory/flush',
    summary: 'Forget what the service remembers of its directory: changes there count at once',
    role: 'administer',
    answer: z.strictObject({}),
  },
  setReadOnly: {
    method: 'PUT',
    path: '/read-only',
    summary: 'Let everyone, or the members of a group, only open; clusters only',
    role: 'administer',
    body: z.strictObject({
      everyone: z.boolean().optional(),
      group: group.optional(),
      off: z.literal(true).optional(),
    }),
    answer: readOnly,
  },
  setHostNames: {
    method: 'PUT',
    path: '/host-names',
    summary:
      'Answer for the names and web sites of former services, whose addresses old licences carry; replaces the list',
    role: 'administer',
    body: hostNames,
    answer: hostNames,
  },
  getOnboarding: {
    method: 'GET',
    path: '/onboarding',
    summary: 'Who may protect while a migration is under way',
    role: 'read',
    answer: onboarding,
  },
  setOnboarding: {
    method: 'PUT',
    path: '/onboarding',
    summary: 'Let only the members of a group protect; without a group the policy is removed; tenants only',
    role: 'administer',
    body: onboardingChange,
    answer: onboarding,
  },
  getMaxUseLicense: {
    method: 'GET',
    path: '/max-use-license',
    summary: 'Longest time that a use licence lives',
    role: 'read',
    answer: maxUseLicense,
  },
  setMaxUseLicense: {
    method: 'PUT',
    path: '/max-use-license',
    summary: 'Limit the life of licences that are issued from now on',
    role: 'administer',
    body: maxUseLicense,
    answer: maxUseLicense,
  },
  getMigrationUrl: {
    method: 'GET',
    path: '/migration-url',
    summary: 'The host that newly protected content names instead of this service',
    role: 'read',
    answer: migrationUrl,
  },
  setMigrationUrl: {
    method: 'PUT',
    path: '/migration-url',
    summary: 'Let newly protected content name another host, for the way out; without a host it is removed',
    role: 'administer',
    body: migrationUrl.extend({ force: z.boolean().optional().describe('Replace one that is set') }),
    answer: migrationUrl,
  },
} as const satisfies Record<string, AdminOperation>
