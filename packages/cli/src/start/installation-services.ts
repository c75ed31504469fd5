/** The services that an installation names, each with its configuration and its master key. */
import { dirname, join, resolve } from 'node:path'
import type { Config, InstallationConfig } from '@sealward/service'
import type { MasterKey } from '@sealward/keys'
import { dataFiles, readConfigFile } from '../data/data-directory.ts'
import { readMasterKeyFile } from '../data/master-key-file.ts'

export interface InstallationService {
  readonly config: Config
  readonly masterKey: MasterKey
  readonly folder: string
}

/**
 * @param folder of the installation's configuration
 * @param masterKey file of one master key for all; else each service has its own beside its configuration
 * @throws RightsError `configuration-invalid`, `master-key-refused`
 */
export function readInstallationServices(
  { services }: InstallationConfig,
  folder: string,
  masterKey?: string,
): readonly InstallationService[] {
  return services.map((path) => {
    const file = resolve(folder, path)
    const own = dirname(file)
    return {
      config: readConfigFile(file),
      masterKey: readMasterKeyFile(masterKey ?? join(own, dataFiles.masterKey)),
      folder: own,
    }
  })
}
