/** A data directory for an organisation of one's own: the people who are there already, listening on this machine only. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { ConfigInput } from '@sealward/service'
import { dataFiles, ensureDataFolder, writeDataConfig, writeDataFile } from './data-directory.ts'

type OwnSettings = Omit<ConfigInput, 'database' | 'directory'> & Partial<Pick<ConfigInput, 'database' | 'directory'>>

/** @throws RightsError `configuration-invalid` */
export function makeOwnData(data: string, settings: OwnSettings): void {
  ensureDataFolder(data)
  const people = join(data, dataFiles.directory)
  if (settings.directory === undefined && !existsSync(people)) {
    writeDataFile(people, `${JSON.stringify({ users: [], groups: [] }, null, 2)}\n`)
  }
  writeDataConfig(data, { database: dataFiles.database, directory: dataFiles.directory, ...settings })
}
