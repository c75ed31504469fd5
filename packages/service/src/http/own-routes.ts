/** What no protocol has: machines of our own clients, documents taken back by their authors, and revocation lists. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { callerOf } from '../core/federated.ts'
import type { OperationName } from '../core/operations.ts'
import type { CoreContext } from '../core/ports.ts'
import { publishedRevocationList, revocationListPath } from '../core/published-revocation-list.ts'
import { largeBodyRoute } from './large-body.ts'
import { answerMachine } from './machine.ts'
import { answerRevocation } from './revocations.ts'
import { admitted, forEverybody, forFederated, forPeople, licensesOnly, type RouteWorld } from './route-world.ts'

const machine = { name: 'machine', operation: 'enrol-machine', answer: answerMachine } as const
const revocation = { name: 'revocation', operation: 'revoke-content', answer: answerRevocation } as const

export function registerOwnRoutes(app: FastifyInstance, world: RouteWorld): void {
  const { context, admission, limits } = world
  const answer = (resource: OwnResource) => (request: FastifyRequest, reply: FastifyReply) =>
    ownResource(world, request, reply, resource)
  if (!licensesOnly(world)) {
    app.post('/sealward/v1/machine', forPeople([machine.operation]), answer(machine))
    app.post('/sealward/v1/machineexternal', forFederated([machine.operation]), answer(machine))
  }
  const large = largeBodyRoute(admission, limits, limits.restLicenseBodyBytes)
  app.post('/sealward/v1/revocations', { ...large, ...forPeople([revocation.operation]) }, answer(revocation))
  app.get<{ Params: { readonly key: string } }>(`${revocationListPath}/:key`, forEverybody, async (request, reply) => {
    const list = await admitted(world, request, reply, () => publishedRevocationList(context, request.params.key))
    return reply.type('application/xml; charset=utf-8').send(list)
  })
}

type OwnRequest = Parameters<typeof answerMachine>[1] & Parameters<typeof answerRevocation>[1]

interface OwnResource {
  readonly name: string
  readonly operation: OperationName
  answer(context: CoreContext, request: OwnRequest): Promise<string>
}

async function ownResource(
  world: RouteWorld,
  request: FastifyRequest,
  reply: FastifyReply,
  resource: OwnResource,
): Promise<FastifyReply> {
  const exchange = world.exchangeOf(request)
  exchange.operation = resource.name
  exchange.operationName = resource.operation
  const answer = await admitted(world, request, reply, (body) =>
    resource.answer(world.context, {
      body,
      contentType: request.headers['content-type'],
      caller: callerOf(exchange.caller),
      sender: exchange.caller,
      federated: request.routeOptions.config.federated !== undefined,
      info: exchange.info,
    }),
  )
  return reply.type('application/json; charset=utf-8').send(answer)
}
