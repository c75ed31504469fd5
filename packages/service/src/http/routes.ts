/** Which path is answered by what: door by door, and the health check. */
import type { FastifyInstance } from 'fastify'
import { registerAdminRoutes } from './admin/routes.ts'
import { largeBodyRoute } from './large-body.ts'
import { registerOpenidRoutes } from './openid.ts'
import { registerOwnRoutes } from './own-routes.ts'
import { registerRestRoutes } from './rest/routes.ts'
import { forEverybody, type RouteWorld } from './route-world.ts'
import { registerSoapRoutes } from './soap/routes.ts'

export function registerRoutes(app: FastifyInstance, world: RouteWorld): void {
  const { context, embeddedProvider: provider, admission, exchangeOf, limits } = world
  registerSoapRoutes(app, world)
  if (world.takeover) return
  // Answered without a place and without the store: a busy service is a healthy one.
  // The time is that by which licences are issued: `sealward doctor` compares it.
  app.get('/healthz', forEverybody, (_request, reply) =>
    reply
      .header('date', context.clock.now().toUTCString())
      .type('application/json; charset=utf-8')
      .send('{"status":"ok"}'),
  )
  registerRestRoutes(app, world)
  registerOwnRoutes(app, world)
  if (provider !== undefined) {
    registerOpenidRoutes(app, { context, provider, admission, exchangeOf, bodyBytes: limits.bodyBytes })
  }
  registerAdminRoutes(app, {
    core: context,
    admission,
    large: largeBodyRoute(admission, limits, limits.licenseBodyBytes),
    door: world.administration,
    named: (request, operation) => {
      exchangeOf(request).operation = operation
    },
  })
}
