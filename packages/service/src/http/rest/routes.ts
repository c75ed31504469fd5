/** The REST resources, in every version of the protocol. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { parsePlatform } from '@sealward/protocol'
import { callerOf } from '../../core/federated.ts'
import { largeBodyRoute } from '../large-body.ts'
import { otherRestOperations, restOperationName } from '../operation-names.ts'
import { admitted, forPeople, type RouteWorld } from '../route-world.ts'
import { answerRest } from './router.ts'

export function registerRestRoutes(app: FastifyInstance, world: RouteWorld): void {
  const large = largeBodyRoute(world.admission, world.limits, world.limits.restLicenseBodyBytes)
  const answer = (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> =>
    restResource(world, request, reply)
  app.all('/my/:version/enduserlicenses', { ...large, ...forPeople([restOperationName.endUserLicenses]) }, answer)
  app.all('/my/*', forPeople(otherRestOperations), answer)
}

async function restResource(world: RouteWorld, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const exchange = world.exchangeOf(request)
  const answer = await admitted(world, request, reply, (body) =>
    answerRest(world.context, {
      method: request.method,
      target: request.url,
      body,
      contentType: request.headers['content-type'],
      acceptLanguage: request.headers['accept-language'],
      platform: parsePlatform(request.headers),
      caller: callerOf(exchange.caller),
      info: exchange.info,
      named(resource) {
        exchange.operation = resource
        exchange.operationName = restOperationName[resource]
      },
    }),
  )
  return reply.type('application/json; charset=utf-8').send(answer)
}
