/** How a request ends: with its line in the log, whether it was answered or the rest of it never came. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { CoreContext } from '../core/ports.ts'
import { expectRest } from './broken-request.ts'
import { logEntryOf, requestRecordOfExchange, type Exchange } from './exchange.ts'
import { refusalOf } from './refuse.ts'
import type { RequestLog } from './request-log.ts'
import type { RequestRows } from './request-rows.ts'

export interface EndWorld {
  readonly context: CoreContext
  readonly rows: RequestRows
  readonly log: RequestLog
}

/** Whatever ends a request first records it. @param milliseconds since it began */
export function endExchange(
  { context, rows, log }: EndWorld,
  exchange: Exchange,
  status: number,
  milliseconds: number,
): void {
  if (exchange.ended === true) return
  exchange.ended = true
  const record = requestRecordOfExchange(context, exchange)
  if (record !== undefined) rows.add(record)
  log.write(logEntryOf(exchange, status, milliseconds))
}

/** To be called as soon as a request begins, when the headers of every answer are set. */
export function expectRestOf(world: EndWorld, exchange: Exchange, request: FastifyRequest, reply: FastifyReply): void {
  expectRest(request.raw.socket, {
    response: reply.raw,
    complete: () => request.raw.complete,
    refusalOf(error) {
      const refusal = refusalOf(error, request, exchange)
      return { ...refusal, headers: { ...headersOf(reply), ...refusal.headers } }
    },
    end(error, status) {
      exchange.failure = error
      endExchange(world, exchange, status, reply.elapsedTime)
    },
  })
}

function headersOf(reply: FastifyReply): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(reply.getHeaders()).map(([name, value]) => [name, String(value)]))
}
