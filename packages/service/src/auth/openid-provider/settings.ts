/** The settings under which the library serves (OpenID Connect Core, RFC 6749, 7636, 8628, 8707, 9068). */
import type { KeyObject } from 'node:crypto'
import { errors, type ClientMetadata, type Configuration } from 'oidc-provider'
import type { Directory } from '../../core/ports.ts'
import { accessTokenClaims, findAccount } from './account.ts'
import { createBoundedAdapter } from './bounded-adapter.ts'
import { renderError, userCodeConfirmSource, userCodeInputSource, userCodeSuccessSource } from './library-pages.ts'

export interface ProviderSettings {
  readonly directory: Directory
  readonly clients: ClientMetadata[]
  readonly signingKey: KeyObject
  /** Signs cookies. */
  readonly cookieKey: string
  /** The path below which everything is, without trailing slash. */
  readonly mountPath: string
  /** What tokens are for: the public URL of the service. */
  readonly resource: string
  readonly tenantId: string | undefined
}

const minute = 60
const hour = 60 * minute

export function configurationOf(settings: ProviderSettings): Configuration {
  const { directory, mountPath } = settings
  const cookie = { httpOnly: true, sameSite: 'lax', signed: true, path: mountPath } as const
  return {
    adapter: createBoundedAdapter(),
    clients: settings.clients,
    clientDefaults: { id_token_signed_response_alg: 'EdDSA' },
    jwks: { keys: [{ ...settings.signingKey.export({ format: 'jwk' }), kty: 'OKP', alg: 'EdDSA', use: 'sig' }] },
    enabledJWA: { idTokenSigningAlgValues: ['EdDSA'] },
    findAccount: (_context, sid) => findAccount(directory, sid),
    extraTokenClaims: (_context, token) =>
      accessTokenClaims(directory, 'accountId' in token ? token.accountId : undefined, settings.tenantId),
    scopes: ['openid', 'email', 'offline_access'],
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    conformIdTokenClaims: false,
    responseTypes: ['code'],
    clientAuthMethods: ['none', 'client_secret_basic'],
    pkce: { required: () => true },
    // No page of another site asks for tokens.
    clientBasedCORS: () => false,
    // The clients of the protocol ask for no scope that would announce it.
    issueRefreshToken: async (_context, client) => client.grantTypeAllowed('refresh_token'),
    rotateRefreshToken: () => true,
    expiresWithSession: async () => false,
    interactions: { url: (_context, { uid }) => `${mountPath}/interaction/${uid}` },
    cookies: {
      keys: [settings.cookieKey],
      names: { session: 'sealward_session', interaction: 'sealward_interaction', resume: 'sealward_resume' },
      long: cookie,
      short: cookie,
    },
    ttl: {
      AccessToken: hour,
      AuthorizationCode: minute,
      ClientCredentials: 10 * minute,
      DeviceCode: 10 * minute,
      Grant: 24 * hour,
      IdToken: hour,
      Interaction: 10 * minute,
      RefreshToken: 24 * hour,
      Session: 8 * hour,
    },
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      dPoP: { enabled: false },
      revocation: {
        enabled: true,
        allowedPolicy: async (_context, client, token) => 'clientId' in token && token.clientId === client.clientId,
      },
      clientCredentials: { enabled: true },
      deviceFlow: {
        enabled: true,
        userCodeInputSource,
        userCodeConfirmSource,
        successSource: userCodeSuccessSource,
      },
      resourceIndicators: resourceIndicators(settings.resource),
    },
    renderError,
  }
}

/** Every token is for the service, whether the client names it or not. */
function resourceIndicators(resource: string) {
  return {
    enabled: true,
    defaultResource: () => resource,
    useGrantedResource: () => true,
    getResourceServerInfo(_context: unknown, asked: string) {
      if (asked.replace(/\/$/, '') !== resource) throw new errors.InvalidTarget()
      return {
        scope: '',
        audience: resource,
        accessTokenFormat: 'jwt',
        accessTokenTTL: hour,
        jwt: { sign: { alg: 'EdDSA' } },
      } as const
    },
  }
}
