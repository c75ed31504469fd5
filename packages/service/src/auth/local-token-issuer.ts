/**
 * Tokens that the service itself issues to users of its own directory, for organisations without an identity provider.
 */
import { createPublicKey } from 'node:crypto'
import { SignJWT } from 'jose'
import type { CoreContext, DirectoryUser } from '../core/ports.ts'
import { protocolAudience } from './bearer.ts'
import { signingKey } from './signing-key.ts'
import { ownIssuer, type TokenIssuer } from './token-issuers.ts'

const keyPurpose = 'token-signing-key'

/** The service as issuer, for `createBearerAuthentication`. */
export function localTokenIssuer(context: Pick<CoreContext, 'cluster' | 'store'>): TokenIssuer {
  return ownIssuer(issuerName(context), createPublicKey(signingKey(context, keyPurpose)))
}

/**
 * A token with which the user signs in to this service.
 * @param input.lifetime milliseconds
 */
export async function issueToken(
  context: Pick<CoreContext, 'cluster' | 'store' | 'clock' | 'random'>,
  input: { readonly user: DirectoryUser; readonly lifetime: number },
): Promise<string> {
  const now = context.clock.now()
  return new SignJWT({ email: input.user.address })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt' })
    .setIssuer(issuerName(context))
    .setAudience(protocolAudience)
    .setSubject(input.user.id)
    .setJti(context.random.guid())
    .setIssuedAt(now)
    .setNotBefore(now)
    .setExpirationTime(new Date(now.getTime() + input.lifetime))
    .sign(signingKey(context, keyPurpose))
}

function issuerName({ cluster }: Pick<CoreContext, 'cluster'>): string {
  return `${cluster.baseUrl}/tokens`
}
