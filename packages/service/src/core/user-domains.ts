/**
 * Trusted user domains (MS-RMPR 3.4.1, trustedRacIssuers): people of other organisations who may ask this service with the
 * account certificates of their own. Another organisation vouches for its own mail domains only, never for ours: else it
 * could name one of our people.
 */
import { RightsError, type AccountCertificate } from '@sealward/xrml'
import { knownAddress, mailDomainOf } from './address.ts'
import type { Configuration, TrustedUserDomain } from './configuration.ts'
import type { CoreContext } from './ports.ts'

/** In a list: every mail domain that is nobody else's. */
export const everyMailDomain = '*'

export function userDomainOf(
  configuration: Pick<Configuration, 'userDomains'>,
  account: AccountCertificate,
): TrustedUserDomain | undefined {
  return configuration.userDomains.find(({ id }) => id === account.issuer.publicKey.fingerprint)
}

/**
 * The canonical addresses under which a foreign account counts: its own one, and those of its aliases for which the other
 * organisation may vouch.
 * @throws RightsError `account-certificate-unexpected` without an address, `account-certificate-untrusted` if the address
 * is not of a listed mail domain, if any address is of ours, and for accounts of type Federation unless they are admitted
 */
export function admittedAddresses(
  context: Pick<CoreContext, 'cluster' | 'forests'>,
  configuration: Pick<Configuration, 'userDomains'>,
  domain: TrustedUserDomain,
  account: AccountCertificate,
): readonly [string, ...string[]] {
  const { domains } = context.cluster
  if (account.principal.object.idType === 'Federation' && !domain.federatedUsers) throw untrusted('a federated account')
  const known = account.addresses.map(knownAddress)
  const [address] = known
  if (address === undefined) throw new RightsError('account-certificate-unexpected', { detail: 'it names no address' })
  const addresses = known.flatMap((each) => each ?? [])
  if (addresses.some((each) => domains.includes(mailDomainOf(each)))) throw untrusted('a mail domain of this service')
  const others = domainsOfOthers(context, configuration, domain)
  const mayVouchFor = (each: string): boolean => isListed(domain, each) || isCovered(domain, each, others)
  if (!mayVouchFor(address)) throw untrusted('a mail domain that is not listed')
  return [address, ...addresses.slice(1).filter(mayVouchFor)]
}

/** Children of a listed domain are listed with it. */
function isListed({ mailDomains }: TrustedUserDomain, address: string): boolean {
  return isWithin(address, mailDomains)
}

/** Whoever may vouch for everybody may not for those for whom somebody else is named: contacts grant them rights by address. */
function isCovered({ mailDomains }: TrustedUserDomain, address: string, others: readonly string[]): boolean {
  return mailDomains.includes(everyMailDomain) && !isWithin(address, others)
}

/** Mail domains with an authority: ours, those of other forests and of federated providers, and those of other partners. */
function domainsOfOthers(
  { cluster, forests }: Pick<CoreContext, 'cluster' | 'forests'>,
  { userDomains }: Pick<Configuration, 'userDomains'>,
  { id }: TrustedUserDomain,
): readonly string[] {
  return [
    ...cluster.domains,
    ...forests.known.flatMap(({ domains }) => domains),
    ...(cluster.federation?.providers ?? []).flatMap(({ domains }) => domains),
    ...userDomains.filter((other) => other.id !== id).flatMap(({ mailDomains }) => mailDomains),
  ]
}

/** An asterisk among the domains is none. */
function isWithin(address: string, domains: readonly string[]): boolean {
  const domain = mailDomainOf(address)
  return domains.some((each) => domain === each || domain.endsWith(`.${each}`))
}

function untrusted(detail: string): RightsError {
  return new RightsError('account-certificate-untrusted', { detail })
}
