/** The other tenants of the same database: the only place that reads beyond its own tenant, and no secrets. */
import type { Neighbour } from '../../core/neighbours.ts'
import type { RepositoryInput } from './repository-input.ts'
import { readTexts } from './texts.ts'

export async function readNeighbours({
  database,
  tenant,
}: Pick<RepositoryInput, 'database' | 'tenant'>): Promise<readonly Neighbour[]> {
  const tenants = await database.selectFrom('tenant').select('tenant').where('tenant', '!=', tenant).execute()
  if (tenants.length === 0) return []
  const keys = await database.selectFrom('service_key').select(['tenant', 'id', 'activated_at']).execute()
  const names = await database
    .selectFrom('setting')
    .select(['tenant', 'value'])
    .where('name', '=', 'hostNames')
    .execute()
  return tenants.map((other) => {
    const own = keys.filter((row) => row.tenant === other.tenant)
    return {
      tenant: other.tenant,
      hostNames: names.filter((row) => row.tenant === other.tenant).flatMap(({ value }) => readTexts(value)),
      keys: own.map(({ id }) => id),
      activated: own.filter((row) => row.activated_at !== null).map(({ id }) => id),
    }
  })
}
