/** The part of a connection file that says how to find a service. */
import { resolve } from 'node:path'
import type { DiscoverySettings } from '@sealward/client'
import { readSecret } from '../terminal/secret.ts'
import { flag, list, text } from './json-values.ts'

export interface DiscoveryFile {
  /** Domain controllers that know the service connection point. */
  readonly scp?: {
    readonly servers: readonly string[]
    readonly caFile?: string
    /** Name of an account that reads; without it nobody signs in. */
    readonly account?: string
    /** File with its password in the first line. */
    readonly passwordFile?: string
  }
  /** Name servers that know service records; without a list those of this machine. */
  readonly srv?: { readonly servers?: readonly string[] }
  /** Whether users may be led to the service in the cloud. */
  readonly cloud?: boolean
}

/**
 * @param folder to which paths are relative
 * @throws TypeError
 */
export function discoveryIn(value: unknown, folder: string): DiscoveryFile {
  const { scp, srv, cloud } = membersOf(value, ['scp', 'srv', 'cloud'])
  return {
    ...(scp === undefined ? {} : { scp: forestIn(scp, folder) }),
    ...(srv === undefined ? {} : { srv: nameServersIn(srv) }),
    ...(cloud === undefined ? {} : { cloud: flag(cloud) }),
  }
}

/** The password is read when a domain controller asks for it. */
export function discoverySettings({ scp, srv, cloud }: DiscoveryFile): DiscoverySettings {
  return {
    ...(scp === undefined ? {} : { scp: forestSettings(scp) }),
    ...(srv === undefined ? {} : { srv }),
    ...(cloud === undefined ? {} : { cloud }),
  }
}

function forestSettings(forest: NonNullable<DiscoveryFile['scp']>): NonNullable<DiscoverySettings['scp']> {
  const { account, passwordFile, ...others } = forest
  if (account === undefined) return others
  return { ...others, account, password: () => readSecret(passwordFile, `Password of ${account}`) }
}

function forestIn(value: unknown, folder: string): NonNullable<DiscoveryFile['scp']> {
  const { servers, caFile, account, passwordFile } = membersOf(value, ['servers', 'caFile', 'account', 'passwordFile'])
  return {
    servers: list(servers).map(text),
    ...(caFile === undefined ? {} : { caFile: resolve(folder, text(caFile)) }),
    ...(account === undefined ? {} : { account: text(account) }),
    ...(passwordFile === undefined ? {} : { passwordFile: resolve(folder, text(passwordFile)) }),
  }
}

function nameServersIn(value: unknown): NonNullable<DiscoveryFile['srv']> {
  const { servers } = membersOf(value, ['servers'])
  return servers === undefined ? {} : { servers: list(servers).map(text) }
}

/** A misspelt setting would be a step that is left out in silence. */
function membersOf(value: unknown, names: readonly string[]): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw new TypeError('not an object')
  if (Object.keys(value).some((name) => !names.includes(name))) throw new TypeError('an unknown setting')
  return value as Record<string, unknown>
}
