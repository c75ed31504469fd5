/** The key that the tenant changes to: of those kept by the service, the one made for the tenant is the oldest. */
import type { ServiceKeySummary } from '../admin-api.ts'
import type { StepContext } from './context.ts'

/** Nothing if there is no such key, or if a new one is to be made. */
export async function rekeyTarget({ plan, tenant }: StepContext): Promise<ServiceKeySummary | undefined> {
  const wanted = plan.rekey?.key
  if (wanted === undefined || wanted === 'new') return undefined
  const keys = await tenant.keys()
  if (wanted !== 'oldest') return keys.find(({ id }) => id === wanted.id)
  const own = keys.filter(({ origin }) => origin !== 'imported')
  return [...own].sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1))[0]
}
