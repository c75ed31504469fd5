/**
 * For whom a route is, and what it carries out: said beside the route, and asked before anything of a request is read. A
 * route that does not say it stops the start (threat P11). `docs/who-may-call.md` is made from it.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { operations, type OperationName } from '../core/operations.ts'

/** Every audience, with what its routes ask for before they look at a request. */
export const audiences = {
  /** Pages, health, and calls whose operations find out themselves who asks. Whoever signs in has to do it properly. */
  everybody: { caller: false },
  /** People of the directory; where federated people are served, those too. */
  people: { caller: true },
  /** Servers and devices that an administrator has named (MS-RMSI 2.1). */
  admitted: { caller: true },
  /** Holders of either token of the administration interface. */
  readers: { caller: false },
  /** Holders of the administrator's token. */
  administrators: { caller: false },
} as const satisfies Record<string, { readonly caller: boolean }>

export type Audience = keyof typeof audiences

declare module 'fastify' {
  interface FastifyContextConfig {
    audience?: Audience
    /** What it lets people do; empty for what is the same in every state of the service. */
    operations?: readonly OperationName[]
    /** Whether federated people sign in here, too or they alone; absent: they are nobody. */
    federated?: 'too' | 'alone'
  }
}

export interface DeclaredRoute {
  readonly method: string
  /** As the framework knows it, with parameters and wildcards. */
  readonly url: string
  readonly audience: Audience
  readonly operations: readonly OperationName[]
  /** As `FastifyContextConfig` says. */
  readonly federated?: 'too' | 'alone'
}

const declared = new WeakMap<FastifyInstance, DeclaredRoute[]>()

/** Has every route declare its audience and its operations; to be called before the first one. */
export function requireAudiences(app: FastifyInstance): void {
  const routes: DeclaredRoute[] = []
  declared.set(app, routes)
  app.addHook('onRoute', ({ method, url, config }) => {
    const audience = config?.audience
    if (audience === undefined || !Object.hasOwn(audiences, audience)) {
      throw new TypeError(`the route ${url} does not say whom it is for`)
    }
    const carriedOut = config?.operations
    if (typeof carriedOut !== 'object' || !carriedOut.every((name) => Object.hasOwn(operations, name))) {
      throw new TypeError(`the route ${url} does not say what it carries out`)
    }
    const federated = config?.federated === undefined ? {} : { federated: config.federated }
    for (const each of [method].flat())
      routes.push({ method: each, url, audience, operations: carriedOut, ...federated })
  })
}

/** Everything that a server answers. */
export function declaredRoutes(app: FastifyInstance): readonly DeclaredRoute[] {
  return declared.get(app) ?? []
}

/** Whether a request has to come from somebody who has signed in; not so what was not found. */
export function needsCaller({ routeOptions }: FastifyRequest): boolean {
  const { audience } = routeOptions.config
  return audience !== undefined && audiences[audience].caller
}
