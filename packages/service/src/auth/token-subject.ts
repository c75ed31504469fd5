/** Which claim of a token says who its user is for ever: `oid` of the cloud and of AD FS rules, else `sub` (RFC 7519, 4.1.2). */
import type { JWTPayload } from 'jose'
import { RightsError } from '@sealward/xrml'
import type { DirectoryUser } from '../core/ports.ts'
import type { TokenSubject } from '../core/token-subjects.ts'
import type { TokenIssuer } from './token-issuers.ts'

const subjectLengthMost = 255

/** What a claim says if it can name somebody: one text, with the length that OpenID Connect Core 2 gives it. */
export function subjectOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= subjectLengthMost && value.isWellFormed()
    ? value
    : undefined
}

/**
 * Nothing where the token names no subject: AD FS writes none unless a rule says so, and clients cannot leave out what the
 * issuer signs. Whose issuer has one in every token names its claim in the configuration, and gets no further without it.
 * @throws RightsError `credentials-refused`
 */
export function namedSubject(claims: JWTPayload, { issuer, subjectClaim }: TokenIssuer): TokenSubject | undefined {
  const claim = subjectClaim ?? (claims['oid'] === undefined ? 'sub' : 'oid')
  const value = claims[claim]
  if (value === undefined && subjectClaim === undefined) return undefined
  const subject = subjectOf(value)
  if (subject === undefined) {
    throw new RightsError('credentials-refused', { detail: `it does not say who that is: claim ${claim}` })
  }
  return { issuer, claim, subject }
}

/** Our own tokens name the directory's identifier: nothing has to be bound. @throws RightsError `credentials-refused` */
export function requireDirectoryId({ subject }: TokenSubject, { id }: DirectoryUser): void {
  if (subject !== id) throw new RightsError('credentials-refused', { detail: 'its address is somebody else’s now' })
}
