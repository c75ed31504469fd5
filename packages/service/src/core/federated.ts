/**
 * Federated people (MS-RMPR 3.1.4.3, 3.3.4.1): not in the directory, certified because the identity provider of another
 * organisation has vouched for their addresses. Each provider counts for its own mail domains alone, and nobody of our own
 * directory is ever named by one (threat D9).
 */
import { RightsError, type AccountCertificate, type ResolvedPrincipal } from '@sealward/xrml'
import { knownAddress, mailDomainOf } from './address.ts'
import { outsiderPrincipal } from './outsider.ts'
import type { Caller, CoreContext, Directory, Federation, FederatedCaller, RequestInfo, Sender } from './ports.ts'
import { idOf, isAccount } from './sender.ts'
import type { Store } from './store.ts'

/** Digits of the identifier that all people of one provider share. */
const providerDigits = 12

/**
 * The identifier of account certificates (MS-RMPR 2.2.9.1.4), and what the account's key is kept by: a stable GUID per
 * person, of which nobody can tell who that is. A person is what her provider calls her for ever, not an address, which may
 * be somebody else's tomorrow (threats D3, D9). The first digits tell providers apart, even when a mail domain changes hands.
 * Deviation: MS-RMPR 3.3.4.1 finds the keys of federated people by address; nobody outside can see by what they are found.
 * @param subject as the provider writes it @returns a GUID (RFC 9562, version 8) in braces
 */
export function federatedId(store: Pick<Store, 'mac'>, issuer: string, subject: string): string {
  const person = Buffer.from(mac(store, [issuer, subject]), 'hex').subarray(0, 16)
  person[6] = ((person[6] ?? 0) & 0x0f) | 0x80
  person[8] = ((person[8] ?? 0) & 0x3f) | 0x80
  const digits = providerPart(store, issuer) + person.toString('hex').slice(providerDigits)
  return `{${digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')}}`
}

function isOfProvider(store: Pick<Store, 'mac'>, issuer: string, id: string): boolean {
  return id.replaceAll(/[{}-]/g, '').toLowerCase().startsWith(providerPart(store, issuer))
}

function providerPart(store: Pick<Store, 'mac'>, issuer: string): string {
  return mac(store, [issuer]).slice(0, providerDigits)
}

function mac(store: Pick<Store, 'mac'>, named: readonly string[]): string {
  return Buffer.from(store.mac('federated-account', Buffer.from(JSON.stringify(named), 'utf8'))).toString('hex')
}

/**
 * Who may be certified at the address for federated people.
 * @throws RightsError `federated-sign-in-required`, also while nobody is federated; `plain-http-refused`, `unauthenticated`
 */
export function requireFederated(
  { cluster }: Pick<CoreContext, 'cluster'>,
  sender: Sender | undefined,
  { secure = false }: Pick<RequestInfo, 'secure'>,
): FederatedCaller {
  if (cluster.federation === undefined) throw new RightsError('federated-sign-in-required', { detail: 'none' })
  if (!secure) throw new RightsError('plain-http-refused')
  if (sender === undefined) throw new RightsError('unauthenticated')
  if (sender.authentication !== 'federated') throw new RightsError('federated-sign-in-required')
  return sender
}

/**
 * Somebody of the directory with a mail address, or nobody: most of what can be asked is for our own people alone.
 * @throws RightsError `user-without-address`
 */
export function callerOf(sender: Sender | undefined): Caller | undefined {
  if (sender === undefined || sender.authentication === 'federated') return undefined
  if (isAccount(sender)) throw new RightsError('user-without-address', { detail: sender.account.name })
  return sender
}

/** Whether any of the canonical addresses is, or was made to look like, one of ours. */
export async function namesOurs(
  {
    cluster,
    directory,
  }: Pick<CoreContext, 'cluster'> & { readonly directory: Pick<Directory, 'findByAddress' | 'findGroup'> },
  addresses: readonly string[],
): Promise<boolean> {
  if (addresses.some((address) => cluster.domains.includes(mailDomainOf(address)))) return true
  for (const address of addresses) {
    if ((await directory.findByAddress(address)) !== undefined) return true
    // A policy that grants rights to a group names nothing but its address.
    if ((await directory.findGroup(address)) !== undefined) return true
  }
  return false
}

/**
 * The person of an account certificate that one of our keys has signed, as long as her provider is still a federated one.
 * She is in the groups that have a contact for her, and nowhere else.
 * @throws RightsError `account-certificate-untrusted`, `account-certificate-not-callers`, `directory-unavailable`
 */
export async function federatedReader(
  context: CoreContext,
  account: AccountCertificate,
  sender: Sender | undefined,
): Promise<{ readonly id: string; readonly address: string; readonly principal: ResolvedPrincipal }> {
  const { cluster, directory, store } = context
  const { federation } = cluster
  if (federation === undefined) throw untrusted('nobody is federated')
  const { id } = account.principal.object
  const known = account.addresses.flatMap((each) => knownAddress(each) ?? [])
  const addresses = known.filter((address) => providerOf(federation, address) !== undefined)
  const [address] = addresses
  const provider = providerOf(federation, address ?? '')
  if (address === undefined || address !== known[0] || provider === undefined) throw untrusted('no federated address')
  // Which identifiers a root cluster gives to people is its own secret.
  const byRoot = cluster.rootAccountIssuers.includes(account.issuer.publicKey.fingerprint)
  if (!byRoot && !isOfProvider(store, provider.issuer, id)) {
    throw untrusted('of another identity provider')
  }
  if (await namesOurs(context, known)) throw untrusted('it names somebody of this service')
  if (sender !== undefined && idOf(sender) !== id) throw new RightsError('account-certificate-not-callers')
  return { id, address, principal: await outsiderPrincipal(directory, addresses) }
}

function providerOf({ providers }: Federation, address: string): Federation['providers'][number] | undefined {
  return providers.find(({ domains }) => domains.includes(mailDomainOf(address)))
}

function untrusted(detail: string): RightsError {
  return new RightsError('account-certificate-untrusted', { detail })
}
