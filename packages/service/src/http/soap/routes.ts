/** The SOAP services at their addresses, with the pages by which people try whether a service is there. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { writeServiceDescription, type SoapService } from '@sealward/protocol'
import { RightsError } from '@sealward/xrml'
import type { Audience } from '../audience.ts'
import { entryCheck } from '../entry-check.ts'
import { largeBodyRoute } from '../large-body.ts'
import { isForAdmitted, operationsAt } from '../operation-access.ts'
import { soapOperationName } from '../operation-names.ts'
import { admitted, forEverybody, licensesOnly, type RouteWorld } from '../route-world.ts'
import { answerSoap } from './router.ts'
import { directoryPage, servicePage } from './service-page.ts'
import { routeOf } from './soap-target.ts'
import { webDirectories, webEndpoints, type WebEndpoint } from './web-endpoints.ts'

/** Services whose calls carry whole licences. */
const licenseServices: readonly SoapService[] = ['LicensingService', 'DecommissionService']

const html = 'text/html; charset=utf-8'
const xml = 'text/xml; charset=utf-8'

export function registerSoapRoutes(app: FastifyInstance, world: RouteWorld): void {
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
