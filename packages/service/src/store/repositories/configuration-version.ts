/** The version of what administrators have decided; every process compares it before it trusts its snapshot. */
import type { RepositoryInput } from './repository-input.ts'

export async function configurationVersion({ database, tenant }: RepositoryInput): Promise<number> {
  const row = await database
    .selectFrom('tenant')
    .select('configuration_version')
    .where('tenant', '=', tenant)
    .executeTakeFirstOrThrow()
  return row.configuration_version
}

export async function nextConfigurationVersion({ database, tenant }: RepositoryInput): Promise<void> {
  await database
    .updateTable('tenant')
    .set((row) => ({ configuration_version: row('configuration_version', '+', 1) }))
    .where('tenant', '=', tenant)
    .execute()
}
