/** A spelling of an address can lead to one tenant only. */
import { RightsError } from '@sealward/xrml'
import type { CheckedPlan } from './redirection-plan.ts'
import { allRedirectedUrls } from './url-variants.ts'

/** @throws RightsError `redirection-plan-invalid` for an address of two organisations */
export function requireOneTarget(plan: Pick<CheckedPlan, 'clusters' | 'partners'>): void {
  const taken = new Set<string>()
  for (const { url } of allRedirectedUrls(plan)) {
    const name = url.toLowerCase()
    if (taken.has(name)) {
      throw new RightsError('redirection-plan-invalid', { detail: `${url} is an address of two organisations` })
    }
    taken.add(name)
  }
}
