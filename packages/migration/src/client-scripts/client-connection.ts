/** The connection file of our own client: the service, the roots to trust, and where old licences are answered now. */
import type { ChangeName } from './client-change.ts'
import { licensingUrlSpellings, serviceUrlOf } from '@sealward/protocol'
import type { CheckedPlan } from './redirection-plan.ts'
import { allRedirectedUrls, clusterOf } from './url-variants.ts'

/**
 * @param change whom it is for: moved people (`migrate`), or those who stay (`prepare`), which is also the way back
 */
export function clientConnection(plan: CheckedPlan, change: ChangeName): Uint8Array {
  const { tenant, staying, anchors, partners } = plan
  const connection =
    change === 'migrate'
      ? {
          service: tenant.url,
          anchors,
          redirections: [
            ...allRedirectedUrls(plan).map(({ url, to = tenant.licensing }) => ({ from: url, to })),
            ...asTheyAre(partners.map((partner) => partner.tenant.licensing)),
          ],
        }
      : {
          service: serviceUrlOf(staying),
          anchors,
          redirections: [
            ...licensingUrlSpellings(tenant.licensing).map((from) => ({ from, to: staying })),
            ...asTheyAre(partners.flatMap((partner) => [...partner.clusters.map(clusterOf), partner.tenant.licensing])),
          ],
        }
  return Buffer.from(`${JSON.stringify(connection, undefined, 2)}\n`, 'utf8')
}

/** Our client asks nobody whom no rule names; partners are asked where their licences say. */
function asTheyAre(urls: readonly string[]): readonly { readonly from: string; readonly to: string }[] {
  return [...new Set(urls)].map((url) => ({ from: url, to: url }))
}
