/**
 * The store as the core sees it: one repository per aggregate, bound to one tenant. Whatever belongs together is written
 * in one transaction; secrets are sealed and opened below this line.
 */
import type { KeyObject } from 'node:crypto'
import type { KeyStore } from '@sealward/keys'
import type { KeyState, SuperUsers, TemplateOrigin, TrustedUserDomain } from './configuration.ts'
import type { ExclusionKind, StoredExclusion } from './exclusion-lists.ts'
import type { LogRecord, LogRow } from './log-chain.ts'
import type { Neighbour } from './neighbours.ts'
import type { RequestRecord } from './request-record.ts'
import type { RevocationType, StoredRevocation } from './stored-revocation.ts'
import type { Settings } from './settings.ts'
import type { SynchronisedDirectoryRepository } from './synchronised-directory.ts'
import type { TokenSubjectRepository } from './token-subjects.ts'

export interface StoredServiceKey {
  /** Fingerprint of the public key. */
  readonly id: string
  /** Where the private key is, in the vault. */
  readonly vaultKeyId: string
  readonly state: KeyState
  readonly origin: 'created' | 'imported'
  readonly createdAt: Date
  readonly activatedAt: Date | undefined
  readonly chain: readonly string[]
  /** What administrators call it. */
  readonly friendlyName: string | undefined
  /** When it was last exported. */
  readonly exportedAt: Date | undefined
}

export interface KeyRepository {
  list(): Promise<readonly StoredServiceKey[]>
  insert(key: StoredServiceKey): Promise<void>
  setState(id: string, state: KeyState, activatedAt: Date | undefined): Promise<void>
  setExported(id: string, exportedAt: Date): Promise<void>
}

export interface StoredTemplate {
  readonly id: string
  readonly origin: TemplateOrigin
  readonly state: 'published' | 'archived'
  readonly text: string
  readonly changedAt: Date
}

export interface TemplateRepository {
  list(): Promise<readonly StoredTemplate[]>
  put(template: StoredTemplate): Promise<void>
  /** All versions of a template, and its scope. */
  remove(id: string): Promise<void>
  /** Canonical addresses of those to whom templates are offered, by GUID; without those that everybody gets. */
  scopes(): Promise<ReadonlyMap<string, readonly string[]>>
  /** @param addresses none for everybody */
  putScope(id: string, addresses: readonly string[]): Promise<void>
}

export interface SettingRepository {
  read(): Promise<Settings>
  /** Undefined takes a setting back to what it was before anybody set it. */
  put<Name extends keyof Settings>(name: Name, value: Settings[Name], changedAt: Date): Promise<void>
}

/** One row per request, in the order in which they were answered. */
export interface RequestRepository {
  append(record: RequestRecord): Promise<void>
  /** Rows after a sequence number. */
  after(sequence: number, limit: number): Promise<readonly RequestRow[]>
  /** Rows of a time, its end excluded, after a sequence number. */
  during(from: Date, until: Date, after: number, limit: number): Promise<readonly RequestRow[]>
  /** When the last request of one of these operations was, for one template if it is named. */
  lastOf(operations: readonly string[], template?: string): Promise<Date | undefined>
}

export interface RequestRow {
  /** 1 for the first row; without gaps. */
  readonly sequence: number
  readonly record: RequestRecord
}

/** Who holds a publishing certificate that a key issued, and until when; the newest per user and key. */
export interface IssuedClientLicensor {
  readonly userId: string
  readonly address: string
  readonly keyId: string
  readonly issuedAt: Date
  readonly validUntil: Date
}

export interface ClientLicensorRepository {
  list(): Promise<readonly IssuedClientLicensor[]>
  put(issued: IssuedClientLicensor): Promise<void>
}

/** A key with which somebody publishes offline over REST: licences made with it are opened with it, for ever. */
export interface OfflineKey {
  /** Fingerprint of the public key. */
  readonly id: string
  readonly userId: string
  /** The mail address that its certificates name. */
  readonly address: string
  /** Fingerprint of the licensor key that signed its certificates. */
  readonly licensorKey: string
  readonly createdAt: Date
  /** When the last of its certificates ends. */
  readonly validUntil: Date
  readonly privateKey: KeyObject
}

export interface OfflineKeyRepository {
  find(id: string): Promise<OfflineKey | undefined>
  /** The newest key of an account under one of its addresses and a licensor key. */
  newest(account: Pick<OfflineKey, 'userId' | 'address' | 'licensorKey'>): Promise<OfflineKey | undefined>
  /** How many there are, ended ones included: what was published with them needs them. */
  count(): Promise<number>
  insert(key: OfflineKey): Promise<void>
  setValidUntil(id: string, validUntil: Date): Promise<void>
}

/** The key pair of a user's account certificates, one per cryptographic mode; made once, then used for ever. */
export interface AccountKeyRepository {
  find(userId: string, mode: number): Promise<KeyObject | undefined>
  /** Keeps the first key if there is one already, and gives the key that counts. */
  insertOnce(userId: string, mode: number, createdAt: Date, key: KeyObject): Promise<KeyObject>
  /** For a key pair that nobody may use any more. */
  replace(userId: string, mode: number, createdAt: Date, key: KeyObject): Promise<void>
}

export type AuthorityPurpose = 'root' | 'enrolment' | 'machine'

/** A certification authority of our own hierarchy. */
export interface StoredAuthority {
  readonly purpose: AuthorityPurpose
  readonly mode: number
  readonly vaultKeyId: string
  /** Empty for a root, whose certificate does not exist. */
  readonly chain: readonly string[]
}

export interface AuthorityRepository {
  list(): Promise<readonly StoredAuthority[]>
  insert(authority: StoredAuthority, createdAt: Date): Promise<void>
}

export type StoredUserDomain = Omit<TrustedUserDomain, 'licensor' | 'mode'>

export interface UserDomainRepository {
  /** In the order of their import. */
  list(): Promise<readonly StoredUserDomain[]>
  insert(domain: StoredUserDomain): Promise<void>
  setMailDomains(id: string, mailDomains: readonly string[]): Promise<void>
  remove(id: string): Promise<void>
}

export interface SuperUserRepository {
  read(): Promise<Omit<SuperUsers, 'group'>>
  setEnabled(enabled: boolean): Promise<void>
  add(address: string): Promise<void>
  remove(address: string): Promise<void>
}

/** Where a content key was first seen, and who has held it with the right to take protection off. */
export interface ContentKeyLineage {
  readonly tag: string
  readonly contentId: string
  /** Canonical addresses of issuer and owner. */
  readonly holders: readonly string[]
}

export interface LineageRepository {
  find(tag: string): Promise<ContentKeyLineage | undefined>
  insert(lineage: ContentKeyLineage, firstSeenAt: Date): Promise<void>
  addHolder(tag: string, holder: string): Promise<void>
}

export type LogName = 'licenses' | 'administration'

export interface LogRepository {
  append(log: LogName, record: LogRecord): Promise<void>
  /** Rows after a sequence number, in order. */
  read(log: LogName, after: number, limit: number): Promise<readonly LogRow[]>
  /** The last row as sealed with the service's secret; undefined for a log without rows. */
  head(log: LogName): Promise<LogHead | undefined>
}

export interface LogHead {
  readonly sequence: number
  readonly hash: string
  /** Whether the seal was made with the secret of this service. */
  readonly sealed: boolean
}

export interface ExclusionRepository {
  list(): Promise<readonly StoredExclusion[]>
  put(exclusion: StoredExclusion): Promise<void>
  remove(kind: ExclusionKind, subject: string): Promise<void>
}

export interface RevocationRepository {
  /** In the order in which they were made. @param publisher only those limited to it; empty for those of administrators */
  list(types: readonly RevocationType[], publisher?: string): Promise<readonly StoredRevocation[]>
  /** @param subjects one at least */
  find(subjects: readonly Pick<StoredRevocation, 'type' | 'subject'>[]): Promise<readonly StoredRevocation[]>
  /** The first one counts. */
  put(revocation: StoredRevocation): Promise<void>
  /** @param publisher only the revocation by this one; that of everybody unless given */
  remove(type: RevocationType, subject: string, publisher?: string): Promise<void>
}

/** The licences of one person for one document, taken together. */
export interface IssuedLicense {
  readonly contentId: string
  readonly userId: string
  readonly address: string
  /** When the last of them ends; undefined for never. */
  readonly usableUntil: Date | undefined
  /** Greatest age of our revocation list, in milliseconds, beside which it may be used. */
  readonly refresh: number | undefined
  readonly issuedAt: Date
}

export interface IssuedLicenseRepository {
  put(issued: IssuedLicense): Promise<void>
  /** Of a document, of a person, or of both; what ends last comes last. */
  list(filter: { readonly contentId?: string; readonly userId?: string }): Promise<readonly IssuedLicense[]>
}

export interface Repositories {
  /** Grows with every change that an administrator makes. */
  configurationVersion(): Promise<number>
  nextConfigurationVersion(): Promise<void>
  /** The other tenants in the same database. */
  neighbours(): Promise<readonly Neighbour[]>
  /** Private keys of the service itself. */
  readonly vault: KeyStore
  readonly keys: KeyRepository
  readonly templates: TemplateRepository
  readonly superUsers: SuperUserRepository
  readonly userDomains: UserDomainRepository
  readonly accountKeys: AccountKeyRepository
  readonly authorities: AuthorityRepository
  readonly lineage: LineageRepository
  readonly logs: LogRepository
  readonly settings: SettingRepository
  readonly requests: RequestRepository
  readonly clientLicensors: ClientLicensorRepository
  readonly synchronisedDirectory: SynchronisedDirectoryRepository
  readonly exclusions: ExclusionRepository
  readonly revocations: RevocationRepository
  readonly issuedLicenses: IssuedLicenseRepository
  readonly offlineKeys: OfflineKeyRepository
  readonly tokenSubjects: TokenSubjectRepository
}

export interface Store extends Repositories {
  /** All or nothing. Only the repositories given to `work` take part in it. */
  transaction<T>(work: (repositories: Repositories) => Promise<T>): Promise<T>
  /** A keyed digest with a secret of this service; the purpose keeps uses apart. */
  mac(purpose: string, data: Uint8Array): Uint8Array
  close(): Promise<void>
}
