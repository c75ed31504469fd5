/**
 * Who a reader is for policies: everything the directory knows about one person, found through an account certificate or
 * through an authenticated caller. A person of our own directory is what the directory says now, not what an old
 * certificate says; addresses of a trusted service's certificate count as written.
 */
import { RightsError, type AccountCertificate, type ResolvedPrincipal } from '@sealward/xrml'
import { addressSpellings, knownAddress } from './address.ts'
import { allStaffGroups } from './all-staff.ts'
import type { Configuration, TrustedUserDomain } from './configuration.ts'
import { federatedReader, namesOurs } from './federated.ts'
import { outsiderPrincipal } from './outsider.ts'
import { personalities } from './personality.ts'
import type { CoreContext, DirectoryUser, Sender } from './ports.ts'
import { isAccount } from './sender.ts'
import { speaksFor } from './server-identity.ts'
import { admittedAddresses, userDomainOf } from './user-domains.ts'
import { isOwnAccount } from './verify-account.ts'

export interface Reader {
  /** The name under which the person is recorded, and throttled. */
  readonly id: string
  readonly address: string
  readonly principal: ResolvedPrincipal
}

/** Somebody federated is whom her provider has just vouched for. @throws RightsError `user-disabled`, `directory-unavailable` */
export async function readerOfCaller(
  context: CoreContext,
  configuration: Configuration,
  caller: Sender,
): Promise<Reader> {
  if (caller.authentication === 'federated') {
    const { id, address, aliases } = caller.user
    return { id, address, principal: await outsiderPrincipal(context.directory, [address, ...aliases]) }
  }
  if (!isAccount(caller)) return readerOfUser(context, configuration, caller.user)
  const { id, name, sid } = caller.account
  return { id, address: name, principal: { addresses: [], sids: [sid], groups: [], superUser: false } }
}

/**
 * @throws RightsError `account-certificate-not-callers`, `account-certificate-untrusted`, `user-not-in-directory`,
 * `user-disabled`, `directory-unavailable`
 */
export async function readerOfAccount(
  context: CoreContext,
  configuration: Configuration,
  account: AccountCertificate,
  caller: Sender | undefined,
): Promise<Reader> {
  const domain = userDomainOf(configuration, account)
  if (domain !== undefined) return foreignReader(context, configuration, { domain, account, caller })
  if (!isOwnAccount(context, configuration, account)) throw new RightsError('account-certificate-untrusted')
  const user = await userOfAccount(context, account)
  if (user === undefined) {
    if (mayBeFederated(context, account)) return federatedReader(context, account, caller)
    throw new RightsError('user-not-in-directory')
  }
  const as = caller === undefined ? 'itself' : await speaksFor(context, caller, user)
  if (as === 'no') throw new RightsError('account-certificate-not-callers')
  // The accounts of system mailboxes are disabled; the computer has signed in with one that is not.
  return readerOfUser(context, configuration, as === 'linked' ? { ...user, disabled: false } : user)
}

/** Where people of the directory have identifiers of the same type, federation must be on before it can be meant. */
function mayBeFederated({ cluster }: CoreContext, { principal }: AccountCertificate): boolean {
  const always = personalities[cluster.personality].identity !== 'Federation'
  return principal.object.idType === 'Federation' && (always || cluster.federation !== undefined)
}

async function userOfAccount(context: CoreContext, account: AccountCertificate): Promise<DirectoryUser | undefined> {
  const { object } = account.principal
  const bySid =
    object.idType === 'Windows' && object.id !== '' ? await context.directory.findBySid(object.id) : undefined
  // A certificate that names an identifier is bound to it: an address given to somebody else opens nothing (threat D3).
  if (bySid !== undefined || object.idType === 'Windows') return bySid
  const user = await context.directory.findByAddress(object.name ?? '')
  return user?.id === object.id ? user : undefined
}

/** @throws RightsError `user-disabled`, `directory-unavailable` */
export async function readerOfUser(
  context: CoreContext,
  configuration: Configuration,
  user: DirectoryUser,
): Promise<Reader> {
  if (user.disabled) throw new RightsError('user-disabled')
  const { enabled, addresses, group } = configuration.superUsers
  const groups = [...(await context.directory.groupsOf(user)), ...allStaffGroups(context.cluster, user)]
  const member = group !== undefined && groups.includes(group)
  return {
    id: user.id,
    address: user.address,
    principal: {
      addresses: [user.address, ...user.aliases].flatMap(addressSpellings),
      sids: [user.sid, ...user.sidHistory],
      groups: groups.flatMap(addressSpellings),
      superUser: enabled && (member || addresses.includes(user.address)),
    },
  }
}

/**
 * A person of a trusted service, whose certificates are never evidence for somebody in our own directory. She is in the
 * groups that have a contact for her.
 */
async function foreignReader(
  context: CoreContext,
  configuration: Configuration,
  asked: {
    readonly domain: TrustedUserDomain
    readonly account: AccountCertificate
    readonly caller: Sender | undefined
  },
): Promise<Reader> {
  const { domain, account, caller } = asked
  if (caller !== undefined) throw new RightsError('account-certificate-not-callers')
  const addresses = admittedAddresses(context, configuration, domain, account)
  const [address] = addresses
  const claimed = account.addresses.flatMap((each) => knownAddress(each) ?? [])
  if (await namesOurs(context, claimed)) {
    throw new RightsError('account-certificate-untrusted', { detail: 'it names a user or a group of this service' })
  }
  return {
    id: `${account.issuer.publicKey.fingerprint}:${account.principal.object.id}`,
    address,
    principal: await outsiderPrincipal(context.directory, addresses),
  }
}
