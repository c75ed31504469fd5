/**
 * Trusted user domains: the issuers of other organisations' account certificates. Only public certificates come in and go
 * out. Nothing is stored before the chain has been verified up to a root that the administrator accepts.
 */
import { checkTud, readTud, writeTud } from '@sealward/keys'
import { issuerKeyOf, parseSignedXrml, RightsError, type IssuingCertificate } from '@sealward/xrml'
import type { Configuration } from '../core/configuration.ts'
import { loadConfiguration } from '../core/load-configuration.ts'
import { change, type AdministrationContext } from './change.ts'
import { canonicalMailDomains } from './mail-domains.ts'

export interface ListedUserDomain {
  /** Fingerprint of the key that issues the account certificates. */
  readonly id: string
  readonly displayName: string
  /** Of this service; it cannot be removed. */
  readonly own: boolean
  readonly mode: 1 | 2
  /** When its right to issue ends. */
  readonly expiresAt: Date
  /** Canonical, children included; `*` for all that are nobody else's. None for the own ones. */
  readonly mailDomains: readonly string[]
  readonly federatedUsers: boolean
  readonly importedAt: Date | undefined
}

export async function listUserDomains(context: AdministrationContext): Promise<readonly ListedUserDomain[]> {
  return userDomainsOf(await context.store.transaction(loadConfiguration))
}

/** The own keys first, the active one at the very beginning. */
function userDomainsOf({ ownKeys, userDomains }: Configuration): readonly ListedUserDomain[] {
  const own = ownKeys
    .filter(({ id }) => !userDomains.some((domain) => domain.id === id))
    .sort((a, b) => Number(b.state === 'active') - Number(a.state === 'active'))
  return [
    ...own.map(({ id, friendlyName, licensor, mode }) => ({
      id,
      displayName: friendlyName ?? nameOf(licensor),
      own: true,
      mode: mode.number,
      expiresAt: licensor.issueRange.until,
      mailDomains: [],
      federatedUsers: true,
      importedAt: undefined,
    })),
    ...userDomains.map(({ id, displayName, licensor, mode, mailDomains, federatedUsers, importedAt }) => ({
      id,
      displayName,
      own: false,
      mode: mode.number,
      expiresAt: licensor.issueRange.until,
      mailDomains,
      federatedUsers,
      importedAt,
    })),
  ]
}

function nameOf({ principal: { object } }: IssuingCertificate): string {
  return object.name ?? object.id
}

export interface UserDomainImport {
  readonly file: Uint8Array
  readonly displayName: string
  /** Mail domains whose people are accepted, children included; `*` for all that are nobody else's. */
  readonly mailDomains: readonly string[]
  /** Whether accounts of type Federation are accepted: those of tenants, and of federated sign-in. */
  readonly federatedUsers: boolean
  /** Fingerprints of the root keys that the administrator accepts for the chain in the file. */
  readonly trustedRoots: readonly string[]
}

/**
 * @throws RightsError the codes of readTud and checkTud, `mail-domain-refused`, `user-domain-own`, `user-domain-known`
 */
export async function importUserDomain(
  context: AdministrationContext,
  input: UserDomainImport,
): Promise<ListedUserDomain> {
  const mailDomains = canonicalMailDomains(context.cluster, input.mailDomains)
  const texts = readTud(input.file)
  const now = context.clock.now()
  const roots = texts.map((text) => issuerKeyOf(parseSignedXrml(text)))
  const anchors = roots.filter(({ fingerprint }) =>
    input.trustedRoots.some((accepted) => accepted.toLowerCase() === fingerprint),
  )
  const { licensor, chain } = checkTud(texts, { anchors, now })
  const id = licensor.principal.publicKey.fingerprint
  const { displayName, federatedUsers } = input
  return change(context, 'import-trusted-user-domain', async (repositories) => {
    const { ownKeys, userDomains } = await loadConfiguration(repositories)
    const own = [...ownKeys.map((key) => key.id), ...context.cluster.rootAccountIssuers]
    if (own.includes(id)) throw new RightsError('user-domain-own', { detail: id })
    if (userDomains.some((known) => known.id === id)) throw new RightsError('user-domain-known', { detail: id })
    await repositories.userDomains.insert({ id, displayName, chain, mailDomains, federatedUsers, importedAt: now })
    const result = findUserDomain(await loadConfiguration(repositories), id)
    return { result, record: { userDomain: id, displayName, mailDomains, federatedUsers } }
  })
}

/** @throws RightsError `mail-domain-refused`, `user-domain-unknown`, `user-domain-own` */
export async function changeUserDomain(
  context: AdministrationContext,
  input: { readonly id: string; readonly mailDomains: readonly string[] },
): Promise<ListedUserDomain> {
  const mailDomains = canonicalMailDomains(context.cluster, input.mailDomains)
  return change(context, 'change-trusted-user-domain', async (repositories) => {
    const { id } = importedUserDomain(await loadConfiguration(repositories), input.id)
    await repositories.userDomains.setMailDomains(id, mailDomains)
    const result = findUserDomain(await loadConfiguration(repositories), id)
    return { result, record: { userDomain: id, mailDomains } }
  })
}

/** Its people are refused from the next request on. @throws RightsError `user-domain-unknown`, `user-domain-own` */
export async function removeUserDomain(context: AdministrationContext, input: { readonly id: string }): Promise<void> {
  await change(context, 'remove-trusted-user-domain', async (repositories) => {
    const { id } = importedUserDomain(await loadConfiguration(repositories), input.id)
    await repositories.userDomains.remove(id)
    return { result: undefined, record: { userDomain: id } }
  })
}

/** What another organisation imports to accept our people. @throws RightsError `user-domain-unknown` */
export async function exportUserDomain(
  context: AdministrationContext,
  input: { readonly id: string },
): Promise<Uint8Array> {
  const configuration = await context.store.transaction(loadConfiguration)
  const { id } = findUserDomain(configuration, input.id)
  const chain = [...configuration.ownKeys, ...configuration.userDomains].find((each) => each.id === id)?.chain ?? []
  return writeTud(chain)
}

function importedUserDomain(configuration: Configuration, id: string): ListedUserDomain {
  const found = findUserDomain(configuration, id)
  if (found.own) throw new RightsError('user-domain-own', { detail: found.id })
  return found
}

/** @param id fingerprint, or a beginning of it of at least eight digits */
function findUserDomain(configuration: Configuration, id: string): ListedUserDomain {
  const wanted = id.toLowerCase()
  const [found, ...more] = userDomainsOf(configuration).filter(
    (domain) => domain.id === wanted || (wanted.length >= 8 && domain.id.startsWith(wanted)),
  )
  if (found === undefined || more.length > 0) {
    throw new RightsError('user-domain-unknown', { detail: wanted.slice(0, 64) })
  }
  return found
}
