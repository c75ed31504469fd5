/** The service opened in this process, without listening: for commands that administer it. */
import { openService, type AdministrationContext, type Config, type Service } from '@sealward/service'
import { actor } from './actor.ts'
import { readDataConfig } from './data-directory.ts'
import { readMasterKey } from './master-key.ts'

export interface InProcessService {
  readonly service: Service
  readonly administration: AdministrationContext
  readonly config: Config
}

/** @throws RightsError `data-directory-missing`, `master-key-refused`, `secret-missing` and the codes of `openService` */
export async function administer<T>(data: string, work: (opened: InProcessService) => Promise<T>): Promise<T> {
  return withService(data, readDataConfig(data), work)
}

/** For a data directory whose configuration is not written yet. */
export async function withService<T>(
  data: string,
  config: Config,
  work: (opened: InProcessService) => Promise<T>,
): Promise<T> {
  const masterKey = await readMasterKey(data)
  const service = await openService({ config, masterKey, folder: data })
  try {
    return await work({ service, administration: service.administration(actor()), config })
  } finally {
    await service.close()
  }
}
