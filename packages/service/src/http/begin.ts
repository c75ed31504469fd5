/** What is known of a request before anything of it is understood: its door, its way, its credentials. */
import type { Socket } from 'node:net'
import type { FastifyRequest } from 'fastify'
import { RightsError } from '@sealward/xrml'
import type { CoreContext } from '../core/ports.ts'
import type { Connections } from './connection.ts'
import { doorOf, type Door } from './door.ts'
import type { Exchange } from './exchange.ts'
import { routeOf, soapTargetOf } from './soap/soap-target.ts'
import type { Offer, OfferTo } from './offer.ts'
import { requestInfo } from './request-info.ts'

export interface Beginning {
  readonly context: CoreContext
  readonly connections: Connections
  readonly offerOf: (to: OfferTo) => Offer
  /** Of SOAP, in lower case. */
  readonly basePaths: readonly string[]
}

export function begin({ context, connections, offerOf, basePaths }: Beginning, request: FastifyRequest): Exchange {
  const door = doorOfRequest(request, basePaths)
  const { raw, headers, ip, originalUrl, host } = request
  const way = { peer: raw.socket.remoteAddress ?? '', forwardedProtocol: headers['x-forwarded-proto'] }
  const confidential = connections.isConfidential(way)
  const shared = connections.isShared({ peer: way.peer, headers })
  const source = { door, remoteAddress: ip, target: originalUrl, host, secure: connections.isEncrypted(way) }
  const info = requestInfo(source, headers, () => context.random.guid())
  const federatedOnly = request.routeOptions.config.federated === 'alone'
  const offer = offerOf({ door, confidential, shared, federatedOnly })
  return { door, info, confidential, offer, ...(shared ? {} : { connection: raw.socket satisfies Socket }) }
}

function doorOfRequest({ raw, routeOptions, originalUrl }: FastifyRequest, basePaths: readonly string[]): Door {
  const target = soapTargetOf(raw)
  if (target !== undefined) return target.below === '' ? doorOf(target.basePath, basePaths) : 'soap'
  // The route that was found, because the target may be spelled in disguise.
  return routeOptions.url === undefined ? doorOf(originalUrl, basePaths) : doorOf(routeOptions.url, [routeOf('')])
}

/** Node.js would take the first of two, and a proxy in front perhaps the other. @throws RightsError `request-malformed` */
export function authorizationOf({ raw, headers }: FastifyRequest): string | undefined {
  const lines = raw.rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'authorization')
  if (lines.length > 1) throw new RightsError('request-malformed', { detail: 'two Authorization headers' })
  return headers.authorization
}
