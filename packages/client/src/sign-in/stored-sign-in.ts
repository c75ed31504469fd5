/**
 * A sign-in as it is kept in the client store: tokens, and whom to ask for the next one. The file is for the user alone, as
 * the keys beside it; tokens are never shown.
 */
import { RightsError } from '@sealward/xrml'
import type { ClientStore } from '../client-store.ts'
import type { AuthorityMetadata } from './discover-authority.ts'

export interface StoredSignIn {
  readonly authority: AuthorityMetadata
  readonly clientId: string
  readonly resource?: string
  readonly accessToken: string
  /** ISO 8601. */
  readonly expiresAt: string
  /** Absent for applications, which sign in anew. */
  readonly refreshToken?: string
}

/** @throws RightsError `client-store-refused` */
export function readSignIn(store: ClientStore): StoredSignIn | undefined {
  const text = store.readSignIn()
  if (text === undefined) return undefined
  try {
    return checked(JSON.parse(text) as Partial<StoredSignIn>)
  } catch (cause) {
    throw new RightsError('client-store-refused', { detail: 'sign-in.json: damaged', cause })
  }
}

export function writeSignIn(store: ClientStore, signIn: StoredSignIn): void {
  store.writeSignIn(`${JSON.stringify(signIn, null, 2)}\n`)
}

function checked(signIn: Partial<StoredSignIn>): StoredSignIn {
  const { authority, clientId, accessToken, expiresAt, refreshToken, resource } = signIn
  const texts: readonly unknown[] = [authority?.issuer, authority?.token_endpoint, clientId, accessToken, expiresAt]
  const optional: readonly unknown[] = [refreshToken, resource, authority?.revocation_endpoint]
  const complete = texts.every((text) => typeof text === 'string')
  const usual = optional.every((text) => text === undefined || typeof text === 'string')
  if (!complete || !usual || Number.isNaN(Date.parse(String(expiresAt)))) throw new TypeError('not a sign-in')
  return signIn as StoredSignIn
}
