/**
 * The embedded OpenID provider: the people of the directory sign in with their passwords and get tokens for this service.
 * For development and demonstrations on one machine. Loaded only where it is switched on.
 */
import { createPublicKey } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Provider, type KoaContextWithOIDC } from 'oidc-provider'
import { RightsError } from '@sealward/xrml'
import type { CoreContext } from '../../core/ports.ts'
import type { PasswordCheck } from '../password-check.ts'
import { signingKey } from '../signing-key.ts'
import { productionMarks, type ReachSettings } from '../this-machine.ts'
import { ownIssuer, type TokenIssuer } from '../token-issuers.ts'
import { registeredClients, type ApplicationSettings } from './clients.ts'
import { interact, type InteractionRequest } from './interaction.ts'
import { typedCode } from './library-pages.ts'
import { openidPath } from './path.ts'
import { contentSecurityPolicy } from './pages.ts'
import { configurationOf } from './settings.ts'

export interface EmbeddedProvider {
  readonly issuer: TokenIssuer
  /** Where people sign in, for the challenge. */
  readonly authorizationUrl: string
  /** What a token has to be for, for the challenge. */
  readonly resource: string
  /** Answers a request below `openidPath`. @throws RightsError `request-malformed`, `request-too-large`, `method-not-allowed` */
  handle(exchange: OpenidRequest): Promise<void>
}

export type OpenidRequest = Omit<InteractionRequest, 'path'>

/**
 * @param reach the settings that say who reaches the service
 * @param folder relative paths start here
 * @throws RightsError `embedded-provider-refused` for a service that is more than for this machine, `configuration-invalid`
 */
export async function openEmbeddedProvider(
  world: { readonly context: CoreContext; readonly passwords: PasswordCheck },
  reach: ReachSettings,
  settings: { readonly applications: readonly ApplicationSettings[] },
  folder: string,
): Promise<EmbeddedProvider> {
  const marks = productionMarks(reach)
  if (marks.length > 0) throw new RightsError('embedded-provider-refused', { detail: marks.join(', ') })
  const { context, passwords } = world
  const { directory, cluster, store } = context
  const key = signingKey(context, 'openid-signing-key')
  const issuer = reach.publicUrl + openidPath
  const provider = new Provider(
    issuer,
    configurationOf({
      directory,
      clients: await registeredClients(settings.applications, folder),
      signingKey: key,
      cookieKey: Buffer.from(store.mac('openid-cookie-key', Buffer.from(cluster.tenant, 'utf8'))).toString('base64url'),
      mountPath: openidPath,
      resource: reach.publicUrl,
      tenantId: cluster.serviceId,
    }),
  )
  const failures = new WeakMap<IncomingMessage, OpenidRequest['failed']>()
  provider.on('server_error', ({ req }: KoaContextWithOIDC, error: unknown) => failures.get(req)?.(error))
  provider.use((koa, next) => {
    keepCode(koa as KoaContextWithOIDC)
    return next()
  })
  const answer = provider.callback() as (request: IncomingMessage, response: ServerResponse) => Promise<void>
  const tokens = ownIssuer(issuer, createPublicKey(key))
  return {
    issuer: cluster.serviceId === undefined ? tokens : { ...tokens, tenantId: cluster.serviceId },
    authorizationUrl: `${issuer}/auth`,
    resource: reach.publicUrl,
    async handle(exchange) {
      const { request, response, failed } = exchange
      response.setHeader('content-security-policy', contentSecurityPolicy())
      response.setHeader('referrer-policy', 'no-referrer')
      const target = (request.url ?? '').slice(openidPath.length)
      const path = target.split('?', 1)[0] ?? ''
      if (path.startsWith('/interaction/')) {
        await interact({ provider, passwords, directory }, { ...exchange, path: openidPath + path })
        return
      }
      failures.set(request, failed)
      // The library serves at the root of what it is given, and learns here what stands before it.
      await answer(Object.assign(request, { url: target, baseUrl: openidPath }), response)
    },
  }
}

/** The library would send a code in the address on with a script; here it waits in its field. */
function keepCode(context: KoaContextWithOIDC): void {
  const { user_code: code, ...others } = context.query
  if (context.path === '/device' && context.method === 'GET' && typeof code === 'string') {
    Object.assign(context.state, { [typedCode]: code.slice(0, 32) })
    context.query = others
  }
}
