/**
 * Service discovery. There is one service here, so the answer is the same for every address and licensing URL; that
 * the query names one is checked all the same.
 */
import { parseDiscoveryQuery, servicesAt, writeDiscovery } from '@sealward/protocol'
import { discoverService } from '../../../core/service-locations.ts'
import { publicUrlOf } from '../../../core/public-url.ts'
import type { RestHandler } from '../handler.ts'

export const answerServiceDiscovery: RestHandler = async ({ context, query }) => {
  parseDiscoveryQuery(query)
  const { baseUrl, offlinePublishing } = await discoverService(context)
  return writeDiscovery(servicesAt(publicUrlOf(baseUrl), { offline: offlinePublishing }))
}
