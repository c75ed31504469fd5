/**
 * People of the directory as accounts of the embedded OpenID provider. They are named by security identifier, which stays
 * when addresses change, and are looked up again whenever a token is made: who was disabled gets none.
 */
import type { Account } from 'oidc-provider'
import type { Directory, DirectoryUser } from '../../core/ports.ts'

/** Nothing for who is not in the directory any more, or disabled. */
export async function findAccount(directory: Directory, sid: string): Promise<Account | undefined> {
  const user = await enabledUser(directory, sid)
  if (user === undefined) return undefined
  return { accountId: sid, claims: async () => ({ sub: sid, ...addressClaims(user), name: user.displayName }) }
}

/**
 * What the service looks for in a token (rest-protocol: `upn`, `email`, `oid`; `tid` of a tenant). Nothing for an
 * application, which is nobody of the directory.
 */
export async function accessTokenClaims(
  directory: Directory,
  sid: string | undefined,
  tenantId: string | undefined,
): Promise<Record<string, unknown>> {
  const tid = tenantId === undefined ? {} : { tid: tenantId }
  const user = sid === undefined ? undefined : await enabledUser(directory, sid)
  return user === undefined ? tid : { ...tid, ...addressClaims(user), upn: user.address, oid: user.id }
}

function addressClaims({ address }: DirectoryUser): { readonly email: string; readonly email_verified: true } {
  return { email: address, email_verified: true }
}

async function enabledUser(directory: Directory, sid: string): Promise<DirectoryUser | undefined> {
  const user = await directory.findBySid(sid)
  return user === undefined || user.disabled ? undefined : user
}
