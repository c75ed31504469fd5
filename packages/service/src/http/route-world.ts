/** What the routes of every door work with, and what they all do. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { EmbeddedProvider } from '../auth/openid-provider/embedded-provider.ts'
import type { OperationName } from '../core/operations.ts'
import type { CoreContext } from '../core/ports.ts'
import type { AdminDoor } from './admin/routes.ts'
import type { Admission } from './admission.ts'
import type { Exchange } from './exchange.ts'
import type { HttpLimits } from './limits.ts'
import { requesterOf } from './requester.ts'

export interface RouteWorld {
  readonly context: CoreContext
  readonly admission: Admission
  readonly limits: HttpLimits
  readonly exchangeOf: (request: FastifyRequest) => Exchange
  readonly administration: AdminDoor | undefined
  readonly embeddedProvider: EmbeddedProvider | undefined
  /** Only the SOAP services, for names of former services. */
  readonly takeover: boolean
  /** Whether licensing and publishing over SOAP, too, need an authenticated caller. */
  readonly licensingNeedsCaller: boolean
}

export const forEverybody = { config: { audience: 'everybody', operations: [] } } as const
export const forPeople = (operations: readonly OperationName[]) =>
  ({ config: { audience: 'people', operations } }) as const
export const forFederated = (operations: readonly OperationName[]) =>
  ({ config: { audience: 'people', operations, federated: 'alone' } }) as const

/** A service below a root cluster certifies nobody. */
export function licensesOnly({ context }: RouteWorld): boolean {
  return context.cluster.rootAccountIssuers.length > 0
}

/** Works on the body of a request while it holds a place. */
export async function admitted<Answer>(
  { admission, exchangeOf }: RouteWorld,
  request: FastifyRequest,
  reply: FastifyReply,
  work: (body: Uint8Array) => Promise<Answer>,
): Promise<Answer> {
  const body = request.body instanceof Uint8Array ? request.body : new Uint8Array()
  const leave = await admission.enter({ requester: requesterOf(exchangeOf(request)), response: reply.raw })
  try {
    return await work(body)
  } finally {
    leave()
  }
}
