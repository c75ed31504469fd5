/** The token of a sign-in that is kept: as it is while it is valid, then a new one for as long as the authority gives them. */
import { isRightsError, RightsError } from '@sealward/xrml'
import type { ClientStore } from '../client-store.ts'
import { readSignIn, writeSignIn, type StoredSignIn } from './stored-sign-in.ts'

/** Before its end; the service's clock may be ahead, and a request takes time. */
const renewBefore = 60_000

export interface SignInStore {
  readonly store: ClientStore
  readonly now: () => Date
}

/**
 * Nothing where nobody is signed in. The token throws RightsError `sign-in-over`, `client-store-refused` and those of the
 * transport.
 * @throws RightsError `client-store-refused`
 */
export function tokenOfSignIn(world: SignInStore): (() => Promise<string>) | undefined {
  if (readSignIn(world.store) === undefined) return undefined
  let renewing: Promise<string> | undefined
  return async () => {
    const current = readSignIn(world.store)
    if (current === undefined) throw new RightsError('sign-in-over', { detail: 'signed out' })
    if (Date.parse(current.expiresAt) - world.now().getTime() > renewBefore) return current.accessToken
    renewing ??= renew(world, current).finally(() => {
      renewing = undefined
    })
    return renewing
  }
}

async function renew({ store, now }: SignInStore, current: StoredSignIn): Promise<string> {
  const { refreshToken } = current
  if (refreshToken === undefined) throw new RightsError('sign-in-over')
  const { renewedTokens } = await import('./authority-client.ts')
  try {
    const tokens = await renewedTokens(current, refreshToken)
    writeSignIn(store, {
      ...current,
      accessToken: tokens.access_token,
      expiresAt: new Date(now().getTime() + (tokens.expiresIn() ?? 0) * 1000).toISOString(),
      refreshToken: tokens.refresh_token ?? refreshToken,
    })
    return tokens.access_token
  } catch (error) {
    if (!isRightsError(error, 'sign-in-refused')) throw error
    // Another process of this user may have been faster: an authority takes each of these tokens once.
    const other = readSignIn(store)
    if (other !== undefined && other.refreshToken !== refreshToken) return other.accessToken
    throw new RightsError('sign-in-over', { detail: error.detail ?? '', cause: error })
  }
}

/** A damaged file is to go as well. */
function readForTheLastTime(store: ClientStore): StoredSignIn | undefined {
  try {
    return readSignIn(store)
  } catch (error) {
    if (isRightsError(error, 'client-store-refused')) return undefined
    throw error
  }
}

/**
 * Forgets the tokens, and asks the authority to forget them too.
 * @returns whether anybody was signed in, and whether the authority has heard of it
 * @throws RightsError `client-store-refused`
 */
export async function signOut(store: ClientStore): Promise<{ readonly signedIn: boolean; readonly revoked: boolean }> {
  const current = readForTheLastTime(store)
  store.removeSignIn()
  const refreshToken = current?.refreshToken
  if (current?.authority.revocation_endpoint === undefined || refreshToken === undefined) {
    return { signedIn: current !== undefined, revoked: false }
  }
  const { revokeToken } = await import('./authority-client.ts')
  const revoked = await revokeToken(current, refreshToken).then(
    () => true,
    () => false,
  )
  return { signedIn: true, revoked }
}
