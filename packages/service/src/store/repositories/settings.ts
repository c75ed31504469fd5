/** What administrators set, one row per setting, with the version of the configuration that brought it. */
import type { SettingRepository } from '../../core/store.ts'
import { readSettings } from '../../core/settings.ts'
import { configurationVersion } from './configuration-version.ts'
import type { RepositoryInput } from './repository-input.ts'

export function settingRepository(input: RepositoryInput): SettingRepository {
  const { database, tenant } = input
  return {
    async read() {
      const rows = await database.selectFrom('setting').select(['name', 'value']).where('tenant', '=', tenant).execute()
      return readSettings(rows)
    },
    async put(name, value, changedAt) {
      if (value === undefined) {
        await database.deleteFrom('setting').where('tenant', '=', tenant).where('name', '=', name).execute()
        return
      }
      const changed = {
        value: JSON.stringify(value),
        // The change raises the version when it is complete.
        version: (await configurationVersion(input)) + 1,
        changed_at: changedAt.toISOString(),
      }
      await database
        .insertInto('setting')
        .values({ tenant, name, ...changed })
        .onConflict((conflict) => conflict.columns(['tenant', 'name']).doUpdateSet(changed))
        .execute()
    },
  }
}
