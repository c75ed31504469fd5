/**
 * Trusted user domains (MS-RMPR 3.4.1, trustedRacIssuers): people of other organisations who may ask this service with the
 * account certificates of their own. Another organisation vouches for its own mail domains only, never for ours: else it
 * could name one of our people.
 */
import { RightsError, type AccountCertificate } from '@sealward/xrml'
import { knownAddress, mailDomainOf } from './address.ts'
import type { Configuration, TrustedUserDomain } from './configuration.ts'
import type { Cluster } from './ports.ts'

/** Alone in a list: every mail domain but our own. */
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
  { domains }: Pick<Cluster, 'domains'>,
  domain: TrustedUserDomain,
  account: AccountCertificate,
): readonly [string, ...string[]] {
  if (account.principal.object.idType === 'Federation' && !domain.federatedUsers) throw untrusted('a federated account')
  const known = account.addresses.map(knownAddress)
  const [address] = known
  if (address === undefined) throw new RightsError('account-certificate-unexpected', { detail: 'it names no address' })
  const addresses = known.flatMap((each) => each ?? [])
  if (addresses.some((each) => domains.includes(mailDomainOf(each)))) throw untrusted('a mail domain of this service')
  if (!isListed(domain, address)) throw untrusted('a mail domain that is not listed')
  return [address, ...addresses.slice(1).filter((alias) => isListed(domain, alias))]
}

/** Children of a listed domain are listed with it. */
function isListed({ mailDomains }: TrustedUserDomain, address: string): boolean {
  const domain = mailDomainOf(address)
  return mailDomains.some((each) => each === everyMailDomain || domain === each || domain.endsWith(`.${each}`))
}

function untrusted(detail: string): RightsError {
  return new RightsError('account-certificate-untrusted', { detail })
}
