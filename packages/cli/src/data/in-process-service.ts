/** The service opened in this process, without listening: for commands that administer it. */
import { join } from 'node:path'
import { openService, type AdministrationContext, type Config, type Service } from '@sealward/service'
import { actor } from './actor.ts'
import { dataFiles, readDataConfig } from './data-directory.ts'
import { readMasterKeyFile } from './master-key-file.ts'

export interface InProcessService {
  readonly service: Service
  readonly administration: AdministrationContext
  readonly config: Config
}

/** @throws RightsError `data-directory-missing`, `master-key-refused` and the codes of `openService` */
export async function administer<T>(data: string, work: (opened: InProcessService) => Promise<T>): Promise<T> {
  return withService(data, readDataConfig(data), work)
}

/** For a data directory whose configuration is not written yet. */
export async function withService<T>(
  data: string,
  config: Config,
  work: (opened: InProcessService) => Promise<T>,
): Promise<T> {
  const masterKey = readMasterKeyFile(join(data, dataFiles.masterKey))
  const service = await openService({ config, masterKey, folder: data })
  try {
    return await work({ service, administration: service.administration(actor()), config })
  } finally {
    await service.close()
  }
}
