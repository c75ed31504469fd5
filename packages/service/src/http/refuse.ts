/**
 * Sends a refusal in the form of its door. What is left of the request's body is read and thrown away, up to its limit:
 * clients do not look at an answer before they have sent everything.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Exchange } from './exchange.ts'
import type { HttpLimits } from './limits.ts'
import { writeAdminRefusal } from './admin/admin-refusal.ts'
import { asRefusal, type Refusal } from './refusal.ts'
import { writeRestRefusal } from './rest/problem-map.ts'
import { writeSoapRefusal } from './soap/fault-map.ts'

export function refuse(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  world: { readonly exchange: Exchange; readonly limits: HttpLimits },
): FastifyReply {
  const { exchange, limits } = world
  exchange.failure = error
  discardBody(request, limits.licenseBodyBytes)
  const { status, headers, body } = refusalOf(error, request, exchange)
  for (const [name, value] of Object.entries(headers)) reply.header(name, value)
  return reply.code(status).send(body)
}

/** What the client is told, in the form of its door. */
export function refusalOf(error: unknown, request: FastifyRequest, exchange: Exchange): Refusal {
  const code = asRefusal(error)?.code
  const { correlationId } = exchange.info
  const challenges = exchange.answer === undefined ? exchange.offer.challenges : [exchange.answer]
  switch (exchange.door) {
    case 'soap':
      return writeSoapRefusal(code, {
        contentType: request.headers['content-type'],
        correlationId,
        challenges,
        operation: exchange.operation,
      })
    case 'rest':
    case 'openid':
    case 'own':
      return writeRestRefusal(code, { correlationId, challenges })
    case 'admin':
      return writeAdminRefusal(asRefusal(error), correlationId)
  }
}

function discardBody(request: FastifyRequest, most: number): void {
  const { raw } = request
  if (raw.readableEnded || raw.destroyed) return
  let received = 0
  raw.on('data', (chunk: Uint8Array) => {
    received += chunk.length
    if (received > most) raw.destroy()
  })
}
