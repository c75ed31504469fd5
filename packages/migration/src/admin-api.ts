/**
 * What a service lets an administrator do, as the migration uses it: one interface that the HTTP client, and the fake of
 * the tests, implement. Clusters and tenants are the same program and answer the same operations.
 */

export type Personality = 'cluster' | 'tenant'
export type ServiceState = 'serving' | 'read-only' | 'decommissioned' | 'not-activated' | 'enabled' | 'disabled'

export interface OnboardingPolicy {
  readonly useLicense: boolean
  /** Address or identifier of the group whose members may protect. */
  readonly group?: string
  readonly scope: 'All' | 'WindowsApp' | 'MobileApp'
}

/** Whom a read-only cluster refuses to let protect. */
export interface ReadOnlyRule {
  readonly everyone?: boolean
  readonly group?: string
}

export interface ServiceConfiguration {
  readonly personality: Personality
  /** GUID that the host name of a tenant begins with. */
  readonly serviceId: string
  readonly state: ServiceState
  readonly publicUrl: string
  readonly licensingUrl: string
  readonly externalLicensingUrl?: string
  readonly certificationUrl: string
  /** Hosts of others whose place the service has taken, with explicit ports where they have one. */
  readonly hostNames: readonly string[]
  /** Fingerprint. */
  readonly activeKey?: string
  readonly keys: number
  readonly templates: number
  readonly superUsersEnabled: boolean
  readonly onboarding?: OnboardingPolicy
  readonly maxUseLicenseDays?: number
  readonly migrationUrl?: string
  readonly readOnly?: ReadOnlyRule
  readonly version: string
}

export interface ServiceKeySummary {
  /** Fingerprint of the public key. */
  readonly id: string
  readonly state: 'pending' | 'active' | 'archived'
  readonly origin: string
  readonly mode: 1 | 2
  readonly bits: number
  readonly name?: string
  readonly friendlyName?: string
  readonly url?: string
  readonly root: string
  readonly createdAt: string
  readonly activatedAt?: string
  readonly templates: number
  readonly licensingUrls: readonly string[]
}

export interface TemplateName {
  readonly lcid: number
  readonly name: string
  readonly description: string
}

export interface TemplateGrant {
  readonly to: string
  readonly rights: readonly string[]
}

/** When content made with a template ends: on a day, or after days. */
export interface TemplateExpiry {
  readonly onDate?: string
  readonly afterDays?: number
}

export interface TemplateSummary {
  /** GUID, in braces. */
  readonly id: string
  readonly origin: string
  readonly state: 'published' | 'archived'
  readonly names: readonly TemplateName[]
  readonly grants: readonly TemplateGrant[]
  readonly expiry?: TemplateExpiry
  readonly licenseValidityDays?: number
  readonly referral?: string
  readonly issuedAt: string
  readonly hash: string
}

/** A template without what the service gives it itself. */
export interface TemplateContent {
  readonly names: readonly TemplateName[]
  readonly grants: readonly TemplateGrant[]
  readonly expiry?: TemplateExpiry
  /** How long a use licence lives; 0 asks for every opening, -1 without limit. */
  readonly licenseValidityDays?: number
  /** Whom to ask for rights. */
  readonly referral?: string
}

export type AnyoneRule = 'refuse' | 'drop' | { readonly grantTo: readonly string[] }

export interface ImportDomainRequest {
  readonly file: Uint8Array
  readonly password: string
  /** Fingerprints of root keys. */
  readonly trustedRoots: readonly string[]
  readonly friendlyName?: string
  readonly active?: boolean
  /** For a file without its key. */
  readonly privateKeyPem?: string
  readonly anyone?: AnyoneRule
}

export interface ImportedDomain {
  readonly keyId: string
  readonly mode: 1 | 2
  readonly active: boolean
  /** `anyone`: the rights that everybody had in the template. */
  readonly templates: readonly { readonly id: string; readonly name: string; readonly anyone: readonly string[] }[]
  readonly warnings: readonly string[]
}

export interface SuperUserList {
  readonly enabled: boolean
  readonly users: readonly string[]
  readonly group?: string
}

/** An organisation whose account certificates the service accepts; its own ones are among them. */
export interface TrustedUserDomain {
  /** Fingerprint of the key that issues them. */
  readonly id: string
  readonly own: boolean
  readonly displayName: string
  /** Children included; `*` for all that are nobody else's. */
  readonly mailDomains: readonly string[]
  /** Whether accounts of tenants are accepted, too. */
  readonly federatedUsers: boolean
}

/** A row of the documented ServiceRequest view. */
export interface RequestRow {
  readonly sequence: number
  readonly hostMachineName: string
  /** ISO 8601, UTC. */
  readonly requestTime: string
  readonly requestPath: string
  readonly requestType: string
  readonly requestUserAddress: string
  readonly requestUserAgent: string
  readonly authenticatedState: string
  readonly secureConnectionState: string
  readonly authenticatedId: string
  readonly successOrFailure: 'Succeeded' | 'Failed'
  readonly metadata: RequestMetadata
}

export interface RequestMetadata {
  readonly result?: string
  readonly contentId?: string
  /** Fingerprint of the key that the licence is sealed to. */
  readonly issuerKey?: string
  readonly templateId?: string
  readonly owner?: string
  /** The host that the client asked for. */
  readonly host?: string
  /** Licensing URL in the licence. */
  readonly url?: string
}

export interface RequestPage {
  readonly rows: readonly RequestRow[]
  /** Goes into `after` of the next call. */
  readonly next?: number
}

export interface IssuedLicensor {
  readonly user: string
  readonly keyId: string
  readonly issuedAt: string
  readonly validUntil: string
}

export interface DecisionPreview {
  readonly granted: boolean
  readonly ground?: string
  readonly rights?: readonly string[]
  readonly reason?: string
}

/** Every operation throws RightsError: the code of the service, `service-unreachable` or `service-answer-refused`. */
export interface AdminApi {
  configuration(): Promise<ServiceConfiguration>
  setState(state: ServiceState, options?: { readonly force?: boolean }): Promise<{ readonly previous: ServiceState }>
  setReadOnly(rule: ReadOnlyRule | undefined): Promise<void>
  setHostNames(hostNames: readonly string[]): Promise<void>
  keys(): Promise<readonly ServiceKeySummary[]>
  importDomain(request: ImportDomainRequest): Promise<ImportedDomain>
  generateKey(name: string): Promise<{ readonly keyId: string }>
  activateKey(keyId: string): Promise<{ readonly replaced?: string }>
  exportKey(keyId: string, password: string): Promise<Uint8Array>
  /** @param id only the versions of one template */
  templates(id?: string): Promise<readonly TemplateSummary[]>
  publishTemplate(id: string): Promise<void>
  archiveTemplate(id: string): Promise<void>
  updateTemplate(id: string, content: TemplateContent): Promise<void>
  onboarding(): Promise<OnboardingPolicy | undefined>
  /** `undefined` removes the policy. */
  setOnboarding(policy: OnboardingPolicy | undefined): Promise<void>
  superUsers(): Promise<SuperUserList>
  userDomains(): Promise<readonly TrustedUserDomain[]>
  requests(after: number, limit: number): Promise<RequestPage>
  issuedLicensors(): Promise<readonly IssuedLicensor[]>
  /** @param state as if the service were in it; its own unless given */
  decide(serialized: string, address: string, state?: ServiceState): Promise<DecisionPreview>
}
