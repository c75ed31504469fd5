/** The services that an installation names, each with its configuration and its master key. */
import { dirname, resolve } from 'node:path'
import type { Config, InstallationConfig } from '@sealward/service'
import type { MasterKey } from '@sealward/keys'
import { readConfigFile } from '../data/data-directory.ts'
import { readMasterKey, type MasterKeySource } from '../data/master-key.ts'

export interface InstallationService {
  readonly config: Config
  readonly masterKey: MasterKey
  readonly folder: string
}

/**
 * @param folder of the installation's configuration
 * @param source of one master key for all; else each service has its own beside its configuration
 * @throws RightsError `configuration-invalid`, and those of `readMasterKey`
 */
export async function readInstallationServices(
  { services }: InstallationConfig,
  folder: string,
  source: MasterKeySource,
): Promise<readonly InstallationService[]> {
  const read: InstallationService[] = []
  // One after the other: two prompts at once are none.
  for (const path of services) {
    const file = resolve(folder, path)
    const own = dirname(file)
    read.push({ config: readConfigFile(file), masterKey: await readMasterKey(own, source), folder: own })
  }
  return read
}
