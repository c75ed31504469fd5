/** Mail addresses in a token: in which claims, in which spelling, and how far its issuer is believed (threat D9). */
import type { JWTPayload } from 'jose'
import { RightsError } from '@sealward/xrml'
import { knownAddress } from '../core/address.ts'
import type { TokenIssuer } from './token-issuers.ts'

const addressesPerToken = 100

/** Where a token names its user: short names, and those that AD FS gives unless told otherwise. */
export const mailClaims = ['email', 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress'] as const
export const proxyAddressClaims = ['proxyAddresses', 'http://schemas.xmlsoap.org/claims/ProxyAddresses'] as const
export const addressClaims = [
  ...mailClaims,
  'upn',
  'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn',
  ...proxyAddressClaims,
] as const

/**
 * Canonical addresses in these claims, as far as the issuer may vouch for them; first come, first named.
 * @throws RightsError `credentials-refused` for too many
 */
export function vouchedAddresses(claims: JWTPayload, issuer: TokenIssuer, names: readonly string[]): readonly string[] {
  return userAddresses(claims, names).filter((address) => mayVouchFor(issuer, address))
}

function userAddresses(claims: JWTPayload, names: readonly string[]): readonly string[] {
  const addresses = new Set<string>()
  for (const name of names) {
    if (name === 'email' && !isVerified(claims['email_verified'])) continue
    const value = claims[name]
    for (const item of Array.isArray(value) ? (value as readonly unknown[]) : [value]) {
      const address = typeof item === 'string' ? smtpAddress(item) : undefined
      if (address !== undefined) addresses.add(address)
    }
  }
  if (addresses.size > addressesPerToken) throw new RightsError('credentials-refused', { detail: 'too many addresses' })
  return [...addresses]
}

/** Some issuers write it as text; what says nothing is the issuer's word for a domain that it vouches for. */
function isVerified(mark: unknown): boolean {
  return mark === undefined || mark === true || mark === 'true'
}

/** Proxy addresses name their kind, as in `SMTP:alice@contoso.test`; other kinds are no e-mail addresses. */
function smtpAddress(text: string): string | undefined {
  const [, kind = 'smtp', address] = /^(?:([A-Za-z0-9]+):)?([^\s:@]+@[^\s:@]+)$/.exec(text.trim()) ?? []
  return kind.toLowerCase() === 'smtp' && address !== undefined ? knownAddress(address) : undefined
}

function mayVouchFor(issuer: TokenIssuer, address: string): boolean {
  return issuer.domains === 'any' || issuer.domains.includes(address.slice(address.indexOf('@') + 1))
}
