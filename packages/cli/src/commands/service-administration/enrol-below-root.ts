/** `sealward cluster create --below …`: a cluster that only licenses, whose key the root cluster certifies (SubEnroll). */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { certificationUrlOf, isBasePath, operationUrl, serviceUrlOf } from '@sealward/protocol'
import { callCluster, standardLimits, enrolBelow, isClusterUrl, readConfig, type ConfigInput } from '@sealward/service'
import { isRightsError, RightsError } from '@sealward/xrml'
import { dataFiles, ensureDataFolder, writeDataFile } from '../../data/data-directory.ts'
import { withService } from '../../data/in-process-service.ts'
import { collect } from '../../terminal/command.ts'

export interface BelowOptions {
  readonly below?: string
  readonly account?: string
  readonly passwordFile?: string
  readonly caFile?: string
  readonly trust?: readonly string[]
}

export function belowOptions(command: Command): Command {
  return command
    .option('--below <url>', 'root cluster, which certifies the key of a cluster that only licenses')
    .option('--account <address>', 'account there, which it admits for sub-enrolment')
    .option('--password-file <file>', 'file with the password of the account in the first line')
    .option('--ca-file <file>', 'certificates that vouch for the root cluster, PEM; the usual ones unless given')
    .option(
      '--trust <fingerprint>',
      'root key of the root cluster, hex SHA-256 of its modulus; may be repeated',
      collect,
    )
}

export interface Root {
  /** Scheme, host and port, with the base path where that is not the usual one. */
  readonly url: string
  readonly account: string
  readonly passwordFile: string
  readonly caFile: string | undefined
  readonly trustedRoots: readonly string[]
}

/** @returns undefined for a cluster with a root of its own @throws RightsError `usage-invalid`, `file-not-usable` */
export function rootOf({ below, account, passwordFile, caFile, trust }: BelowOptions): Root | undefined {
  if (below === undefined) {
    const unused = account ?? passwordFile ?? caFile ?? trust?.[0]
    if (unused !== undefined) throw new RightsError('usage-invalid', { detail: `${unused} without --below` })
    return undefined
  }
  if (!isClusterUrl(below) || !namesCluster(new URL(below).pathname)) {
    throw new RightsError('usage-invalid', {
      detail: '--below is https://, host and port, with the base path if it is another one than /_wmcs',
    })
  }
  if (account === undefined || passwordFile === undefined || trust === undefined) {
    throw new RightsError('usage-invalid', { detail: '--below needs --account, --password-file and --trust' })
  }
  for (const file of [passwordFile, caFile]) {
    if (file !== undefined && !existsSync(file)) throw new RightsError('file-not-usable', { detail: file })
  }
  return { url: serviceUrlOf(below), account, passwordFile, caFile, trustedRoots: trust }
}

function namesCluster(path: string): boolean {
  return path === '/' || isBasePath(path)
}

/** How long a cluster may take to certify a key. */
const timeMost = 60_000

/**
 * Makes key and database; the settings are written by the caller, so that without a certificate there is no cluster.
 * @param settings without `rootCluster`
 * @returns the key, and `rootCluster` for the settings
 * @throws RightsError `root-cluster-refused`, `configuration-invalid` and the codes of `openService`
 */
export async function createBelow(
  data: string,
  settings: Omit<ConfigInput, 'database' | 'directory'> & Partial<Pick<ConfigInput, 'directory'>>,
  { root, name }: { readonly root: Root; readonly name: string },
): Promise<{ readonly keyId: string; readonly rootCluster: NonNullable<ConfigInput['rootCluster']> }> {
  const config = readConfig({ database: dataFiles.database, directory: dataFiles.directory, ...settings })
  ensureDataFolder(data)
  const people = join(data, dataFiles.directory)
  if (settings.directory === undefined && !existsSync(people)) {
    writeDataFile(people, `${JSON.stringify({ users: [], groups: [] }, null, 2)}\n`)
  }
  const certificationUrl = certificationUrlOf(root.url)
  const { keyId, accountIssuer } = await withService(data, config, ({ administration }) =>
    enrolBelow(administration, {
      name,
      trustedRoots: root.trustedRoots,
      ask: (request) => askRoot(root, certificationUrl, request),
    }),
  )
  return { keyId, rootCluster: { certificationUrl, accountIssuers: [accountIssuer] } }
}

async function askRoot(
  { account, passwordFile, caFile }: Root,
  certificationUrl: string,
  request: Parameters<Parameters<typeof enrolBelow>[1]['ask']>[0],
): ReturnType<Parameters<typeof enrolBelow>[1]['ask']> {
  const access = {
    account,
    passwordFile: resolve(passwordFile),
    ...(caFile === undefined ? {} : { caFile: resolve(caFile) }),
  }
  try {
    return await callCluster(access, {
      url: operationUrl(certificationUrl, 'SubEnroll'),
      operation: 'SubEnroll',
      request,
      signal: AbortSignal.timeout(timeMost),
      bytesMost: standardLimits.outboundBytes,
    })
  } catch (cause) {
    if (!isRightsError(cause, 'forest-unavailable')) throw cause
    const { detail } = cause
    throw new RightsError('root-cluster-refused', { ...(detail === undefined ? {} : { detail }), cause })
  }
}
