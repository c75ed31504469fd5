/** The library, set up and mounted: what answers once somebody signs in with the embedded OpenID provider. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Provider, type ClientMetadata, type KoaContextWithOIDC } from 'oidc-provider'
import type { CoreContext } from '../../core/ports.ts'
import type { PasswordCheck } from '../password-check.ts'
import { signingKey } from '../signing-key.ts'
import { interact, type InteractionRequest } from './interaction.ts'
import { typedCode } from './library-pages.ts'
import { contentSecurityPolicy } from './pages.ts'
import { openidPath, signingPurpose } from './names.ts'
import { configurationOf } from './settings.ts'

export type OpenidRequest = Omit<InteractionRequest, 'path'>

export type AnswerOpenid = (exchange: OpenidRequest) => Promise<void>

export function createProvider(
  { context, passwords }: { readonly context: CoreContext; readonly passwords: PasswordCheck },
  { publicUrl, clients }: { readonly publicUrl: string; readonly clients: ClientMetadata[] },
): AnswerOpenid {
  const { directory, cluster, store } = context
  const provider = new Provider(
    publicUrl + openidPath,
    configurationOf({
      directory,
      clients,
      signingKey: signingKey(context, signingPurpose),
      cookieKey: Buffer.from(store.mac('openid-cookie-key', Buffer.from(cluster.tenant, 'utf8'))).toString('base64url'),
      mountPath: openidPath,
      resource: publicUrl,
      tenantId: cluster.serviceId,
    }),
  )
  const failures = new WeakMap<IncomingMessage, OpenidRequest['failed']>()
  provider.on('server_error', ({ req }: KoaContextWithOIDC, error: unknown) => failures.get(req)?.(error))
  provider.use((koa, next) => {
    adaptQuery(koa as KoaContextWithOIDC)
    return next()
  })
  const answer = provider.callback() as (request: IncomingMessage, response: ServerResponse) => Promise<void>
  return async (exchange) => {
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
  }
}

/**
 * What the library takes differently. Clients of the protocol ask for no scope, and without one it grants nothing; a form
 * as answer it would send on with a script, and so a code of a device in the address, which waits in its field instead.
 */
function adaptQuery(context: KoaContextWithOIDC): void {
  if (context.method !== 'GET') return
  if (context.path === '/auth') {
    const { response_mode: _, ...query } = context.query
    context.query = {
      ...query,
      scope: query['scope'] === undefined || query['scope'] === '' ? 'openid' : query['scope'],
    }
  } else if (context.path === '/device') {
    const { user_code: code, ...query } = context.query
    if (typeof code === 'string') Object.assign(context.state, { [typedCode]: code.slice(0, 32) })
    context.query = query
  }
}
