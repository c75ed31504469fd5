/**
 * What the core needs from the world. Adapters implement these interfaces, `compose.ts` joins them; the core itself
 * neither reads a clock nor opens a file.
 */
import type { KeyObject } from 'node:crypto'
import type { Configuration } from './configuration.ts'
import type { Limits } from './limits.ts'
import type { RateLimits } from './rate-limits.ts'
import type { Throttle } from './throttle.ts'
import type { WindowsAccount, WindowsAccounts } from './windows-accounts.ts'
import type { AccountCache } from './account-cache.ts'
import type { Contact, Forests } from './forests.ts'
import type { Store } from './store.ts'

export interface Clock {
  now(): Date
}

export interface Random {
  bytes(count: number): Uint8Array
  /** A new GUID in braces, as documents carry it. */
  guid(): string
  /** A new RSA private key; one or two hundred milliseconds for 2048 bits. */
  keyPair(bits: number): Promise<KeyObject>
}

/** A person in the directory. All addresses are canonical (lower case); `id` never changes and is never given again. */
export interface DirectoryUser {
  readonly id: string
  readonly sid: string
  readonly address: string
  readonly aliases: readonly string[]
  readonly displayName: string
  readonly sidHistory: readonly string[]
  readonly disabled: boolean
}

/** A group of the directory; only security groups decide who may do something. */
export interface DirectoryGroup {
  /** Canonical addresses, the primary one first. */
  readonly addresses: readonly string[]
  readonly kind: 'security' | 'distribution'
}

/** Every method throws RightsError `directory-unavailable` when it cannot know; that is never an answer about rights. */
export interface Directory {
  /** Any address of the user, in any case. */
  findByAddress(address: string): Promise<DirectoryUser | undefined>
  /** A current or historical security identifier. */
  findBySid(sid: string): Promise<DirectoryUser | undefined>
  /**
   * The user of a Windows account, as a domain controller names it: `CORP`, `alice`, in any case.
   * @param domain NetBIOS name of the domain, not its DNS name
   * @param name the account name (`sAMAccountName`), never a mail address
   */
  findByAccount(domain: string, name: string): Promise<DirectoryUser | undefined>
  /** Canonical addresses of all groups that the user belongs to, directly or through other groups. */
  groupsOf(user: DirectoryUser): Promise<readonly string[]>
  /**
   * Canonical addresses of all groups that contacts belong to, directly or through other groups.
   * @param addresses canonical; contacts have any of them
   */
  groupsOfContact(addresses: readonly string[]): Promise<readonly string[]>
  /** Contacts among the members of a group and of the groups within it; none for a name that is no group. */
  contactsIn(group: string): Promise<readonly Contact[]>
  /** Any address of the group, in any case. */
  findGroup(address: string): Promise<DirectoryGroup | undefined>
  /** Accounts and groups that need no mail address. */
  readonly accounts: WindowsAccounts
  /** The user, if the password is right and the account enabled. Takes the same time either way. */
  verifyPassword(address: string, password: Uint8Array): Promise<DirectoryUser | undefined>
  /** Forgets what is remembered: what changed in the directory counts from the next question on (threat P19). */
  flush(): void
}

/** Who asks, as the door has authenticated. */
export interface Caller {
  readonly user: DirectoryUser
  readonly authentication: 'basic' | 'bearer' | 'kerberos' | 'ntlm' | 'certificate'
}

/** An account without a mail address that has signed in with Windows: a server, which may be admitted where no rights are asked for. */
export interface AccountCaller {
  readonly account: WindowsAccount
  readonly authentication: 'kerberos' | 'ntlm'
}

export type DirectoryCaller = Caller | AccountCaller

/** Somebody of another organisation, by the addresses that a federated identity provider has vouched for. */
export interface FederatedPerson {
  /** GUID in braces, always the same for what one provider calls one person. */
  readonly id: string
  /** Canonical, like the aliases. */
  readonly address: string
  readonly aliases: readonly string[]
}

/** Who asks without being in the directory. */
export interface FederatedCaller {
  readonly user: FederatedPerson
  readonly authentication: 'federated'
}

export type Sender = DirectoryCaller | FederatedCaller

/** What is recorded about a request besides its caller. */
export interface RequestInfo {
  readonly correlationId: string
  /** What several requests belong to, where a client says so. */
  readonly scenarioId?: string
  readonly door: 'soap' | 'rest'
  readonly remoteAddress: string
  readonly application?: string
  /** The path asked for, without query. */
  readonly path?: string
  /** Host and port as the client wrote them. */
  readonly host?: string
  /** Whether the client's connection was encrypted. */
  readonly secure?: boolean
  /** The question of another cluster of which this one is a part, as `core/expansion-trail.ts` explains. */
  readonly expansion?: string
  /** Whether the request has its row in the request log already. */
  readonly progress?: { recorded: boolean }
}

export interface Federation {
  /** Each with the mail domains that it is the only authority for, as A-labels. */
  readonly providers: readonly { readonly issuer: string; readonly domains: readonly string[] }[]
  /** How long their account certificates are valid, in milliseconds. */
  readonly validity: number
}

/** Settings of one cluster or tenant: personality and configuration as data. Durations in milliseconds. */
export interface Cluster {
  /** Part of every primary key in the store. */
  readonly tenant: string
  readonly personality: 'cluster' | 'tenant'
  /** Name of this machine in the request log. */
  readonly nodeName: string
  /** Mail domains of the organisation, in A-labels, the initial one first. */
  readonly domains: readonly string[]
  /** Of a tenant, before its default templates' names. */
  readonly organisation: string
  /** Days without licences after which a tenant is disabled without further question. */
  readonly quietDaysBeforeDisable: number
  /** GUID of the installation, if its names carry one; else the store has made one. */
  readonly serviceId?: string
  /** Scheme, host, port and base path, without trailing slash. */
  readonly baseUrl: string
  readonly certificationUrl: string
  readonly licensingUrl: string
  readonly externalCertificationUrl?: string
  readonly externalLicensingUrl?: string
  readonly onlinePublishing: boolean
  readonly decommissioned: boolean
  readonly persistentValidity: number
  readonly temporaryValidity: number
  /** How far before its issue a certificate becomes valid, for clients whose clocks are behind. */
  readonly validityTolerance: number
  /** How much later than a licence the credentials of its reader may have been created. */
  readonly creationTimeTolerance: number
  /** Longest time that a use licence stays valid without being asked for again; absent: no limit. */
  readonly useLicenseValidityMost?: number
  /** Fingerprints of keys of machine certification authorities besides our own. */
  readonly trustedMachineAuthorities: readonly string[]
  /**
   * Fingerprints of the licensor keys of the root cluster, for a service that only licenses: their account certificates
   * name people of the same directory.
   */
  readonly rootAccountIssuers: readonly string[]
  /** Canonical addresses of accounts that may publish for another owner, such as bulk protection services. */
  readonly publishersForOthers: readonly string[]
  /** People who are certified on the word of other identity providers; absent where nobody is. */
  readonly federation?: Federation
  /** What happens when a content key turns up in a licence of somebody who never held it. */
  readonly keyTransplant: 'alert' | 'deny'
  readonly limits: Limits
}

export interface CoreContext {
  readonly cluster: Cluster
  readonly directory: Directory
  readonly store: Store
  readonly clock: Clock
  readonly random: Random
  /** Keys, templates and super users as they are now: an immutable snapshot, read again when its version changed. */
  readonly configuration: () => Promise<Configuration>
  readonly unsealFailures: Throttle
  readonly rateLimits: RateLimits
  readonly accountCache: AccountCache
  /** Clusters of other forests. */
  readonly forests: Forests
}
