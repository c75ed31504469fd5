/** The connection file of our own client: the service, the roots to trust, and where old licences are answered now. */
import type { ChangeName } from './client-change.ts'
import { licensingUrlSpellings } from '@sealward/protocol'
import type { CheckedPlan } from './redirection-plan.ts'
import { redirectedUrls } from './url-variants.ts'

/**
 * @param change whom it is for: moved people (`migrate`), or those who stay (`prepare`), which is also the way back
 */
export function clientConnection(plan: CheckedPlan, change: ChangeName): Uint8Array {
  const { tenant, staying, anchors } = plan
  const connection =
    change === 'migrate'
      ? {
          service: tenant.url,
          anchors,
          redirections: redirectedUrls(plan).map(({ url }) => ({ from: url, to: tenant.licensing })),
        }
      : {
          service: new URL(staying).origin,
          anchors,
          redirections: licensingUrlSpellings(tenant.licensing).map((from) => ({ from, to: staying })),
        }
  return Buffer.from(`${JSON.stringify(connection, undefined, 2)}\n`, 'utf8')
}
