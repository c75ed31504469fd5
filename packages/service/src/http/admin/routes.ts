/**
 * The administration interface over HTTP: below `/admin/v1`, for peers on this machine that carry a token. Deny by
 * default: an operation without a role stops the start, and nothing is answered before peer, token and role are known
 * (threat P11).
 */
import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { RightsError } from '@sealward/xrml'
import type { AdministrationContext } from '../../administration/change.ts'
import { requireRateOfAddress } from '../../core/require-rate.ts'
import type { CoreContext } from '../../core/ports.ts'
import type { Admission } from '../admission.ts'
import type { Audience } from '../audience.ts'
import { foreignText } from '../foreign-text.ts'
import type { LargeBodyRoute } from '../large-body.ts'
import { isLoopback } from '../loopback.ts'
import { jsonBody } from '../rest/json-body.ts'
import { openApiDocument } from './openapi.ts'
import type { AdminOperation, AdminRole } from './operation.ts'
import { adminOperations, type AdminOperationName } from './operations.ts'
import { isText, operate } from './operate.ts'
import type { AdminTokens } from './tokens.ts'

export interface AdminDoor {
  readonly tokens: AdminTokens
  readonly administration: (actor: string) => AdministrationContext
  /** Writes request rows that still wait, so that a log that is read is complete. */
  readonly settled: () => Promise<void>
}

const adminRoot = '/admin/v1'
/** All administrators together; never the same as a person or an address. */
const requester = 'administration'

export interface AdminRouteWorld {
  readonly core: CoreContext
  readonly admission: Admission
  readonly large: LargeBodyRoute
  /** Absent for a server that is not administered. */
  readonly door: AdminDoor | undefined
  /** For the log of requests. */
  readonly named: (request: FastifyRequest, operation: string) => void
}

const json = 'application/json; charset=utf-8'
const roles: readonly AdminRole[] = ['read', 'administer']
const audienceOf = { read: 'readers', administer: 'administrators' } as const satisfies Record<AdminRole, Audience>

/** @throws TypeError for an operation without a role */
export function registerAdminRoutes(app: FastifyInstance, world: AdminRouteWorld): void {
  const { door, large } = world
  if (door === undefined) return
  const table: Readonly<Record<string, AdminOperation>> = adminOperations
  for (const [name, operation] of Object.entries(table)) {
    if (!roles.includes(operation.role)) throw new TypeError(`the operation ${name} has no role`)
    app.route({
      method: operation.method,
      url: adminRoot + operation.path,
      ...large,
      config: { audience: audienceOf[operation.role], operations: [] },
      onRequest: [async (request) => admit(door, request, operation.role), large.onRequest],
      handler: (request, reply) => answer({ ...world, door }, name as AdminOperationName, request, reply),
    })
  }
  app.get(
    `${adminRoot}/openapi.json`,
    { config: { audience: 'readers', operations: [] }, onRequest: async (request) => admit(door, request, 'read') },
    (_request, reply) => reply.type(json).send(JSON.stringify(openApiDocument())),
  )
}

/** @throws RightsError `resource-unknown` for peers elsewhere, `admin-token-refused`, `admin-role-missing` */
function admit(door: AdminDoor, request: FastifyRequest, needed: AdminRole): void {
  // Who comes through a proxy is not on this machine, whatever the proxy is.
  const forwarded = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'].some(
    (name) => request.headers[name] !== undefined,
  )
  if (forwarded || !isLoopback(request.raw.socket.remoteAddress ?? '')) throw new RightsError('resource-unknown')
  const [, token = ''] = /^Bearer +(\S{1,200})$/i.exec(request.headers.authorization ?? '') ?? []
  const role = door.tokens.roleOf(token)
  if (role === undefined) throw new RightsError('admin-token-refused')
  if (needed === 'administer' && role !== 'administer') throw new RightsError('admin-role-missing')
}

async function answer(
  { core, admission, door, named }: AdminRouteWorld & { readonly door: AdminDoor },
  name: AdminOperationName,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  named(request, name)
  requireRateOfAddress(core, requester)
  const leave = await admission.enter({ requester, response: reply.raw })
  try {
    await door.settled()
    const administration = door.administration(actorOf(request))
    const result = await operate({ administration, core }, name, {
      parameters: request.params,
      query: request.query,
      body: bodyOf(request, core.cluster.limits.jsonDepth),
    })
    if (isText(result)) return await reply.type('text/plain; charset=utf-8').send(Readable.from(result))
    return await reply.type(json).send(JSON.stringify(result))
  } finally {
    leave()
  }
}

/** @throws RightsError `admin-request-invalid`, `request-malformed`, `text-encoding-refused` */
function bodyOf(request: FastifyRequest, depthMost: number): unknown {
  if (!(request.body instanceof Uint8Array) || request.body.length === 0) return undefined
  const text = jsonBody(request.body, request.headers['content-type'], depthMost)
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new RightsError('admin-request-invalid', { detail: 'not JSON', cause })
  }
}

/** Clients may encode the name, because headers hold ASCII only. */
function actorOf({ headers }: FastifyRequest): string {
  const header = headers['x-sealward-actor']
  if (typeof header !== 'string' || header.trim() === '') return 'administrator'
  try {
    return foreignText(decodeURIComponent(header).trim())
  } catch {
    return foreignText(header.trim())
  }
}
