/** What is excluded, as the store keeps it and as the configuration holds it. */
import type { ExcludedApplication } from '@sealward/xrml'
import type { StoredRevocation } from './stored-revocation.ts'

export const exclusionKinds = [
  /** By address. */
  'user',
  /** By the fingerprint of the key in account certificates. */
  'account-key',
  /** By the GUID of the machine, or the fingerprint of its key. */
  'machine',
  /** By file name and versions; enforced by clients. */
  'application',
  /** By the lowest version that is accepted. */
  'security-processor',
  /** By versions; enforced by clients. */
  'operating-system',
] as const

export type ExclusionKind = (typeof exclusionKinds)[number]

export interface StoredExclusion {
  readonly kind: ExclusionKind
  /** Canonical address, fingerprint, GUID or file name; empty where there is one exclusion of the kind. */
  readonly subject: string
  /** Versions, or empty. */
  readonly minimum: string
  readonly maximum: string
  readonly addedAt: Date
}

export interface Exclusions {
  readonly users: ReadonlySet<string>
  /** Identifiers of people whose every certificate is revoked. */
  readonly principals: ReadonlySet<string>
  readonly accountKeys: ReadonlySet<string>
  readonly machines: ReadonlySet<string>
  readonly applications: readonly ExcludedApplication[]
  readonly securityProcessor: string | undefined
  readonly operatingSystem: Pick<StoredExclusion, 'minimum' | 'maximum'> | undefined
}

/** @param revoked people and their keys, who are excluded as well */
export function exclusionsOf(
  stored: readonly StoredExclusion[],
  revoked: readonly Pick<StoredRevocation, 'type' | 'subject'>[],
): Exclusions {
  const of = (kind: ExclusionKind) => stored.filter((each) => each.kind === kind)
  const subjects = (kind: ExclusionKind) => of(kind).map(({ subject }) => subject)
  const revokedOf = (type: string) => revoked.filter((each) => each.type === type).map(({ subject }) => subject)
  return {
    users: new Set(subjects('user')),
    principals: new Set(revokedOf('principal-id')),
    accountKeys: new Set([...subjects('account-key'), ...revokedOf('principal-key')]),
    machines: new Set(subjects('machine')),
    applications: of('application').map(({ subject, minimum, maximum }) => ({ file: subject, minimum, maximum })),
    securityProcessor: of('security-processor')[0]?.minimum,
    operatingSystem: of('operating-system')[0],
  }
}
