/**
 * The HTTP server: both doors on one listener. A request passes limits of size and time, says who it comes from, is let
 * in while there is room, and is answered in the form of its door; so is every refusal, those of the framework included.
 */
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import { RightsError } from '@sealward/xrml'
import { authenticate, type Authentication } from '../auth/caller.ts'
import type { EmbeddedProvider } from '../auth/openid-provider/embedded-provider.ts'
import type { CoreContext } from '../core/ports.ts'
import { createAdmission, type Admission } from './admission.ts'
import { createAlarm } from './alarm.ts'
import { needsCaller, requireAudiences } from './audience.ts'
import { authorizationOf, begin } from './begin.ts'
import { createBrokenRequestAnswer } from './broken-request.ts'
import { acceptedCoding, compressed } from './compress.ts'
import { createConnections } from './connection.ts'
import type { AdminDoor } from './admin/routes.ts'
import { endExchange, expectRestOf } from './end-exchange.ts'
import { exchangeOf, type Exchange } from './exchange.ts'
import { createHostCheck, type HostCheck } from './host-check.ts'
import { defaultHttpLimits, type HttpLimits } from './limits.ts'
import { createNodeServer, requireSafeListener, type Listener } from './node-server.ts'
import { createOffers, type BearerChallenge } from './offer.ts'
import { refuse } from './refuse.ts'
import type { RequestLog } from './request-log.ts'
import type { RequestRows } from './request-rows.ts'
import { requesterOf, requireRate } from './requester.ts'
import { requireRestTarget } from './rest/router.ts'
import { registerRoutes } from './routes.ts'
import { withEarlyShedding } from './shed-early.ts'
import { ownSites } from '../core/own-sites.ts'
import { routedTarget, soapTargetOf } from './soap/soap-target.ts'
import { createWebSites } from './web-sites.ts'

export interface HttpInput {
  readonly context: CoreContext
  /** Rows of the request log; a store of its own for each process. */
  readonly rows: RequestRows
  /** Absent for a server that is not administered over HTTP. */
  readonly administration?: AdminDoor
  /** Only answers for the names of former services, and only with SOAP: for plain HTTP to those names. */
  readonly takeover?: boolean
  readonly authentication: Authentication
  readonly listener: Listener
  /** Values without commas and equals signs. */
  readonly challenge: BearerChallenge
  /** Absent where people get their tokens elsewhere. */
  readonly embeddedProvider?: EmbeddedProvider
  /** Whether licensing and publishing over SOAP, too, need an authenticated caller. */
  readonly licensingNeedsCaller: boolean
  /** Addresses and networks of proxies whose X-Forwarded-* is believed. */
  readonly trustedProxies: readonly string[]
  readonly log: RequestLog
  readonly limits?: HttpLimits
  /** Of a service that shares its listener with others. */
  readonly hosts?: HostCheck
  /** What all listeners of this process share. */
  readonly admission?: Admission
}

export interface RunningServer {
  readonly url: string
  /** Of the listener for plain HTTP to names of former services, if there is one. */
  readonly takeoverUrl?: string
  /** Takes no new requests, and gives those that are being answered a few seconds to finish. */
  close(): Promise<void>
}

/** @throws RightsError `listener-refused`, `challenge-invalid`, `configuration-invalid` */
export async function startServer(input: HttpInput): Promise<RunningServer> {
  // Nothing secret comes over plain HTTP for former names: licences are sealed, and passwords are refused.
  if (input.takeover !== true) requireSafeListener(input.listener)
  const server = createServer(input)
  const { host, port, tls } = input.listener
  const listening = await server.listen({ host, port })
  // The framework does not see that its server encrypts.
  const url = tls === undefined ? listening : listening.replace(/^http:/, 'https:')
  return {
    url,
    async close() {
      await close(server, (input.limits ?? defaultHttpLimits).closingTime)
      await input.rows.settled()
    },
  }
}

/** A closing server no longer looks at timeouts, so one slow sender would hold it for ever. */
async function close(server: FastifyInstance, closingTime: number): Promise<void> {
  const force = setTimeout(() => server.server.closeAllConnections(), closingTime)
  try {
    await server.close()
  } finally {
    clearTimeout(force)
  }
}

/** The server without listening. @throws RightsError `challenge-invalid`, `configuration-invalid` */
export function createServer(input: HttpInput): FastifyInstance {
  const { context, listener } = input
  const limits = input.limits ?? defaultHttpLimits
  const connections = createConnections(listener, input.trustedProxies)
  const admission = input.admission ?? createAdmission(limits)
  const offerOf = createOffers(input.authentication, input.challenge)
  const takeover = input.takeover === true
  const reach = { listenerHost: listener.host, takeover }
  const hosts = input.hosts ?? createHostCheck(context, reach)
  const webSites = createWebSites(context, reach)
  const basePaths = ownSites(context.cluster).map(({ basePath }) => basePath)
  const exchange = (request: FastifyRequest): Exchange =>
    exchangeOf(request, () => begin({ context, connections, offerOf, basePaths }, request))
  const sentAway = createAlarm(({ count }) => input.log.alarm({ code: 'requests-sent-away', count }), 1_000)
  const app = fastify({
    serverFactory: (answer) =>
      createNodeServer(
        listener,
        limits,
        withEarlyShedding(answer, { admission, connections, shed: () => sentAway.note(0, performance.now()) }),
      ),
    bodyLimit: limits.bodyBytes,
    trustProxy: (address) => connections.isProxy(address),
    exposeHeadRoutes: false,
    rewriteUrl: routedTarget,
    routerOptions: { caseSensitive: false },
    clientErrorHandler: createBrokenRequestAnswer(input.log),
    frameworkErrors: (error, request, reply) => {
      refuse(error, request, reply, { exchange: exchange(request), limits })
    },
  })
  // SOAP says its own character set, and JSON is checked where it is read: bodies come as they are.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))

  app.addHook('onRequest', async (request, reply) => {
    const { door, info, offer, confidential, connection } = exchange(request)
    reply.headers({
      'x-sealward-correlation-id': info.correlationId,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
    expectRestOf(input, exchange(request), request, reply)
    requireUncompressed(request)
    const isHealth = request.routeOptions.url === '/healthz'
    if (!isHealth) {
      const { host, raw } = request
      await hosts.require({ host, door, raw })
      exchange(request).tenant = context.cluster.tenant
      exchange(request).site = await webSites.siteOf({ host, secure: info.secure === true, soap: door === 'soap', raw })
    }
    if (takeover && soapTargetOf(request.raw) === undefined) throw new RightsError('resource-unknown')
    // Their routes ask for credentials of their own.
    if (door === 'admin' || door === 'openid') return
    if (door === 'rest') requireRestTarget(request.url)
    const { caller, answer } = await authenticate(input.authentication, offer.schemes, {
      authorization: authorizationOf(request),
      remoteAddress: request.ip,
      confidential,
      connection,
      ...(request.routeOptions.config.federated !== undefined
        ? { federated: info.secure === true ? 'encrypted' : 'readable' }
        : {}),
    })
    exchange(request).answer = answer
    if (answer !== undefined) reply.header('www-authenticate', answer)
    if (caller !== undefined) exchange(request).caller = caller
    if (!isHealth) await requireRate(context, exchange(request))
    if (caller === undefined && (answer !== undefined || needsCaller(request))) throw new RightsError('unauthenticated')
    if (!isHealth && !admission.hasRoom(requesterOf(exchange(request)))) throw new RightsError('service-overloaded')
  })
  app.addHook('onSend', async (request, reply, payload) => {
    const { connection } = exchange(request)
    const outdated = connection !== undefined && input.authentication.certificates?.isOutdated(connection) === true
    // The next request comes over a connection whose certificate is verified anew.
    if (outdated) reply.header('connection', 'close')
    if (exchange(request).door !== 'soap') return payload
    reply.header('vary', 'accept-encoding')
    const coding = acceptedCoding(request.headers['accept-encoding'])
    const shorter = coding === undefined ? undefined : await compressed(payload, coding)
    if (shorter === undefined) return payload
    reply.header('content-encoding', coding).removeHeader('content-length')
    return shorter
  })
  app.addHook('onResponse', async (request, reply) => {
    endExchange(input, exchange(request), reply.statusCode, reply.elapsedTime)
  })
  app.setErrorHandler((error, request, reply) => refuse(error, request, reply, { exchange: exchange(request), limits }))
  app.setNotFoundHandler(() => {
    throw new RightsError('resource-unknown')
  })
  app.addHook('onClose', async () => sentAway.settle())
  requireAudiences(app)
  registerRoutes(app, {
    context,
    licensingNeedsCaller: input.licensingNeedsCaller,
    admission,
    limits,
    exchangeOf: exchange,
    administration: input.administration,
    embeddedProvider: input.embeddedProvider,
    takeover,
  })
  return app
}

/** No client of the protocols compresses what it sends, and what is not inflated is no bomb. */
function requireUncompressed({ headers }: FastifyRequest): void {
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? ''
  if (encoding !== '' && encoding !== 'identity') {
    throw new RightsError('request-malformed', { detail: 'the body is compressed' })
  }
}
