/**
 * Service discovery. There is one service here, so the answer is the same for every address and licensing URL but those
 * of other tenants. Licences are found by their key: whether one can be opened is not said here.
 */
import { parseDiscoveryQuery, servicesAt, writeDiscovery } from '@sealward/protocol'
import { discoverService } from '../../../core/service-locations.ts'
import { publicUrlOf } from '../../../core/own-sites.ts'
import type { RestHandler } from '../handler.ts'

export const answerServiceDiscovery: RestHandler = async ({ context, query }) => {
  const { baseUrl, offlinePublishing } = await discoverService(context, parseDiscoveryQuery(query))
  return writeDiscovery(servicesAt(publicUrlOf(baseUrl), { offline: offlinePublishing }))
}
