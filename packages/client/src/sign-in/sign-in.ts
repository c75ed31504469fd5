/**
 * Signing in at the authority that a service names. The tokens go into the client store and from there to the service,
 * nowhere else.
 */
import { RightsError } from '@sealward/xrml'
import type { Client } from '../client.ts'
import { serviceChallenge } from '../rest-door.ts'
import type { Tokens } from './authority-client.ts'
import { discoverAuthority } from './discover-authority.ts'
import { writeSignIn } from './stored-sign-in.ts'
import type { SignInWay } from './way.ts'

export interface SignInOptions {
  /** How the authority knows this program; default `sealward`. */
  readonly clientId?: string
  /** Of the authority, if it is not the service's own: `host` or `host:port`. */
  readonly authorityHosts?: readonly string[]
  readonly signal: AbortSignal
}

export interface SignedIn {
  /** The authority's name for itself. */
  readonly issuer: string
  readonly expiresAt: Date
  /** Whether the next token comes without a person. */
  readonly renewable: boolean
}

/**
 * @throws RightsError `authority-unknown`, `service-host-not-allowed`, `sign-in-refused`, `sign-in-failed`,
 * `sign-in-other-user`, `challenge-invalid`, `client-store-refused` and those of the transport; the reason of the signal
 */
export async function signIn(client: Client, way: SignInWay, options: SignInOptions): Promise<SignedIn> {
  const { signal, authorityHosts = [] } = options
  const challenge = await serviceChallenge(client)
  const allowedHosts = [...client.ownHosts, ...authorityHosts.map((host) => host.toLowerCase())]
  const authority = await discoverAuthority(challenge, allowedHosts)
  const clientId = way.kind === 'application' ? way.clientId : (options.clientId ?? 'sealward')
  const secret = way.kind === 'application' ? { secret: way.secret } : {}
  const { tokensBy } = await import('./tokens-by.ts')
  const { resource, scope } = challenge
  const asker = { clientId, allowedHosts, ...secret }
  const tokens = await tokensBy(way, { authority, client: asker, user: client.user, resource, scope, signal })
  requireUser(tokens, client.user)
  const expiresAt = new Date(client.now().getTime() + (tokens.expiresIn() ?? 0) * 1000)
  writeSignIn(client.store, {
    authority,
    clientId,
    ...(resource === undefined ? {} : { resource }),
    accessToken: tokens.access_token,
    expiresAt: expiresAt.toISOString(),
    ...(tokens.refresh_token === undefined ? {} : { refreshToken: tokens.refresh_token }),
  })
  return { issuer: authority.issuer, expiresAt, renewable: tokens.refresh_token !== undefined }
}

/** Somebody else's browser may be signed in; with their token documents would open in their name. */
function requireUser(tokens: Tokens, user: string): void {
  const email = tokens.claims()?.['email']
  if (typeof email === 'string' && email.toLowerCase() !== user.toLowerCase()) {
    throw new RightsError('sign-in-other-user', { detail: email })
  }
}
