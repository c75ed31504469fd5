/** Which path is answered by what: the SOAP services, the REST resources, our own extension, and the health check. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { parsePlatform, writeServiceDescription, type SoapService } from '@sealward/protocol'
import { RightsError } from '@sealward/xrml'
import type { EmbeddedProvider } from '../auth/openid-provider/embedded-provider.ts'
import type { OperationName } from '../core/operations.ts'
import { callerOf } from '../core/federated.ts'
import type { CoreContext } from '../core/ports.ts'
import { publishedRevocationList, revocationListPath } from '../core/published-revocation-list.ts'
import type { AdminDoor } from './admin/routes.ts'
import { registerAdminRoutes } from './admin/routes.ts'
import type { Admission } from './admission.ts'
import type { Audience } from './audience.ts'
import type { Exchange } from './exchange.ts'
import { entryCheck } from './entry-check.ts'
import { largeBodyRoute } from './large-body.ts'
import type { HttpLimits } from './limits.ts'
import { answerMachine } from './machine.ts'
import { requesterOf } from './requester.ts'
import { answerRevocation } from './revocations.ts'
import { registerOpenidRoutes } from './openid.ts'
import { isForAdmitted, operationsAt } from './operation-access.ts'
import { otherRestOperations, restOperationName, soapOperationName } from './operation-names.ts'
import { answerRest } from './rest/router.ts'
import { answerSoap } from './soap/router.ts'
import { directoryPage, servicePage } from './soap/service-page.ts'
import { routeOf } from './soap/soap-target.ts'
import { webDirectories, webEndpoints, type WebEndpoint } from './soap/web-endpoints.ts'

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

/** Services whose calls carry whole licences. */
const licenseServices: readonly SoapService[] = ['LicensingService', 'DecommissionService']

const forEverybody = { config: { audience: 'everybody', operations: [] } } as const
const forPeople = (operations: readonly OperationName[]) => ({ config: { audience: 'people', operations } }) as const
const forFederated = (operations: readonly OperationName[]) =>
  ({ config: { audience: 'people', operations, federated: 'alone' } }) as const

const html = 'text/html; charset=utf-8'
const json = 'application/json; charset=utf-8'
const xml = 'text/xml; charset=utf-8'

export function registerRoutes(app: FastifyInstance, world: RouteWorld): void {
  registerSoapRoutes(app, world)
  if (world.takeover) return
  // Answered without a place and without the store: a busy service is a healthy one.
  // The time is that by which licences are issued: `sealward doctor` compares it.
  app.get('/healthz', forEverybody, (_request, reply) =>
    reply.header('date', world.context.clock.now().toUTCString()).type(json).send('{"status":"ok"}'),
  )
  const { restLicenseBodyBytes, licenseBodyBytes, bodyBytes } = world.limits
  const large = largeBodyRoute(world.admission, world.limits, restLicenseBodyBytes)
  const rest = (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> =>
    restResource(world, request, reply)
  app.all('/my/:version/enduserlicenses', { ...large, ...forPeople([restOperationName.endUserLicenses]) }, rest)
  app.all('/my/*', forPeople(otherRestOperations), rest)
  if (!licensesOnly(world)) {
    app.post('/sealward/v1/machine', forPeople(['enrol-machine']), (request, reply) => machine(world, request, reply))
    app.post('/sealward/v1/machineexternal', forFederated(['enrol-machine']), (request, reply) =>
      machine(world, request, reply),
    )
  }
  app.post('/sealward/v1/revocations', { ...large, ...forPeople(['revoke-content']) }, (request, reply) =>
    revocation(world, request, reply),
  )
  app.get<{ Params: { readonly key: string } }>(`${revocationListPath}/:key`, forEverybody, async (request, reply) => {
    const list = await admitted(world, request, reply, () => publishedRevocationList(world.context, request.params.key))
    return reply.type('application/xml; charset=utf-8').send(list)
  })
  const { context, embeddedProvider: provider, admission, exchangeOf } = world
  if (provider !== undefined) registerOpenidRoutes(app, { context, provider, admission, exchangeOf, bodyBytes })
  registerAdminRoutes(app, {
    core: world.context,
    admission: world.admission,
    large: largeBodyRoute(world.admission, world.limits, licenseBodyBytes),
    door: world.administration,
    named: (request, operation) => {
      world.exchangeOf(request).operation = operation
    },
  })
}

function registerSoapRoutes(app: FastifyInstance, world: RouteWorld): void {
  const large = largeBodyRoute(world.admission, world.limits, world.limits.licenseBodyBytes)
  for (const endpoint of webEndpoints) {
    if (endpoint.rootOnly && licensesOnly(world)) continue
    const { path, service, closedDoor } = endpoint
    const url = routeOf(path)
    app.route({
      ...(service !== undefined && licenseServices.includes(service) ? large : {}),
      ...(closedDoor === undefined ? {} : { onRequest: entryCheck(world, closedDoor) }),
      method: 'POST',
      url,
      config: {
        audience: audienceOf(world, endpoint),
        operations: operationsAt(endpoint.service),
        ...(endpoint.federated === undefined ? {} : { federated: endpoint.federated }),
      },
      handler: (request, reply) => soap(world, endpoint, request, reply),
    })
    app.get(url, forEverybody, (request, reply) => page(world, endpoint, request, reply))
    const others = app.supportedMethods.filter((method) => method !== 'POST' && method !== 'GET')
    app.route({ method: others, url, ...forEverybody, handler: refuseMethod })
  }
  for (const directory of webDirectories) {
    app.get(routeOf(directory), forEverybody, (request, reply) =>
      reply.type(html).send(directoryPage(pathOf(world, request, directory))),
    )
  }
}

/** A service below a root cluster certifies nobody. */
function licensesOnly({ context }: RouteWorld): boolean {
  return context.cluster.rootAccountIssuers.length > 0
}

/**
 * Licensing and publishing over SOAP take their caller from the account certificate, unless the operator wants more. Where
 * everything is for admitted accounts, such as bare content keys, nobody says what he wants before he says who he is.
 */
function audienceOf({ licensingNeedsCaller }: RouteWorld, { service, closedDoor }: WebEndpoint): Audience {
  if (closedDoor !== undefined) return 'admitted'
  if (service !== undefined && isForAdmitted(service)) return 'people'
  const licensing = service === 'LicensingService' || service === 'PublishingService'
  return licensing && licensingNeedsCaller ? 'people' : 'everybody'
}

function page(world: RouteWorld, endpoint: WebEndpoint, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  world.exchangeOf(request).operation = endpoint.path
  const { service } = endpoint
  const [, ...query] = request.url.split('?')
  if (query.length === 0) {
    return reply.type(html).send(servicePage({ ...endpoint, path: pathOf(world, request, endpoint.path) }))
  }
  if (service === undefined || query.join('?').toLowerCase() !== 'wsdl') throw new RightsError('resource-unknown')
  return reply.type(xml).send(writeServiceDescription(service, addressOf(world, request, endpoint.path)))
}

/** Where clients reach what is below the base path: never from a request, which can only choose among what is configured. */
function addressOf({ context, exchangeOf }: RouteWorld, request: FastifyRequest, below: string): string {
  const site = exchangeOf(request).site ?? context.cluster.baseUrl
  return below === '' ? site : `${site}/${below}`
}

function pathOf(world: RouteWorld, request: FastifyRequest, below: string): string {
  return new URL(addressOf(world, request, below)).pathname
}

function refuseMethod(): never {
  throw new RightsError('method-not-allowed')
}

async function soap(
  world: RouteWorld,
  endpoint: WebEndpoint,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const exchange = world.exchangeOf(request)
  exchange.operation = endpoint.path
  const { service } = endpoint
  if (service === undefined) throw new RightsError('soap-operation-unknown')
  const { soapaction } = request.headers
  const answer = await admitted(world, request, reply, (body) =>
    answerSoap(world.context, {
      service,
      body,
      headers: {
        contentType: request.headers['content-type'],
        soapAction: typeof soapaction === 'string' ? soapaction : undefined,
      },
      sender: exchange.caller,
      federated: endpoint.federated !== undefined,
      door: endpoint.closedDoor,
      info: exchange.info,
      named(operation) {
        exchange.operation = operation
        exchange.operationName = soapOperationName[operation]
      },
    }),
  )
  return reply.type(answer.contentType).send(answer.body)
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
  return reply.type(json).send(answer)
}

function machine(world: RouteWorld, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  return ownResource(world, request, reply, { name: 'machine', operation: 'enrol-machine', answer: answerMachine })
}

function revocation(world: RouteWorld, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  return ownResource(world, request, reply, {
    name: 'revocation',
    operation: 'revoke-content',
    answer: answerRevocation,
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
  return reply.type(json).send(answer)
}

/** Works on the body of a request while it holds a place. */
async function admitted<Answer>(
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
