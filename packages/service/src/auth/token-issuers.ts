/**
 * Whose tokens are believed. Keys, algorithms and token types belong to an issuer of the configuration; nothing of them is
 * ever taken from a token.
 */
import type { KeyObject } from 'node:crypto'
import { createLocalJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose'

/** Signatures that prove who signed; a key that both sides know does not. */
export const tokenAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const

export type TokenAlgorithm = (typeof tokenAlgorithms)[number]

export interface TokenIssuer {
  /** The `iss` of its tokens, character by character. */
  readonly issuer: string
  readonly algorithms: readonly TokenAlgorithm[]
  /** The `typ` of its access tokens, in lower case. */
  readonly types: readonly string[]
  /** The e-mail domains whose addresses the issuer may vouch for; addresses of others count for nothing. */
  readonly domains: readonly string[] | 'any'
  readonly keyFor: JWTVerifyGetKey
}

/** An issuer outside, such as AD FS, by its published keys. AD FS says `JWT` of its access tokens. */
export function externalIssuer(settings: {
  readonly issuer: string
  readonly keys: JSONWebKeySet
  readonly algorithms: readonly TokenAlgorithm[]
  readonly domains: readonly string[]
}): TokenIssuer {
  const { issuer, algorithms } = settings
  const domains = settings.domains.map((domain) => domain.toLowerCase())
  return { issuer, algorithms, types: ['jwt', 'at+jwt'], domains, keyFor: createLocalJWKSet(settings.keys) }
}

/** The service itself, for the users of its own directory. */
export function ownIssuer(issuer: string, publicKey: KeyObject): TokenIssuer {
  return { issuer, algorithms: ['EdDSA'], types: ['at+jwt'], domains: 'any', keyFor: () => publicKey }
}
