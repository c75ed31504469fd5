/**
 * Service discovery. There is one service here, so the answer is the same for every address and licensing URL; that
 * the query names one is checked all the same.
 */
import { parseDiscoveryQuery, servicesAt, writeDiscovery } from '@sealward/protocol'
import { publicUrlOf } from '../../public-url.ts'
import type { RestHandler } from '../handler.ts'

export const answerServiceDiscovery: RestHandler = async ({ context, query }) => {
  parseDiscoveryQuery(query)
  return writeDiscovery(servicesAt(publicUrlOf(context.cluster.baseUrl)))
}
