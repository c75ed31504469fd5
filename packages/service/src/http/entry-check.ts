/** Who is not admitted to a service for servers and devices is not heard out either: nothing of the body is read before. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { requireAdmitted } from '../core/admitted.ts'
import type { CoreContext } from '../core/ports.ts'
import type { ClosedDoor } from '../core/settings.ts'
import type { Admission } from './admission.ts'
import type { Exchange } from './exchange.ts'
import { requesterOf } from './requester.ts'

export interface EntryWorld {
  readonly context: CoreContext
  readonly admission: Admission
  readonly exchangeOf: (request: FastifyRequest) => Exchange
}

/** @returns a hook for the routes of the door, which holds a place meanwhile @throws RightsError as requireAdmitted, `service-overloaded` */
export function entryCheck(
  world: EntryWorld,
  door: ClosedDoor,
): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  const { context, admission, exchangeOf } = world
  return async (request, reply) => {
    const exchange = exchangeOf(request)
    exchange.operation = request.routeOptions.url ?? ''
    const leave = await admission.enter({ requester: requesterOf(exchange), response: reply.raw })
    try {
      await requireAdmitted(context, await context.configuration(), exchange.caller, door)
    } finally {
      leave()
    }
  }
}
