/**
 * The configuration of the service. This schema is also its documentation: every setting says what it does, and a setting
 * that it does not know is an error.
 */
import { hostname } from 'node:os'
import { isBasePath, usualBasePath } from '@sealward/protocol'
import { RightsError } from '@sealward/xrml'
import { z } from 'zod'
import { checkFederation } from './auth/federation-check.ts'
import { authenticationSchema, federationSchema } from './auth/settings.ts'
import { canonicalAddress } from './core/address.ts'
import { mailDomain } from './core/mail-domain.ts'
import { personalities } from './core/personality.ts'
import type { Cluster } from './core/ports.ts'
import { rootFolders } from './core/root-folders.ts'
import { ldapDirectorySchema } from './directory/ldap/settings.ts'
import { synchronisedDirectorySchema } from './directory/synchronised/settings.ts'
import { contestedDomain, forestsSchema } from './forests/settings.ts'
import { rateLimitsSchema } from './http/rate-limit-settings.ts'
import { listenerSchema, takeoverListenerSchema } from './http/settings.ts'
import { limitsSchema } from './limit-settings.ts'

const day = 86_400_000
const minute = 60_000

const publicUrl = z
  .url({ protocol: /^https?$/ })
  .refine(
    (url) => URL.canParse(url) && new URL(url).pathname === '/' && !/[?#@]/.test(url),
    'scheme, host and port only',
  )
  .transform((url) => url.replace(/\/$/, ''))

/** What is at the root stays there: no base path may hide it. */
const basePath = z
  .string()
  .refine(
    (path) => isBasePath(path) && !rootFolders.includes(path.split('/')[1]?.toLowerCase() ?? ''),
    'a path such as /_wmcs or /rights/_wmcs, not below /my, /admin, /sealward or /healthz',
  )

const fingerprint = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 fingerprint in lower-case hexadecimal digits')

const rootCluster = z
  .strictObject({
    certificationUrl: z.url({ protocol: /^https?$/ }).describe('Where people are certified'),
    accountIssuers: z.array(fingerprint).min(1).describe('Its licensor keys, present and former ones'),
  })
  .describe('The root cluster of the organisation, for a service that only licenses')

const administration = z.strictObject({
  tokenFile: z.string().min(1).default('admin-token').describe('Token of administrators; made at the first start'),
  readerTokenFile: z
    .string()
    .min(1)
    .default('admin-reader-token')
    .describe('Token of those who may only read; made at the first start'),
})

export const configSchema = z.strictObject({
  tenant: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/)
    .default('default')
    .describe('Name of the tenant in the database'),
  personality: z
    .enum(['cluster', 'tenant'])
    .default('cluster')
    .describe('AD RMS cluster, or tenant of the cloud service'),
  serviceId: z.guid().optional().describe('GUID of a tenant; from the host of publicUrl if that begins with one'),
  nodeName: z.string().min(1).max(255).optional().describe('Name of this machine in the request log'),
  organisation: z.string().min(1).max(100).default('Organisation').describe('Before the names of default templates'),
  domains: z
    .array(mailDomain)
    .max(1_000)
    .default([])
    .describe('Mail domains of the organisation, the initial one first'),
  rootCluster: rootCluster.optional(),
  publicUrl: publicUrl.describe('How clients reach the service; licences carry it for years'),
  externalUrl: publicUrl.optional().describe('How clients outside the network reach it, if that is another address'),
  basePath: basePath.default(usualBasePath).describe('Path below publicUrl where the SOAP services are'),
  externalBasePath: basePath.optional().describe('The same below externalUrl; basePath unless given'),
  database: z.string().min(1).describe('Path of the SQLite file'),
  directory: z
    .union([z.string().min(1), ldapDirectorySchema, synchronisedDirectorySchema])
    .describe(
      'Path of the directory file: users, groups, aliases; or the servers that are asked by LDAP; or `synchronised`: a directory in the database, filled from one of these',
    ),
  rateLimits: rateLimitsSchema.prefault({}),
  forests: forestsSchema.default([]).describe('Clusters of other forests that are asked about their groups and people'),
  forestSeconds: z
    .number()
    .min(0.1)
    .max(60)
    .default(2)
    .describe('Longest wait for what other forests know about one person'),
  listener: listenerSchema.prefault({}),
  takeoverListener: takeoverListenerSchema.optional(),
  limits: limitsSchema.prefault({}),
  administration: administration.prefault({}),
  authentication: authenticationSchema.prefault({}),
  federation: federationSchema.optional(),
  onlinePublishing: z.boolean().default(true).describe('Whether the service signs publishing licences for clients'),
  decommissioned: z.boolean().default(false).describe('Whether the service is out of operation'),
  accountCertificateDays: z.number().min(1).max(3_650).optional().describe('Validity on machines of the user'),
  temporaryCertificateMinutes: z.number().min(1).max(1_440).optional().describe('Validity on other machines'),
  creationTimeToleranceDays: z
    .number()
    .min(0)
    .max(3_650)
    .optional()
    .describe('How much later credentials may be made than a licence'),
  useLicenseDaysMost: z.number().min(0).max(65_535).optional().describe('Longest time that a use licence lives'),
  quietDaysBeforeDisable: z
    .int()
    .min(0)
    .max(3_650)
    .default(14)
    .describe('A tenant that issued licences within these days is only disabled by force'),
  trustedMachineAuthorities: z.array(fingerprint).default([]).describe('Keys of machine authorities besides our own'),
  publishersForOthers: z
    .array(z.string())
    .default([])
    .describe('Accounts that may name another owner, such as bulk protection'),
  keyTransplant: z
    .enum(['alert', 'deny'])
    .default('alert')
    .describe('What happens when a licence carries the content key of another one whose rights its issuer never had'),
})

export type ConfigInput = z.input<typeof configSchema>
export type Config = z.output<typeof configSchema>

/** @throws RightsError `configuration-invalid` */
export function readConfig(value: unknown): Config {
  const config = configurationFrom(configSchema, value)
  const contested = contestedDomain(config.forests, config.domains)
  if (contested !== undefined) {
    throw new RightsError('configuration-invalid', {
      detail: `forests: ${contested} is a mail domain of somebody else`,
    })
  }
  checkFederation(config)
  if (config.externalBasePath !== undefined && config.externalUrl === undefined) {
    throw new RightsError('configuration-invalid', { detail: 'externalBasePath: there is no externalUrl' })
  }
  return config
}

/** @throws RightsError `configuration-invalid` */
export function configurationFrom<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw new RightsError('configuration-invalid', {
    detail: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
  })
}

/** The settings as the core sees them. @throws RightsError `address-refused` */
export function clusterOf(config: Config): Cluster {
  const personality = personalities[config.personality]
  const baseUrl = `${config.publicUrl}${config.basePath}`
  const { externalBasePath = config.basePath } = config
  const externalUrl = config.externalUrl === undefined ? undefined : `${config.externalUrl}${externalBasePath}`
  const useLicenseValidityMost = milliseconds(config.useLicenseDaysMost, day) ?? personality.useLicenseValidityMost
  return {
    tenant: config.tenant,
    personality: config.personality,
    ...serviceIdOf(config),
    nodeName: config.nodeName ?? hostname(),
    organisation: config.organisation,
    domains: config.domains,
    quietDaysBeforeDisable: config.quietDaysBeforeDisable,
    baseUrl,
    certificationUrl: config.rootCluster?.certificationUrl.replace(/\/$/, '') ?? `${baseUrl}/certification`,
    licensingUrl: `${baseUrl}/licensing`,
    ...(externalUrl === undefined
      ? {}
      : {
          // Below a root cluster nobody is certified here.
          ...(config.rootCluster === undefined ? { externalCertificationUrl: `${externalUrl}/certification` } : {}),
          externalLicensingUrl: `${externalUrl}/licensing`,
        }),
    onlinePublishing: config.onlinePublishing,
    decommissioned: config.decommissioned,
    persistentValidity: milliseconds(config.accountCertificateDays, day) ?? personality.persistentValidity,
    temporaryValidity: milliseconds(config.temporaryCertificateMinutes, minute) ?? personality.temporaryValidity,
    validityTolerance: personality.validityTolerance,
    creationTimeTolerance: milliseconds(config.creationTimeToleranceDays, day) ?? personality.creationTimeTolerance,
    ...(useLicenseValidityMost === undefined ? {} : { useLicenseValidityMost }),
    trustedMachineAuthorities: config.trustedMachineAuthorities,
    rootAccountIssuers: config.rootCluster?.accountIssuers ?? [],
    publishersForOthers: config.publishersForOthers.map(canonicalAddress),
    ...federationOf(config),
    keyTransplant: config.keyTransplant,
    limits: config.limits,
  }
}

function federationOf({ federation: settings }: Config): Pick<Cluster, 'federation'> {
  if (settings === undefined) return {}
  const providers = settings.issuers.map(({ issuer: name, domains }) => ({ issuer: name, domains }))
  return { federation: { providers, validity: settings.certificateDays * day } }
}

/** The host of a tenant's address begins with its identifier. */
function serviceIdOf({ serviceId, publicUrl: url }: Config): { readonly serviceId?: string } {
  const [first = ''] = new URL(url).hostname.split('.')
  const id = serviceId ?? (z.guid().safeParse(first).success ? first : undefined)
  return id === undefined ? {} : { serviceId: id.toLowerCase() }
}

function milliseconds(count: number | undefined, unit: number): number | undefined {
  return count === undefined ? undefined : count * unit
}
