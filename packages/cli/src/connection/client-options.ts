/** The options of every command that works through a service as one of its users. */
import type { Command } from 'commander'
import { createClient, discoverLicensing, discoverService, requireDiscovered, type Client } from '@sealward/client'
import { RightsError } from '@sealward/xrml'
import { collect } from '../terminal/command.ts'
import { readSecret } from '../terminal/secret.ts'
import { clientConfiguration, configuredOptions, discoveryOf } from './client-configuration.ts'
import type { ConnectionCommandOptions } from './client-configuration.ts'
import { machineCertificate } from './machine-certificate.ts'

export interface ClientCommandOptions extends ConnectionCommandOptions {
  readonly user: string
  readonly passwordFile?: string
  readonly tokenFile?: string
  readonly ticket?: boolean
  readonly redirectEverything?: boolean
}

export function clientOptions(command: Command): Command {
  return connectionOptions(
    command
      .requiredOption('--user <address>', 'who you are, by mail address')
      .option('--password-file <file>', 'file with the password; - for standard input')
      .option('--token-file <file>', 'file with a bearer token, instead of a sign-in; speaks the REST protocol')
      .option('--ticket', 'sign in with your Kerberos ticket, as kinit or a domain sign-in gets it; needs curl'),
  ).option(
    '--redirect-everything',
    'ask this service for every licence, whatever the licence or a connection file says',
  )
}

/** How to reach a service, whoever the user is. */
export function connectionOptions(command: Command): Command {
  return command
    .option('--connection <file>', 'how to reach the service (default: sealward-data/connection.json)')
    .option('--service <url>', 'address of the service, instead of the one in the connection file')
    .option('--store <dir>', 'folder for your keys and licences on this machine')
    .option('--trust <fingerprint>', 'root key to trust, hex SHA-256 of its modulus; may be repeated', collect)
    .option('--anchor <file>', 'root key file to trust; may be repeated', collect)
}

/**
 * A service that the connection file does not name is looked for. With a token, from a file or of a sign-in, the client
 * speaks REST. A certificate of this machine counts unless a file with a secret is named. The password is asked for when the
 * service wants it, and then once.
 * @param kept.useSignIn whether tokens of a sign-in count, unless the options say otherwise
 * @throws RightsError `usage-invalid`, `service-missing`, `service-not-discovered`, and the codes of `createClient`
 */
export async function clientFor(
  options: ClientCommandOptions,
  { useSignIn }: { useSignIn: boolean } = { useSignIn: true },
): Promise<Client> {
  const configuration = clientConfiguration(options)
  const { file, anchors, storeDirectory, rules } = configuration
  const { user, tokenFile, passwordFile, ticket = false } = options
  if (ticket && (tokenFile !== undefined || passwordFile !== undefined)) {
    throw new RightsError('usage-invalid', { detail: '--ticket goes without password and token' })
  }
  // Whoever names a secret or a ticket wants to be known by it.
  const named = ticket || passwordFile !== undefined || tokenFile !== undefined
  const shown = machineCertificate(named ? undefined : file?.certificate)
  const service = requireDiscovered(await discoverService(discoveryOf(configuration, user)))
  const { url: serviceUrl } = service
  const offline = service.admission === 'offline'
  const srv = file?.discovery?.srv
  const allowedHosts = [...rules.allowedHosts, new URL(serviceUrl).host]
  let password: Promise<string> | undefined
  return createClient({
    serviceUrl,
    user,
    anchors,
    storeDirectory,
    ...configuredOptions(configuration, service),
    redirectEverything: options.redirectEverything === true,
    offline,
    ...(srv === undefined || offline
      ? {}
      : { findLicensing: async (urls) => (await discoverLicensing(urls, { ...rules, allowedHosts, srv })).url }),
    ticket,
    // Tokens are renewed by asking, and licences over REST are never kept.
    useSignIn: useSignIn && !ticket && passwordFile === undefined && shown.certificate === undefined && !offline,
    ...shown,
    password: async () => {
      password ??= readSecret(passwordFile, `Password of ${user}`)
      return Buffer.from(await password, 'utf8')
    },
    ...(tokenFile === undefined || offline
      ? {}
      : { door: 'rest' as const, token: () => readSecret(tokenFile, `Token of ${user}`) }),
  })
}
