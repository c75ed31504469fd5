/** What is known about a request while it is answered, from its first byte to its line in the log. */
import type { Socket } from 'node:net'
import type { FastifyRequest } from 'fastify'
import type { OperationName } from '../core/operations.ts'
import type { CoreContext, RequestInfo, Sender } from '../core/ports.ts'
import { requestRecordOf } from '../core/request-facts.ts'
import type { RequestRecord } from '../core/request-record.ts'
import { asRefusal } from './refusal.ts'
import type { Door } from './door.ts'
import type { Offer } from './offer.ts'
import { defectStack, type RequestLogEntry } from './request-log.ts'

export interface Exchange {
  readonly door: Door
  /** The tenant that answers, once that is known. */
  tenant?: string
  /** Address of the cluster at which it answers, as configured. */
  site?: string
  readonly info: RequestInfo
  /** Nobody between client and service can read the request. */
  readonly confidential: boolean
  readonly offer: Offer
  /** The client's own, unless a proxy shares it among clients. */
  readonly connection?: Socket
  /** What a sign-in says back, instead of the challenges. */
  answer?: string | undefined
  caller?: Sender
  /** For the log of requests. */
  operation?: string
  /** Once it is known what the client wants. */
  operationName?: OperationName
  failure?: unknown
  /** Whether the request has its line in the log. */
  ended?: boolean
}

const exchanges = new WeakMap<FastifyRequest, Exchange>()

/** The exchange of a request; begun if this is the first that is heard of it. */
export function exchangeOf(request: FastifyRequest, begin: () => Exchange): Exchange {
  const known = exchanges.get(request)
  if (known !== undefined) return known
  const exchange = begin()
  exchanges.set(request, exchange)
  return exchange
}

export function logEntryOf(exchange: Exchange, status: number, milliseconds: number): RequestLogEntry {
  const { info, door, tenant, operation, failure } = exchange
  const refusal = asRefusal(failure)
  const defect = failure !== undefined && refusal === undefined
  return {
    correlationId: info.correlationId,
    scenarioId: info.scenarioId,
    door,
    tenant,
    operation,
    status,
    milliseconds: Math.round(milliseconds * 10) / 10,
    remoteAddress: info.remoteAddress,
    application: info.application,
    code: refusal?.code,
    detail: refusal?.detail,
    stack: defect ? defectStack(failure) : undefined,
  }
}

/** Refusals that are part of signing in, or of coming back later: the request has not begun. */
const notYetAsked = ['unauthenticated', 'service-overloaded', 'rate-limited']

/** The row for a request whose outcome nobody has recorded yet; nothing for what is no operation. */
export function requestRecordOfExchange(context: CoreContext, exchange: Exchange): RequestRecord | undefined {
  const { info, caller, operationName: operation, failure } = exchange
  if (operation === undefined || info.progress?.recorded === true) return undefined
  const refusal = failure === undefined ? undefined : (asRefusal(failure)?.code ?? 'defect')
  if (refusal !== undefined && notYetAsked.includes(refusal)) return undefined
  return requestRecordOf(context, info, caller, { operation, result: refusal ?? 'Success' })
}
