/**
 * What the administrator has decided, as one immutable snapshot with a version: keys, templates, super users. A request
 * works with one snapshot; a licence is only recorded while its snapshot is still the current one.
 */
import {
  canonicalGuid,
  distributionUrl,
  RightsError,
  type CryptographicMode,
  type IssuingCertificate,
  type KeyHandle,
  type PublicKey,
  type RightsPolicy,
  type XrmlDocument,
} from '@sealward/xrml'
import type { Exclusions } from './exclusion-lists.ts'
import { answersForUrl } from './former-sites.ts'
import type { Settings } from './settings.ts'

/** Exactly one key is active and signs; archived keys still open the licences that were made for them. */
export type KeyState = 'pending' | 'active' | 'archived'

/** A server licensor key with its certificate: our own, or that of a trusted publishing domain. */
export interface ServiceKey {
  /** Fingerprint of the public key. */
  readonly id: string
  readonly state: KeyState
  readonly origin: 'created' | 'imported'
  readonly createdAt: Date
  /** When it first became active; account certificates under keys that were never active are not ours. */
  readonly activatedAt: Date | undefined
  readonly handle: KeyHandle
  readonly mode: CryptographicMode
  readonly licensor: IssuingCertificate
  /** The server licensor certificate and its issuers, exact texts. */
  readonly chain: readonly string[]
  /** What administrators call it. */
  readonly friendlyName: string | undefined
  readonly exportedAt: Date | undefined
}

/** `own` for templates of this service, else the id of the key whose trusted publishing domain they came with. */
export type TemplateOrigin = string

export const ownTemplate: TemplateOrigin = 'own'

export interface Template {
  /** Canonical GUID: lower case, without braces. */
  readonly id: string
  readonly origin: TemplateOrigin
  readonly state: 'published' | 'archived'
  readonly document: XrmlDocument
  readonly policy: RightsPolicy
  /** Base64 digest of the template's signature: its version. */
  readonly hash: string
  /** Canonical addresses of the people and groups to whom it is offered; none for everybody. Opening never asks it. */
  readonly scope: readonly string[]
}

/** The issuer of machine certificates for our own clients. */
export interface MachineAuthority {
  /** Number of the cryptographic mode whose hash it signs with. */
  readonly mode: number
  readonly handle: KeyHandle
  readonly certificate: IssuingCertificate
  readonly chain: readonly string[]
}

export interface SuperUsers {
  readonly enabled: boolean
  /** Canonical primary addresses of users; never aliases or groups (exact identity). */
  readonly addresses: readonly string[]
  /** Canonical address of a group whose members, nested ones included, are super users too. */
  readonly group: string | undefined
}

/** Another organisation whose account certificates are accepted (MS-RMPR 3.4.1, trustedRacIssuers). */
export interface TrustedUserDomain {
  /** Fingerprint of the key that issues them. */
  readonly id: string
  /** What administrators call it. */
  readonly displayName: string
  /** Its licensor certificate and the issuers, exact texts. */
  readonly chain: readonly string[]
  /** Canonical mail domains, children included; `*` alone for all. */
  readonly mailDomains: readonly string[]
  /** Whether accounts of type Federation are accepted from it: those of tenants, and of federated sign-in. */
  readonly federatedUsers: boolean
  readonly importedAt: Date
  readonly licensor: IssuingCertificate
  readonly mode: CryptographicMode
}

export interface Configuration {
  readonly version: number
  readonly keys: ReadonlyMap<string, ServiceKey>
  readonly activeKey: ServiceKey | undefined
  /** Keys whose account certificates and clients are ours. */
  readonly ownKeys: readonly ServiceKey[]
  readonly templates: ReadonlyMap<string, readonly Template[]>
  readonly superUsers: SuperUsers
  readonly userDomains: readonly TrustedUserDomain[]
  readonly settings: Settings
  readonly exclusions: Exclusions
  readonly machineAuthorities: readonly MachineAuthority[]
}

/** @throws RightsError `no-active-key` */
export function requireActiveKey(configuration: Configuration): ServiceKey {
  if (configuration.activeKey === undefined) throw new RightsError('no-active-key')
  return configuration.activeKey
}

export function keyOf(configuration: Configuration, publicKey: PublicKey): ServiceKey | undefined {
  return configuration.keys.get(publicKey.fingerprint)
}

/** Keys that have signed for this service, and those of former services whose names it has taken over. */
export function ownKeysOf(
  configuration: Pick<Configuration, 'keys' | 'templates' | 'settings'>,
): readonly ServiceKey[] {
  const { hostNames } = configuration.settings
  return [...configuration.keys.values()].filter(
    (key) =>
      key.activatedAt !== undefined ||
      (key.state !== 'pending' && licensingUrlsOf(configuration, key).some((url) => answersForUrl(hostNames, url))),
  )
}

/** The licensing addresses that came with a key: of its certificate, and of the templates that it signed. */
export function licensingUrlsOf(configuration: Pick<Configuration, 'templates'>, key: ServiceKey): readonly string[] {
  const { url } = key.licensor
  const published = [...configuration.templates.values()]
    .flat()
    .filter((template) => template.origin === key.id)
    .flatMap(({ policy }) => distributionUrl(policy.distributionPoints, 'Publishing-URL') ?? [])
  const own = url === undefined ? [] : [licensingBelow(url.replace(/\/+$/, ''))]
  return [...new Set([...own, ...published])]
}

/** Certificates of licensors name the cluster as it was configured, with whatever base path; the spelling stays. */
function licensingBelow(url: string): string {
  return /\/licensing$/i.test(url) ? url : `${url}/licensing`
}

/**
 * The current version of a template for a licence that was made for `key` (MS-RMPR 3.4.4.1): the service's own, else that
 * of the publishing domain to which the key belongs. A template of a third domain with the same GUID is none of its business.
 */
export function currentTemplate(configuration: Configuration, id: string, key: ServiceKey): Template | undefined {
  const versions = configuration.templates.get(canonicalGuid(id)) ?? []
  return (
    versions.find((template) => template.origin === ownTemplate) ??
    versions.find((template) => template.origin === key.id)
  )
}

/** Templates that people may protect with, in the order of their GUIDs. */
export function publishedTemplates(configuration: Configuration): readonly Template[] {
  return [...configuration.templates.values()]
    .flat()
    .filter((template) => template.state === 'published' && template.origin === ownTemplate)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
}
