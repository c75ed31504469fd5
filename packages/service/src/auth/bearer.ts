/**
 * Bearer tokens: JSON Web Tokens (RFC 7519) of a configured issuer. A token is believed if its issuer's key signed it with
 * an algorithm of that issuer, it is an access token for this service, it is valid now, and its addresses lead to exactly
 * one enabled user, the same one as ever for its subject. A token without address (of an application, not a person) is refused, as servers of the protocol do.
 * Where a header says which key to use (`jku`, `jwk`, `x5u`, `x5c`) nobody looks: keys come from the configuration.
 */
import { decodeJwt, decodeProtectedHeader, jwtVerify, type JWTPayload, type ProtectedHeaderParameters } from 'jose'
import { isRightsError, RightsError } from '@sealward/xrml'
import type { Caller, Clock, Directory, DirectoryUser } from '../core/ports.ts'
import { requireSameSubject } from '../core/require-same-subject.ts'
import type { Store } from '../core/store.ts'
import { hasRepeatedMember } from './repeated-members.ts'
import { addressClaims, vouchedAddresses } from './token-addresses.ts'
import type { TokenIssuer } from './token-issuers.ts'
import { namedSubject, requireDirectoryId, subjectOf } from './token-subject.ts'

/** What a verified token says about its user. */
export interface VouchedUser {
  /** The `iss` of the token. */
  readonly issuer: string
  /** Canonical addresses in these claims, as far as the issuer may vouch for them; first come, first named. */
  addressesIn(claims: readonly string[]): readonly string[]
  /** What a claim says that names the user for ever; undefined unless it is one text of at most 255 characters. */
  subjectIn(claim: string): string | undefined
}

export interface BearerAuthentication {
  /** Who it is by the token alone; no directory is asked. @throws RightsError `credentials-refused`, `identity-provider-unavailable` */
  vouched(token: string): Promise<VouchedUser>
  /** @throws RightsError `credentials-refused`, `token-subject-mismatch`, `directory-unavailable`, `identity-provider-unavailable` */
  authenticate(token: string): Promise<Caller>
}

/** What clients of the protocol ask an authority for when no other resource is named. */
export const protocolAudience = 'api.rms.rest.com'
/** AD FS 2016 and later write it before the audience. */
const audiencePrefix = 'microsoft:identityserver:'

const toleranceSeconds = 60
const longestToken = 24 * 1024

/** What only identity tokens hold; they prove a login to someone else. */
const identityTokenClaims = ['nonce', 'at_hash', 'c_hash'] as const

/**
 * @param world.serviceUrl the public URL of the service; clients may ask for a token for it too
 * @param world.resource what challenges name; clients of other services of the protocol ask for its usual one unasked
 */
export function createBearerAuthentication(world: {
  readonly directory: Directory
  readonly store: Pick<Store, 'tokenSubjects' | 'transaction'>
  readonly clock: Clock
  readonly serviceUrl: string
  readonly resource?: string
  readonly issuers: readonly TokenIssuer[]
}): BearerAuthentication {
  const issuerOf = new Map(world.issuers.map((issuer) => [issuer.issuer, issuer]))
  const audience = acceptedAudiences(world.serviceUrl, world.resource ?? protocolAudience)

  async function verify(token: string): Promise<{ readonly claims: JWTPayload; readonly issuer: TokenIssuer }> {
    if (token.length > longestToken) throw new RightsError('credentials-refused', { detail: 'too long' })
    const { header, unverified } = peek(token)
    const issuer = issuerOf.get(unverified.iss ?? '')
    if (issuer === undefined) throw new RightsError('credentials-refused', { detail: 'unknown issuer' })
    if (!issuer.types.includes(header.typ?.toLowerCase().replace(/^application\//, '') ?? '')) {
      throw new RightsError('credentials-refused', { detail: 'not an access token' })
    }
    try {
      const { payload } = await jwtVerify(token, issuer.keyFor, {
        issuer: issuer.issuer,
        audience,
        algorithms: [...issuer.algorithms],
        clockTolerance: toleranceSeconds,
        requiredClaims: ['exp', 'iat'],
        currentDate: world.clock.now(),
      })
      return { claims: payload, issuer }
    } catch (cause) {
      if (isRightsError(cause, 'identity-provider-unavailable')) throw cause
      throw new RightsError('credentials-refused', { detail: reasonOf(cause), cause })
    }
  }

  async function believed(token: string): ReturnType<typeof verify> {
    const { claims, issuer } = await verify(token)
    requireIssuedBefore(claims, world.clock.now())
    requireTenant(claims, issuer)
    if (identityTokenClaims.some((name) => claims[name] !== undefined)) {
      throw new RightsError('credentials-refused', { detail: 'an identity token' })
    }
    return { claims, issuer }
  }

  return {
    async vouched(token) {
      const { claims, issuer } = await believed(token)
      return {
        issuer: issuer.issuer,
        subjectIn: (name) => subjectOf(claims[name]),
        addressesIn: (names) => vouchedAddresses(claims, issuer, names),
      }
    },
    async authenticate(token) {
      const { claims, issuer } = await believed(token)
      const subject = namedSubject(claims, issuer)
      const user = await onlyUser(world.directory, vouchedAddresses(claims, issuer, addressClaims))
      if (subject !== undefined && issuer.own === true) requireDirectoryId(subject, user)
      else if (subject !== undefined) await requireSameSubject(world, subject, user)
      return { user, authentication: 'bearer' }
    },
  }
}

function acceptedAudiences(serviceUrl: string, resource: string): string[] {
  const bare = serviceUrl.replace(/\/$/, '')
  const plain = [...new Set([protocolAudience, resource, bare, `${bare}/`])]
  return [...plain, ...plain.map((audience) => audiencePrefix + audience)]
}

function peek(token: string): { readonly header: ProtectedHeaderParameters; readonly unverified: JWTPayload } {
  try {
    const peeked = { header: decodeProtectedHeader(token), unverified: decodeJwt(token) }
    const parts = token.split('.', 2).map((part) => Buffer.from(part, 'base64url').toString('utf8'))
    if (!parts.some(hasRepeatedMember)) return peeked
  } catch (cause) {
    throw new RightsError('credentials-refused', { detail: 'not a signed JSON Web Token', cause })
  }
  throw new RightsError('credentials-refused', { detail: 'a claim occurs twice' })
}

/** A token of the future was made by a clock that cannot be believed, or for a key that is not yet in use. */
function requireIssuedBefore({ iat = 0 }: JWTPayload, now: Date): void {
  if (iat > now.getTime() / 1000 + toleranceSeconds) {
    throw new RightsError('credentials-refused', { detail: 'issued in the future' })
  }
}

/** An identity provider of many organisations signs for all of them with one key; `tid` says for which. */
function requireTenant(claims: JWTPayload, { tenantId }: TokenIssuer): void {
  const named = claims['tid']
  if (tenantId === undefined ? named === undefined : typeof named === 'string' && named.toLowerCase() === tenantId)
    return
  throw new RightsError('credentials-refused', {
    detail: tenantId === undefined ? 'it names a tenant, and its issuer has no tenantId' : 'of another tenant',
  })
}

/** The code of the library's error, such as `ERR_JWT_EXPIRED`; its messages may quote the token. */
function reasonOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'not verifiable'
}

/** Addresses that lead to two people identify neither. */
async function onlyUser(directory: Directory, addresses: readonly string[]): Promise<DirectoryUser> {
  const found = new Map<string, DirectoryUser>()
  for (const address of addresses) {
    const user = await directory.findByAddress(address)
    if (user !== undefined) found.set(user.id, user)
  }
  const [user, another] = found.values()
  if (user === undefined) throw new RightsError('credentials-refused', { detail: 'it names no user of the directory' })
  if (another !== undefined) throw new RightsError('credentials-refused', { detail: 'it names several users' })
  if (user.disabled) throw new RightsError('credentials-refused', { detail: 'the account is disabled' })
  return user
}
