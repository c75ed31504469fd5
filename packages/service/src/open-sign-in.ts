/** In which ways people sign in to a service, and where clients get their tokens, from its configuration. */
import { createBasicAuthentication } from './auth/basic.ts'
import { createBearerAuthentication } from './auth/bearer.ts'
import { configuredIssuers } from './auth/configured-issuers.ts'
import { createFederatedAuthentication } from './auth/federated.ts'
import { localTokenIssuer } from './auth/local-token-issuer.ts'
import { openEmbeddedProvider } from './auth/openid-provider/embedded-provider.ts'
import { createPasswordCheck } from './auth/password-check.ts'
import { productionMarks } from './auth/this-machine.ts'
import type { Config } from './config.ts'
import type { CoreContext } from './core/ports.ts'
import type { HttpInput } from './http/server.ts'

/**
 * Windows accounts aside, which need the listener's certificate.
 * @param folder relative paths start here
 * @throws RightsError `configuration-invalid`, `embedded-provider-refused`
 */
export async function openSignIn(
  context: CoreContext,
  config: Config,
  folder: string,
): Promise<Pick<HttpInput, 'authentication' | 'challenge' | 'embeddedProvider'>> {
  const { directory, store, clock } = context
  const { authentication, federation, publicUrl } = config
  const passwords = createPasswordCheck({ directory, clock })
  const { embeddedProvider } = authentication
  const { form, resource, scope } = authentication.challenge
  const provider =
    embeddedProvider === undefined
      ? undefined
      : await openEmbeddedProvider({ context, passwords }, config, embeddedProvider, folder)
  const loopbackAllowed = productionMarks(config).length === 0
  const outbound = { folder, clock, loopbackAllowed, limits: config.limits }
  const configured = await configuredIssuers(authentication.issuers, outbound)
  const issuers = [localTokenIssuer(context), ...configured]
  return {
    authentication: {
      ...(authentication.basic ? { basic: createBasicAuthentication({ passwords, realm: 'Sealward' }) } : {}),
      bearer: createBearerAuthentication({
        directory,
        store,
        clock,
        serviceUrl: publicUrl,
        resource,
        issuers: provider === undefined ? issuers : [...issuers, provider.issuer],
      }),
      ...(federation === undefined
        ? {}
        : {
            federated: createFederatedAuthentication(context, {
              serviceUrl: publicUrl,
              resource,
              issuers: await configuredIssuers(federation.issuers, outbound),
            }),
          }),
    },
    challenge: {
      form,
      authorization: provider?.authorizationUrl ?? authentication.authorizationUrl ?? `${publicUrl}/sealward/authorize`,
      resource: provider?.resource ?? resource,
      ...(scope === undefined ? {} : { scope }),
    },
    ...(provider === undefined ? {} : { embeddedProvider: provider }),
  }
}
