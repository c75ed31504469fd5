/** The options of every command that works through a service as one of its users. */
import type { Command } from 'commander'
import { createClient, type Client } from '@sealward/client'
import { RightsError } from '@sealward/xrml'
import { readAnchor } from '../exports/trusted-roots.ts'
import { collect } from '../terminal/command.ts'
import { readSecret } from '../terminal/secret.ts'
import { findConnectionFile } from './connection-file.ts'
import { ownFolder } from './own-folder.ts'

export interface ClientCommandOptions {
  readonly connection?: string
  readonly service?: string
  readonly user: string
  readonly passwordFile?: string
  readonly tokenFile?: string
  readonly store?: string
  readonly trust?: readonly string[]
  readonly anchor?: readonly string[]
  readonly redirectEverything?: boolean
}

export function clientOptions(command: Command): Command {
  return command
    .requiredOption('--user <address>', 'who you are, by mail address')
    .option('--password-file <file>', 'file with the password; - for standard input')
    .option('--token-file <file>', 'file with a bearer token, instead of a sign-in; speaks the REST protocol')
    .option('--connection <file>', 'how to reach the service (default: sealward-data/connection.json)')
    .option('--service <url>', 'address of the service, instead of the one in the connection file')
    .option('--store <dir>', 'folder for your keys and licences on this machine')
    .option('--trust <fingerprint>', 'root key to trust, hex SHA-256 of its modulus; may be repeated', collect)
    .option('--anchor <file>', 'root key file to trust; may be repeated', collect)
    .option(
      '--redirect-everything',
      'ask this service for every licence, whatever the licence or a connection file says',
    )
}

/**
 * With a token, from a file or of a sign-in, the client speaks REST. The password is asked for when the service wants it,
 * and then once.
 * @param kept.useSignIn whether tokens of a sign-in count, unless the options say otherwise
 * @throws RightsError `service-missing` and the codes of `createClient`
 */
export function clientFor(
  options: ClientCommandOptions,
  { useSignIn }: { useSignIn: boolean } = { useSignIn: true },
): Client {
  const file = findConnectionFile(options.connection)
  const serviceUrl = options.service ?? file?.service
  if (serviceUrl === undefined) throw new RightsError('service-missing')
  const anchors = [
    ...(file?.anchors ?? []),
    ...(options.trust ?? []),
    ...(options.anchor ?? []).map((path) => readAnchor(path).fingerprint),
  ]
  const { user, tokenFile } = options
  let password: Promise<string> | undefined
  return createClient({
    serviceUrl,
    user,
    anchors,
    storeDirectory: options.store ?? file?.store ?? ownFolder(),
    redirections: file?.redirections ?? [],
    // Where the services of another one are says nothing about the one that is named here.
    ...(file?.serviceLocation === undefined || options.service !== undefined
      ? {}
      : { serviceLocation: file.serviceLocation }),
    allowedHosts: file?.allowedHosts ?? [],
    redirectEverything: options.redirectEverything === true,
    useSignIn: useSignIn && options.passwordFile === undefined,
    password: async () => {
      password ??= readSecret(options.passwordFile, `Password of ${user}`)
      return Buffer.from(await password, 'utf8')
    },
    ...(tokenFile === undefined
      ? {}
      : { door: 'rest' as const, token: () => readSecret(tokenFile, `Token of ${user}`) }),
  })
}
