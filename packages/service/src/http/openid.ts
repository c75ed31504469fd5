/** The path of the embedded OpenID provider, which reads and answers its requests itself, within the limits of the server. */
import type { ServerResponse } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { RightsError } from '@sealward/xrml'
import type { EmbeddedProvider } from '../auth/openid-provider/embedded-provider.ts'
import { openidPath } from '../auth/openid-provider/names.ts'
import type { CoreContext } from '../core/ports.ts'
import type { Admission } from './admission.ts'
import type { Exchange } from './exchange.ts'
import { asRefusal } from './refusal.ts'
import { requesterOf, requireRate } from './requester.ts'
import { writeRestRefusal } from './rest/problem-map.ts'

export interface OpenidDoor {
  readonly context: CoreContext
  readonly provider: EmbeddedProvider
  readonly admission: Admission
  readonly exchangeOf: (request: FastifyRequest) => Exchange
  /** Of a body that says its size; of others the provider reads some kilobytes. */
  readonly bodyBytes: number
}

export function registerOpenidRoutes(app: FastifyInstance, door: OpenidDoor): void {
  app.route({
    method: ['GET', 'POST', 'OPTIONS'],
    url: `${openidPath}/*`,
    // The provider finds out itself who asks.
    config: { audience: 'everybody', operations: [] },
    // Before anything reads the body.
    onRequest: (request, reply) => answer(door, request, reply),
    handler: () => {
      throw new RightsError('resource-unknown')
    },
  })
}

async function answer(
  { context, provider, admission, exchangeOf, bodyBytes }: OpenidDoor,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const exchange = exchangeOf(request)
  exchange.operation = 'openid'
  if (!exchange.confidential) throw new RightsError('plain-http-refused')
  await requireRate(context, exchange)
  if (Number(request.headers['content-length'] ?? 0) > bodyBytes) throw new RightsError('request-too-large')
  const leave = await admission.enter({ requester: requesterOf(exchange), response: reply.raw })
  for (const [name, value] of Object.entries(reply.getHeaders())) reply.raw.setHeader(name, value ?? '')
  reply.hijack()
  try {
    await provider.answer({
      request: request.raw,
      response: reply.raw,
      remoteAddress: request.ip,
      failed(error) {
        exchange.failure = error
      },
    })
  } catch (error) {
    exchange.failure = error
    refuse(error, reply.raw, exchange)
  } finally {
    leave()
  }
}

/** The framework has given the answer out of its hands. */
function refuse(error: unknown, response: ServerResponse, { info }: Exchange): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  const { status, body } = writeRestRefusal(asRefusal(error)?.code, {
    correlationId: info.correlationId,
    challenges: [],
  })
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', connection: 'close' }).end(body)
}
