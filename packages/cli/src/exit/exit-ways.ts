/** The four ways out as the options of the command line say them. */
import type { Command } from 'commander'
import type { ExitOption, ExitResult, ExitRun } from '@sealward/migration'
import { RightsError } from '@sealward/xrml'
import type { Administration } from '../connection/administration.ts'
import { withAdministration, type AdministrationOptions } from '../connection/administration-options.ts'
import { trustOptions } from '../exports/read-exports.ts'
import type { TrustOptions } from '../exports/trusted-roots.ts'
import { collect } from '../terminal/command.ts'
import type { Output } from '../terminal/output.ts'
import { decryptingAsSuperUser, decryptingWithKeys } from './decrypting.ts'
import { exitAdministration } from './exit-administration.ts'
import { keyFolder, keyFolderOptions, type KeyFolderOptions } from './key-folder.ts'

export interface ExitWayOptions extends KeyFolderOptions, TrustOptions {
  readonly clusterUrl?: string
  readonly clusterData?: string
  readonly clusterService?: string
  readonly clusterTokenFile?: string
  readonly superUser?: string
  readonly superUserPasswordFile?: string
  readonly folder?: readonly string[]
  readonly journals: string
  readonly offline?: boolean
  readonly recoveryUser?: readonly string[]
  readonly force?: boolean
}

export function exitWayOptions(command: Command): Command {
  return trustOptions(keyFolderOptions(command))
    .option('--cluster-url <url>', 'A, C: scheme and host of the cluster that takes over')
    .option('--cluster-data <dir>', 'A, C: data directory of that cluster; A only checks with it')
    .option('--cluster-service <url>', 'C: its address, instead of its data directory')
    .option('--cluster-token-file <file>', 'C: file with its administration token')
    .option('--super-user <address>', 'B: who decrypts; a super user for this time only')
    .option('--super-user-password-file <file>', 'B: file with the password; - for standard input')
    .option('--folder <dir>', 'B: folder to decrypt; may be repeated', collect)
    .option('--journals <dir>', 'B: where it is written down what is done, outside the folders', 'exit-journals')
    .option('--offline', 'B: with the exported keys alone; no service is asked')
    .option('--recovery-user <address>', 'D: who recovers on request; may be repeated', collect)
    .option('--force', 'A: replace a migration URL that is set')
}

/** @throws RightsError `usage-invalid` */
export function wayOf(text: string): ExitOption {
  const way = (['A', 'B', 'C', 'D'] as const).find((each) => each === text.toUpperCase())
  if (way === undefined) throw usage('ways are A, B, C and D')
  return way
}

/** @throws RightsError `usage-invalid` for a way without what it needs */
export function planOf(way: ExitOption, options: ExitWayOptions): readonly string[] {
  const exported = `export every key that is not in ${options.keys} yet, and check each file`
  switch (way) {
    case 'A':
      return [exported, `let new content name ${clusterUrlOf(options)}`, 'write files that redirect clients there']
    case 'B':
      if (options.offline === true) return [`open with the keys in ${options.keys}`, clearFiles(options)]
      return [exported, `make ${superUserOf(options)} a super user while it lasts`, clearFiles(options)]
    case 'C':
      return [
        exported,
        'make the cluster read-only for everyone',
        `write files that redirect clients to ${clusterUrlOf(options)}`,
      ]
    case 'D':
      return [
        exported,
        `make ${recoveryUsersOf(options).join(', ')} super users, who recover on request`,
        'write files that stop Office from protecting; a cluster becomes read-only for everyone',
      ]
  }
}

function clearFiles(options: ExitWayOptions): string {
  const folders = foldersOf(options).join(', ')
  return `take the protection off every file below ${folders}; clear files take the place of protected ones`
}

/** Gives `run` the way with everything that it needs. @throws RightsError of the connections and of `run` */
export async function exitWay(
  way: ExitOption,
  options: AdministrationOptions & ExitWayOptions,
  { output, signal }: { readonly output: Output; readonly signal: AbortSignal },
  run: (way: ExitRun) => Promise<ExitResult>,
): Promise<ExitResult> {
  const decrypt = { journals: options.journals, output, signal }
  if (way === 'B' && options.offline === true) {
    return run({ option: 'B', decrypt: await decryptingWithKeys({ ...decrypt, folders: foldersOf(options) }, options) })
  }
  return withAdministration(options, async (administration) => {
    const leaving = { admin: exitAdministration(administration), keys: keyFolder(options) }
    const force = options.force === true
    switch (way) {
      case 'A':
        return run({ option: 'A', ...leaving, redirection: await redirectionOf(administration, options), force })
      case 'B':
        return run({
          option: 'B',
          ...leaving,
          superUser: superUserOf(options),
          decrypt: await decryptingAsSuperUser({
            ...decrypt,
            folders: foldersOf(options),
            administration,
            user: superUserOf(options),
            passwordFile: options.superUserPasswordFile,
          }),
        })
      case 'C': {
        const redirection = await redirectionOf(administration, options)
        return withAdministration(clusterOf(options), (cluster) =>
          run({ option: 'C', ...leaving, redirection, cluster: exitAdministration(cluster) }),
        )
      }
      case 'D': {
        const { setReadOnly, ...tenant } = leaving.admin
        // A tenant has no read-only state; there it is the computers that stop protecting.
        const recovery = (await tenant.configuration()).personality === 'cluster' ? { ...tenant, setReadOnly } : tenant
        return run({ option: 'D', ...leaving, recoveryUsers: recoveryUsersOf(options), recovery })
      }
    }
  })
}

async function redirectionOf(administration: Administration, options: ExitWayOptions) {
  const { licensingUrl, externalLicensingUrl } = await administration.call('getConfiguration')
  const keys = await administration.call('listKeys')
  return {
    clusterUrl: clusterUrlOf(options),
    tenantUrls: [licensingUrl, ...(externalLicensingUrl === undefined ? [] : [externalLicensingUrl])],
    version: new Date().toISOString().slice(0, 10).replaceAll('-', ''),
    anchors: [...new Set(keys.map(({ root }) => root))],
  }
}

function clusterOf({ clusterData, clusterService, clusterTokenFile }: ExitWayOptions): AdministrationOptions {
  if (clusterService !== undefined) {
    return {
      service: clusterService,
      ...(clusterTokenFile === undefined ? {} : { adminTokenFile: clusterTokenFile }),
      ...(clusterData === undefined ? {} : { data: clusterData }),
    }
  }
  if (clusterData === undefined) throw usage('--cluster-data or --cluster-service names the cluster that is kept')
  return { data: clusterData }
}

function clusterUrlOf({ clusterUrl }: ExitWayOptions): string {
  return clusterUrl ?? missing('--cluster-url')
}

function superUserOf({ superUser }: ExitWayOptions): string {
  return superUser ?? missing('--super-user')
}

function foldersOf({ folder }: ExitWayOptions): readonly string[] {
  return folder ?? missing('--folder')
}

function recoveryUsersOf({ recoveryUser }: ExitWayOptions): readonly string[] {
  return recoveryUser ?? missing('--recovery-user')
}

function missing(option: string): never {
  throw usage(`this way needs ${option}`)
}

function usage(detail: string): RightsError {
  return new RightsError('usage-invalid', { detail })
}
