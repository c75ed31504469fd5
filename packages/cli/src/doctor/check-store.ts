/** The master key, and the database with it: opened for reading only, so nothing is brought up to date by a look. */
import { resolve } from 'node:path'
import { lookAtStore, personalities, type Config, type LookedAtStore } from '@sealward/service'
import { fine, skipped, wrong, wrongBecause, type Finding } from './finding.ts'
import { installedCheck, type Installed } from './patient.ts'

export const masterKeyCheck = installedCheck('master-key', async ({ masterKey, folder }) => {
  try {
    await masterKey()
    return [fine('it can be read')]
  } catch (error) {
    return [wrongBecause(error, folder)]
  }
})

export const databaseCheck = installedCheck('database', async (installed) => {
  const file = resolve(installed.folder, installed.config.database)
  try {
    return storeFindings(await look(installed), file, installed.config)
  } catch (error) {
    return [wrongBecause(error, file)]
  }
})

/** @throws RightsError the codes of `lookAtStore` and of the master key */
export async function look({
  config,
  folder,
  masterKey,
}: Pick<Installed, 'config' | 'folder' | 'masterKey'>): Promise<LookedAtStore> {
  const file = resolve(folder, config.database)
  return lookAtStore({ file, tenant: config.tenant, masterKey: await masterKey() })
}

function storeFindings({ missingMigrations, tenant }: LookedAtStore, file: string, config: Config): readonly Finding[] {
  if (missingMigrations.length > 0) {
    return [skipped(`${file} is of an earlier version; the next start of the service brings it up to date`)]
  }
  if (tenant === undefined) return [skipped(`${file} has nothing of ${config.tenant} before its first start`)]
  const keyNeeded = personalities[config.personality].startsWithKey && !tenant.hasActiveKey
  return [
    fine(`${file} opens with the master key`),
    ...(keyNeeded ? [wrong('no-active-key', config.tenant)] : []),
    ...tenant.logs.map(({ log, rows, sound }) =>
      sound
        ? fine(`the log of ${log} has ${rows} rows and a sound head`)
        : wrong('log-head-broken', `${log}, row ${rows}`),
    ),
  ]
}
