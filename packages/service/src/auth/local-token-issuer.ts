/**
 * Tokens that the service itself issues to users of its own directory, for organisations without an identity provider.
 * The signing key (Ed25519, RFC 8032) is derived from the secret that the store keeps sealed, so every process of the
 * service has it and nothing more has to be stored.
 */
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { SignJWT } from 'jose'
import type { CoreContext, DirectoryUser } from '../core/ports.ts'
import { protocolAudience } from './bearer.ts'
import { ownIssuer, type TokenIssuer } from './token-issuers.ts'

const seedBytes = 32
/** What stands before the seed in PKCS#8 (RFC 8410, 7). */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex')

/** The service as issuer, for `createBearerAuthentication`. */
export function localTokenIssuer(context: Pick<CoreContext, 'cluster' | 'store'>): TokenIssuer {
  return ownIssuer(issuerName(context), createPublicKey(signingKey(context)))
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
    .sign(signingKey(context))
}

function issuerName({ cluster }: Pick<CoreContext, 'cluster'>): string {
  return `${cluster.baseUrl}/tokens`
}

function signingKey({ cluster, store }: Pick<CoreContext, 'cluster' | 'store'>): KeyObject {
  const seed = store.mac('token-signing-key', Buffer.from(cluster.tenant, 'utf8')).subarray(0, seedBytes)
  return createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: 'der', type: 'pkcs8' })
}
