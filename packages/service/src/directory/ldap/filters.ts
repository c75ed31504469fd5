/**
 * Every filter that is sent (RFC 4511, 4.5.1.7). Values go into the library's objects, which write them as bytes with a
 * length: there is no text in which a value could end early (threat D4).
 */
import {
  AndFilter,
  EqualityFilter,
  ExtensibleFilter,
  GreaterThanEqualsFilter,
  OrFilter,
  PresenceFilter,
  type Filter,
} from 'ldapts'
import { addressSpellings } from '../../core/address.ts'
import { guidToBytes, sidToBytes, uuidOfSyntheticSid } from './identifiers.ts'
import type { LdapServer } from './server.ts'

type Kind = LdapServer['kind']

/** Attributes of a person or group that hold addresses, the primary one first. */
export const addressAttributes = {
  'active-directory': ['mail', 'proxyAddresses'],
  generic: ['mail', 'mailLocalAddress', 'mailAlternateAddress', 'proxyAddresses'],
} as const satisfies Record<Kind, readonly string[]>

const inChain = '1.2.840.113556.1.4.1941'

const personClasses = { 'active-directory': ['user'], generic: ['inetOrgPerson'] } as const
export const groupClasses = {
  'active-directory': ['group'],
  generic: ['groupOfNames', 'groupOfUniqueNames', 'groupOfMembers'],
} as const
const principalClasses = [...personClasses['active-directory'], ...groupClasses['active-directory']]
/** Contacts, and foreign security principals (MS-ADTS 6.1.1.4.10). */
export const standInClasses = { 'active-directory': ['contact', 'foreignSecurityPrincipal'], generic: [] } as const
const memberAttributes = ['member', 'uniqueMember']

const equals = (attribute: string, value: string | Buffer): Filter => new EqualityFilter({ attribute, value })
const anyOf = (filters: readonly Filter[]): Filter => new OrFilter({ filters: [...filters] })
const allOf = (...filters: readonly Filter[]): Filter => new AndFilter({ filters: [...filters] })
const isOf = (classes: readonly string[]): Filter => anyOf(classes.map((name) => equals('objectClass', name)))

const hasAddress = (attribute: string, address: string): Filter =>
  equals(attribute, attribute === 'proxyAddresses' ? `smtp:${address}` : address)
const isAbove = (dn: string): Filter => new ExtensibleFilter({ rule: inChain, matchType: 'member', value: dn })

export const anyEntry: Filter = new PresenceFilter({ attribute: 'objectClass' })

/** People and groups that have one of these canonical addresses, and some more: servers compare loosely. */
export function withAddress(kind: Kind, addresses: readonly string[]): Filter {
  const spellings = addresses.flatMap(addressSpellings)
  return allOf(
    isOf([...personClasses[kind], ...groupClasses[kind]]),
    anyOf(addressAttributes[kind].flatMap((attribute) => spellings.map((spelling) => hasAddress(attribute, spelling)))),
  )
}

/** People with a current or historical security identifier; undefined for an identifier that nobody here can have. */
export function withSid(kind: Kind, sid: string): Filter | undefined {
  if (kind === 'generic') {
    const uuid = uuidOfSyntheticSid(sid)
    return uuid === undefined ? undefined : allOf(isOf(personClasses[kind]), equals('entryUUID', uuid))
  }
  const value = sidToBytes(sid)
  if (value === undefined) return undefined
  return allOf(isOf(personClasses[kind]), anyOf([equals('objectSid', value), equals('sIDHistory', value)]))
}

/** The entry with an immutable identifier; undefined for one that no entry can have. */
export function withId(kind: Kind, id: string): Filter | undefined {
  const guid = guidToBytes(id)
  if (guid === undefined) return undefined
  return kind === 'active-directory' ? equals('objectGUID', guid) : equals('entryUUID', id)
}

/** The person who signs in with a user principal name, which need not be an address. */
export function withPrincipalName(name: string): Filter {
  return allOf(isOf(personClasses['active-directory']), equals('userPrincipalName', name))
}

/** The naming context of a domain, by its NetBIOS name (MS-ADTS 6.1.1.2.1.1). */
export function withNetbiosName(domain: string): Filter {
  return allOf(equals('objectClass', 'crossRef'), equals('nETBIOSName', domain))
}

/** The person whose account has this name, within one domain. */
export function withAccountName(name: string): Filter {
  return allOf(isOf(personClasses['active-directory']), equals('sAMAccountName', name))
}

/** Whoever somebody could mean by a name: an address, a principal name, or the name of an account. */
export function withName(kind: Kind, name: string, address: string | undefined): Filter {
  const accounts = kind === 'generic' ? ['uid'] : ['userPrincipalName', 'sAMAccountName']
  const named = accounts.map((attribute) => equals(attribute, name))
  const account = allOf(isOf(personClasses[kind]), anyOf(named))
  return address === undefined ? account : anyOf([account, withAddress(kind, [address])])
}

/** The group that a person belongs to by its primary group, of which no `member` tells. */
export function withGroupSid(sid: string): Filter | undefined {
  const value = sidToBytes(sid)
  return value === undefined ? undefined : allOf(isOf(groupClasses['active-directory']), equals('objectSid', value))
}

/** An account or a group with this name, of any domain that is searched. */
export function withAnyAccountName(name: string): Filter {
  return allOf(isOf(principalClasses), equals('sAMAccountName', name))
}

/** An account or a group by its current security identifier; undefined for one that nobody here can have. */
export function withCurrentSid(sid: string): Filter | undefined {
  const value = sidToBytes(sid)
  return value === undefined ? undefined : allOf(isOf(principalClasses), equals('objectSid', value))
}

/** Users whose identity a computer shares (schema of Exchange). Servers without that schema find nobody. */
export function linkedToComputer(dn: string): Filter {
  return allOf(isOf(personClasses['active-directory']), equals('msExchRMSComputerAccountsLink', dn))
}

/** Groups of Active Directory with an address above these entries, nested to any depth. */
export function groupsInChain(dns: readonly string[]): Filter {
  return allOf(new PresenceFilter({ attribute: 'mail' }), anyGroupInChain(dns))
}

/** The same with those that have no address. */
export function anyGroupInChain(dns: readonly string[]): Filter {
  return allOf(isOf(groupClasses['active-directory']), anyOf(dns.map((dn) => isAbove(dn))))
}

/** Contacts with one of these canonical addresses, and the foreign security principal of an identifier. */
export function standIns(addresses: readonly string[], sid: string | undefined): Filter | undefined {
  const spellings = addresses.flatMap(addressSpellings)
  const named = addressAttributes['active-directory'].flatMap((attribute) =>
    spellings.map((spelling) => hasAddress(attribute, spelling)),
  )
  const value = sid === undefined ? undefined : sidToBytes(sid)
  const kinds = [
    ...(named.length === 0 ? [] : [allOf(equals('objectClass', 'contact'), anyOf(named))]),
    ...(value === undefined
      ? []
      : [allOf(equals('objectClass', 'foreignSecurityPrincipal'), equals('objectSid', value))]),
  ]
  return kinds.length === 0 ? undefined : anyOf(kinds)
}

/** Contacts with addresses below a group, nested to any depth. */
export function contactsInChain(group: string): Filter {
  return allOf(
    equals('objectClass', 'contact'),
    new PresenceFilter({ attribute: 'mail' }),
    new ExtensibleFilter({ rule: inChain, matchType: 'memberOf', value: group }),
  )
}

/** Groups that have one of these entries as a member themselves. */
export function groupsWithMember(kind: Kind, dns: readonly string[]): Filter {
  const attributes = kind === 'generic' ? memberAttributes : ['member']
  return allOf(
    isOf(groupClasses[kind]),
    anyOf(attributes.flatMap((attribute) => dns.map((dn) => equals(attribute, dn)))),
  )
}

/** Every person and group, in Active Directory with computers, which are people there, and with what stands for others. */
export function everyEntry(kind: Kind): Filter {
  return isOf([...personClasses[kind], ...groupClasses[kind], ...standInClasses[kind]])
}

/** What changed in Active Directory since an update sequence number, that one excluded. */
export function changedSince(usn: bigint): Filter {
  const changed = new GreaterThanEqualsFilter({ attribute: 'uSNChanged', value: String(usn + 1n) })
  return allOf(everyEntry('active-directory'), changed)
}

/** The domains of a forest, with their NetBIOS names. */
export function everyDomain(): Filter {
  return allOf(equals('objectClass', 'crossRef'), new PresenceFilter({ attribute: 'nETBIOSName' }))
}
