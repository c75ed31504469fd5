/**
 * The folder that holds everything of one service: configuration, master key, database, people. Commands that change the
 * service work in it directly, also while the service runs: the database is made for that.
 */
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { randomBytes } from 'node:crypto'
import type { Command } from 'commander'
import { writeFileSafely } from '@sealward/client'
import { newMasterKeyFile } from '@sealward/keys'
import {
  readConfig,
  readInstallationConfig,
  type Config,
  type ConfigInput,
  type InstallationConfig,
} from '@sealward/service'
import { RightsError } from '@sealward/xrml'

export interface DataOptions {
  readonly data: string
}

export const usualData = 'sealward-data'

export function dataOption(command: Command): Command {
  return command.option('--data <dir>', 'data directory of the service', usualData)
}

export const dataFiles = {
  /** Written last when a data directory is made: where it is, the directory is complete. */
  config: 'service.json',
  masterKey: 'master.key',
  /** Instead of a key: how it is derived from a passphrase. */
  masterKeyParameters: 'master-key.json',
  database: 'sealward.db',
  directory: 'directory.json',
  connection: 'connection.json',
  requestLog: 'requests.log',
} as const

export function hasData(data: string): boolean {
  return existsSync(join(data, dataFiles.config))
}

/** @throws RightsError `data-directory-missing`, `configuration-invalid` */
export function readDataConfig(data: string): Config {
  if (!hasData(data)) throw new RightsError('data-directory-missing', { detail: data })
  return readConfigFile(join(data, dataFiles.config))
}

/** @throws RightsError `configuration-invalid` */
export function readConfigFile(path: string): Config {
  return readConfig(readJsonFile(path))
}

/** A configuration of one service, or of an installation of several. @throws RightsError `configuration-invalid` */
export function readServeFile(path: string): Config | InstallationConfig {
  const value = readJsonFile(path)
  const several = typeof value === 'object' && value !== null && 'services' in value
  return several ? readInstallationConfig(value) : readConfig(value)
}

function readJsonFile(path: string): unknown {
  const text = readFileSync(path, 'utf8')
  try {
    return JSON.parse(text) as unknown
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    throw new RightsError('configuration-invalid', { detail: `${path} is not JSON`, cause })
  }
}

/** The service makes it when it listens for the first time. @param folder where the configuration is */
export function adminTokenFile(folder: string, { administration }: Config): string {
  return resolve(folder, administration.tokenFile)
}

/** Folder and master key; what is there already stays, also a passphrase instead of the key. */
export function ensureDataFolder(data: string): void {
  mkdirSync(data, { recursive: true, mode: 0o700 })
  const path = join(data, dataFiles.masterKey)
  if (!existsSync(path) && !existsSync(join(data, dataFiles.masterKeyParameters)))
    writeDataFile(
      path,
      newMasterKeyFile((count) => randomBytes(count)),
    )
}

export function writeDataConfig(data: string, config: ConfigInput): Config {
  const read = readConfig(config)
  writeDataFile(join(data, dataFiles.config), `${JSON.stringify(config, null, 2)}\n`)
  return read
}

/** Whole or not at all, and for the owner only. */
export function writeDataFile(path: string, content: string | Uint8Array): void {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  mkdirSync(dirname(resolve(path)), { recursive: true, mode: 0o700 })
  writeFileSafely({ path, existing: 'overwrite', write: (sink) => sink.write(bytes) })
}
