/**
 * Whose tokens are believed. Keys, algorithms and token types belong to an issuer of the configuration; nothing of them is
 * ever taken from a token.
 */
import type { KeyObject } from 'node:crypto'
import { domainToASCII } from 'node:url'
import type { JWTVerifyGetKey } from 'jose'

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
  /** The `tid` that its tokens must name, in lower case; without it a token that names one is refused. */
  readonly tenantId?: string
  /** The e-mail domains whose addresses the issuer may vouch for, as A-labels; addresses of others count for nothing. */
  readonly domains: readonly string[] | 'any'
  readonly keyFor: JWTVerifyGetKey
  /** The claim that names a person for ever; a token without it is refused. */
  readonly subjectClaim?: string
  /** Whether it is this service, which names people by the directory's identifier. */
  readonly own?: true
}

/** What an issuer writes as `typ` of its access tokens; RFC 9068 tells them from identity tokens, AD FS says `JWT`. */
export const accessTokenTypes = ['JWT', 'at+jwt'] as const

/** An issuer outside, such as AD FS, by its published keys. */
export function externalIssuer(settings: {
  readonly issuer: string
  readonly keyFor: JWTVerifyGetKey
  readonly algorithms: readonly TokenAlgorithm[]
  readonly domains: readonly string[]
  readonly tenantId?: string | undefined
  readonly accessTokenType: (typeof accessTokenTypes)[number]
  readonly subjectClaim?: string | undefined
}): TokenIssuer {
  const { issuer, algorithms, tenantId, accessTokenType, keyFor, subjectClaim } = settings
  return {
    issuer,
    algorithms,
    types: accessTokenType === 'JWT' ? ['jwt', 'at+jwt'] : ['at+jwt'],
    domains: settings.domains.map((domain) => domainToASCII(domain.toLowerCase())),
    keyFor,
    ...(tenantId === undefined ? {} : { tenantId: tenantId.toLowerCase() }),
    ...(subjectClaim === undefined ? {} : { subjectClaim }),
  }
}

/** The service itself, for the users of its own directory. */
export function ownIssuer(issuer: string, publicKey: KeyObject): TokenIssuer {
  return { issuer, algorithms: ['EdDSA'], types: ['at+jwt'], domains: 'any', keyFor: () => publicKey, own: true }
}
