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

/**
 * The identifier of account certificates (MS-RMPR 2.2.9.1.4): a stable GUID per address, of which nobody can tell the
 * address. Another provider's people are other people, even when a mail domain has changed hands.
 * @param address canonical @returns a GUID (RFC 9562, version 8) in braces
 */
export function federatedId(store: Pick<Store, 'mac'>, issuer: string, address: string): string {
  const bytes = Buffer.from(store.mac('federated-account', Buffer.from(`${issuer}\n${address}`, 'utf8'))).subarray(
    0,
    16,
  )
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return `{${bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')}}`
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
  { cluster, directory }: Pick<CoreContext, 'cluster'> & { readonly directory: Pick<Directory, 'findByAddress'> },
  addresses: readonly string[],
): Promise<boolean> {
  if (addresses.some((address) => cluster.domains.includes(mailDomainOf(address)))) return true
  for (const address of addresses) if ((await directory.findByAddress(address)) !== undefined) return true
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
  if (!byRoot && federatedId(store, provider.issuer, address) !== id) {
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
