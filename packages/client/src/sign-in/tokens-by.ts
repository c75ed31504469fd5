/**
 * The ways to tokens: with a code that is typed into a browser anywhere (RFC 8628), in a browser on this machine (RFC 8252
 * with PKCE, RFC 7636), or as an application with a secret of its own (RFC 6749, 4.4).
 */
import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  clientCredentialsGrant,
  initiateDeviceAuthorization,
  pollDeviceAuthorizationGrant,
  randomPKCECodeVerifier,
  randomState,
  type Configuration,
} from 'openid-client'
import { asked, configurationFor, type AuthorityClient, type Tokens } from './authority-client.ts'
import { requireAllowedUrl, type AuthorityMetadata } from './discover-authority.ts'
import { listenForRedirect } from './loopback-redirect.ts'
import type { SignInWay } from './way.ts'

export interface TokenQuestion {
  readonly authority: AuthorityMetadata
  readonly client: AuthorityClient
  readonly user: string
  /** What the token is for. */
  readonly resource: string | undefined
  readonly scope: string | undefined
  readonly signal: AbortSignal
}

interface Asking extends TokenQuestion {
  readonly configuration: Configuration
  readonly scopes: string
  readonly resourceParameter: Record<string, string>
}

/**
 * @throws RightsError `service-host-not-allowed`, `sign-in-refused`, `sign-in-failed` and those of the transport; the reason
 * of the signal
 */
export function tokensBy(way: SignInWay, question: TokenQuestion): Promise<Tokens> {
  const { authority, client, resource, scope, signal } = question
  const asking: Asking = {
    ...question,
    configuration: configurationFor(authority, client),
    scopes: ['openid', 'email', 'offline_access', ...(scope === undefined ? [] : [scope])].join(' '),
    resourceParameter: resource === undefined ? {} : { resource },
  }
  switch (way.kind) {
    case 'device':
      return byDevice(way, asking)
    case 'browser':
      return byBrowser(way, asking)
    case 'application':
      return asked(() => clientCredentialsGrant(asking.configuration, asking.resourceParameter), signal)
  }
}

async function byDevice(way: SignInWay & { readonly kind: 'device' }, asking: Asking): Promise<Tokens> {
  const { configuration, scopes: scope, resourceParameter, client, signal } = asking
  const parameters = { scope, ...resourceParameter }
  const started = await asked(() => initiateDeviceAuthorization(configuration, parameters), signal)
  requireAllowedUrl(started.verification_uri, client.allowedHosts)
  way.show({ url: started.verification_uri, code: started.user_code, seconds: started.expires_in })
  return asked(() => pollDeviceAuthorizationGrant(configuration, started, resourceParameter, { signal }), signal)
}

async function byBrowser(way: SignInWay & { readonly kind: 'browser' }, asking: Asking): Promise<Tokens> {
  const { user, configuration, scopes: scope, resourceParameter, signal } = asking
  const [pkceCodeVerifier, expectedState] = [randomPKCECodeVerifier(), randomState()]
  const listening = await listenForRedirect(expectedState, signal)
  try {
    const url = buildAuthorizationUrl(configuration, {
      ...resourceParameter,
      scope,
      redirect_uri: listening.redirectUri,
      code_challenge: await calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
      state: expectedState,
      login_hint: user,
      // Whoever was signed in there before need not be the user.
      prompt: 'login',
    })
    way.show(url.href)
    const answer = await listening.answer
    const checks = { pkceCodeVerifier, expectedState }
    return await asked(() => authorizationCodeGrant(configuration, answer, checks, resourceParameter), signal)
  } finally {
    listening.close()
  }
}
