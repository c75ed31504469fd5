/**
 * An authority as the library knows it. Its requests go through the transport of this client, and its errors come out as
 * ours. Loaded only when somebody signs in or a token is renewed.
 */
import {
  allowInsecureRequests,
  ClientSecretBasic,
  Configuration,
  customFetch,
  None,
  refreshTokenGrant,
  tokenRevocation,
  type TokenEndpointResponse,
  type TokenEndpointResponseHelpers,
} from 'openid-client'
import { isRightsError, RightsError } from '@sealward/xrml'
import { authorityTransport, type AuthorityMetadata } from './discover-authority.ts'
import type { StoredSignIn } from './stored-sign-in.ts'

export type Tokens = TokenEndpointResponse & TokenEndpointResponseHelpers

export interface AuthorityClient {
  readonly clientId: string
  /** Of an application; people sign in with programs that have none. */
  readonly secret?: string
  readonly allowedHosts: readonly string[]
}

export function configurationFor(metadata: AuthorityMetadata, client: AuthorityClient): Configuration {
  const { clientId, secret, allowedHosts } = client
  const credentials = secret === undefined ? None() : ClientSecretBasic(secret)
  const configuration = new Configuration(metadata, clientId, undefined, credentials)
  const transport = authorityTransport(allowedHosts)
  configuration[customFetch] = async (url, { method, headers, body }) => {
    const answer = await transport.send({
      method: method === 'POST' ? 'POST' : 'GET',
      url,
      headers,
      ...(body === undefined || body === null ? {} : { body: String(body as URLSearchParams | string) }),
    })
    const type = answer.header('content-type')
    return new Response(Buffer.from(answer.body), {
      status: answer.status,
      headers: type === undefined ? {} : { 'content-type': type },
    })
  }
  // The transport takes plain HTTP on this machine only.
  // oxlint-disable-next-line typescript/no-deprecated -- marked so that it stands out, as it should
  if (new URL(metadata.token_endpoint).protocol === 'http:') allowInsecureRequests(configuration)
  return configuration
}

/** @throws RightsError `sign-in-refused`, `sign-in-failed`, and those of the transport */
export function renewedTokens(signIn: StoredSignIn, refreshToken: string): Promise<Tokens> {
  const parameters = signIn.resource === undefined ? {} : { resource: signIn.resource }
  return asked(() => refreshTokenGrant(configurationOf(signIn), refreshToken, parameters))
}

/** @throws RightsError `sign-in-refused`, `sign-in-failed`, and those of the transport */
export function revokeToken(signIn: StoredSignIn, refreshToken: string): Promise<void> {
  return asked(() => tokenRevocation(configurationOf(signIn), refreshToken))
}

/** The hosts are those that were allowed when the user signed in; no others are asked. */
function configurationOf({ authority, clientId }: StoredSignIn): Configuration {
  const urls = [authority.token_endpoint, authority.revocation_endpoint]
  const allowedHosts = urls.flatMap((url) => (url === undefined ? [] : [new URL(url).host]))
  return configurationFor(authority, { clientId, allowedHosts })
}

/**
 * The library's errors as ours: what the authority answered by its name in the protocol, never its text.
 * @throws RightsError `sign-in-refused`, `sign-in-failed`, and what the transport threw
 */
export async function asked<T>(question: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  try {
    return await question()
  } catch (error) {
    signal?.throwIfAborted()
    for (let cause = error; cause instanceof Error; cause = cause.cause) {
      if (isRightsError(cause)) throw cause
      const name = 'error' in cause ? String(cause.error) : ''
      if (/^[a-z_]{1,60}$/.test(name)) throw new RightsError('sign-in-refused', { detail: name, cause: error })
    }
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no answer that can be used'
    throw new RightsError('sign-in-failed', { detail: code, cause: error })
  }
}
