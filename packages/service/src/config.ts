/**
 * The configuration of the service. This schema is also its documentation: every setting says what it does, and a setting
 * that it does not know is an error.
 */
import { hostname } from 'node:os'
import { domainToASCII } from 'node:url'
import { RightsError } from '@sealward/xrml'
import { z } from 'zod'
import { protocolAudience } from './auth/bearer.ts'
import { checkFederation } from './auth/federation-check.ts'
import { accessTokenTypes, tokenAlgorithms } from './auth/token-issuers.ts'
import { canonicalAddress } from './core/address.ts'
import { personalities } from './core/personality.ts'
import type { Cluster } from './core/ports.ts'
import { ldapDirectorySchema } from './directory/ldap/settings.ts'
import { synchronisedDirectorySchema } from './directory/synchronised/settings.ts'
import { contestedDomain, forestsSchema } from './forests/settings.ts'

const day = 86_400_000
const minute = 60_000

const publicUrl = z
  .url({ protocol: /^https?$/ })
  .refine(
    (url) => URL.canParse(url) && new URL(url).pathname === '/' && !/[?#@]/.test(url),
    'scheme, host and port only',
  )
  .transform((url) => url.replace(/\/$/, ''))

const domain = z
  .string()
  .regex(/^[^@\s.]+(?:\.[^@\s.]+)+$/, 'a mail domain')
  .transform((name) => domainToASCII(name.toLowerCase()))

const fingerprint = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 fingerprint in lower-case hexadecimal digits')

const httpsUrl = z
  .url({ protocol: /^https$/ })
  .refine((url) => !/^https:\/\/[^/]*@/i.test(url), 'without user name and password')

const issuer = z
  .strictObject({
    issuer: z.string().min(1).describe('The `iss` of its tokens, character by character'),
    keysFile: z.string().min(1).optional().describe('JSON Web Key Set with its public keys'),
    discoveryUrl: httpsUrl.optional().describe('Its OpenID discovery document, which says where its keys are'),
    keysUrl: httpsUrl.optional().describe('Where it publishes its keys, if it has no discovery document'),
    caFile: z.string().min(1).optional().describe('Authorities that its https certificate may come from, PEM'),
    algorithms: z.array(z.enum(tokenAlgorithms)).min(1).describe('Signature algorithms that are accepted from it'),
    domains: z.array(domain).min(1).describe('Mail domains whose addresses it may vouch for'),
    tenantId: z.guid().optional().describe('The `tid` of its tokens, if it serves several organisations'),
    accessTokenType: z
      .enum(accessTokenTypes)
      .default('JWT')
      .describe('The `typ` of its access tokens; at+jwt if it follows RFC 9068'),
  })
  .refine(
    (named) => [named.keysFile, named.discoveryUrl, named.keysUrl].filter((each) => each !== undefined).length === 1,
    'exactly one of keysFile, discoveryUrl and keysUrl',
  )

export const listenerSchema = z.strictObject({
  host: z.string().default('127.0.0.1').describe('Address to listen on'),
  port: z.int().min(0).max(65_535).default(8_443).describe('Port to listen on; 0 takes any free one'),
  certificateFile: z.string().optional().describe('TLS certificate chain, PEM'),
  keyFile: z.string().optional().describe('TLS private key, PEM'),
  loopbackCertificate: z
    .boolean()
    .default(false)
    .describe('For development: a certificate of its own making, only on a loopback address'),
  encryptedByProxy: z.boolean().default(false).describe('A proxy in front terminates TLS over a trusted network'),
  trustedProxies: z
    .array(z.string())
    .default([])
    .describe('Addresses and networks (10.1.2.0/24) of proxies whose X-Forwarded-* is believed'),
})

export const takeoverListenerSchema = z
  .strictObject({
    host: z.string().default('127.0.0.1').describe('Address to listen on'),
    port: z.int().min(0).max(65_535).default(80).describe('Port to listen on; 0 takes any free one'),
  })
  .describe('Plain HTTP for the names of former services, whose licences say http; it answers for nothing else')

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

const windows = z
  .strictObject({
    domain: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,14}$/)
      .describe('Short (NetBIOS) name of the domain'),
    realm: z
      .string()
      .regex(/^[A-Z0-9-]+(?:\.[A-Z0-9-]+)*$/)
      .describe('Kerberos realm, in capitals'),
    keytabFile: z.string().min(1).describe('Keys of the service HTTP/host; readable for the service alone'),
    ntlm: z
      .boolean()
      .default(false)
      .describe('Whether NTLM is accepted too; needs winbindd of a machine that has joined the domain'),
    ntlmChannelBinding: z
      .enum(['required', 'accepted'])
      .default('required')
      .describe('Whether clients must bind NTLM to the certificate of the listener; accepted lets a relay pass'),
    helper: z.string().min(1).default('ntlm_auth').describe('The program of Samba that checks tickets and NTLM'),
  })
  .describe('Sign-in with Windows accounts: Kerberos, and NTLM where it is switched on')

const challengeText = z.string().regex(/^[^,="\\\p{Cc}]{1,500}$/u, 'without commas, equals signs and quotes')

const challenge = z
  .strictObject({
    form: z
      .enum(['on-premises', 'cloud'])
      .default('on-premises')
      .describe('Whether the resource goes by the name realm, as AD RMS says it, or resource, as the cloud does'),
    resource: challengeText.default(protocolAudience).describe('What tokens must be for'),
    scope: challengeText.optional().describe('What clients shall ask the authority for besides'),
  })
  .describe('How REST clients are asked for a token')

const embeddedProvider = z
  .strictObject({
    applications: z
      .array(
        z.strictObject({
          id: z
            .string()
            .regex(/^[\w.:-]{1,100}$/)
            .describe('How the application names itself (client_id)'),
          secretFile: z.string().min(1).describe('Its secret, at least 32 characters'),
        }),
      )
      .max(100)
      .default([])
      .describe('Applications that get tokens in their own name, which open no documents'),
  })
  .describe('For development: an OpenID provider for the people of the directory, only on this machine')

const authentication = z
  .strictObject({
    windows: windows.optional(),
    authorizationUrl: z.url().optional().describe('OAuth authorization endpoint that challenges name'),
    challenge: challenge.prefault({}),
    embeddedProvider: embeddedProvider.optional(),
    basic: z.boolean().default(true).describe('Whether people may sign in with name and password (Basic), over TLS'),
    issuers: z.array(issuer).default([]).describe('Identity providers whose tokens are accepted besides our own'),
    licensingNeedsCaller: z
      .boolean()
      .default(false)
      .describe('Whether licensing and publishing over SOAP need sign-in in addition to an account certificate'),
  })
  .refine(
    (named) => named.embeddedProvider === undefined || named.authorizationUrl === undefined,
    'authorizationUrl or embeddedProvider',
  )

const federation = z
  .strictObject({
    issuers: z
      .array(issuer)
      .min(1)
      .max(100)
      .describe('Identity providers, each the only authority for its mail domains'),
    certificateDays: z.number().min(0.01).max(31).default(1).describe('Validity of account certificates, in days'),
  })
  .describe('Other organisations whose people, who are not in the directory, are certified on the word of theirs')

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
  domains: z.array(domain).max(1_000).default([]).describe('Mail domains of the organisation, the initial one first'),
  rootCluster: rootCluster.optional(),
  publicUrl: publicUrl.describe('How clients reach the service; licences carry it for years'),
  externalUrl: publicUrl.optional().describe('How clients outside the network reach it, if that is another address'),
  database: z.string().min(1).describe('Path of the SQLite file'),
  directory: z
    .union([z.string().min(1), ldapDirectorySchema, synchronisedDirectorySchema])
    .describe(
      'Path of the directory file: users, groups, aliases; or the servers that are asked by LDAP; or `synchronised`: a directory in the database, filled from one of these',
    ),
  forests: forestsSchema.default([]).describe('Clusters of other forests that are asked about their groups and people'),
  forestSeconds: z
    .number()
    .min(0.1)
    .max(60)
    .default(2)
    .describe('Longest wait for what other forests know about one person'),
  listener: listenerSchema.prefault({}),
  takeoverListener: takeoverListenerSchema.optional(),
  administration: administration.prefault({}),
  authentication: authentication.prefault({}),
  federation: federation.optional(),
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
  const baseUrl = `${config.publicUrl}/_wmcs`
  const externalUrl = config.externalUrl === undefined ? undefined : `${config.externalUrl}/_wmcs`
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
