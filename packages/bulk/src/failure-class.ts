/** Why files of a run failed, in the few classes that a person acts on. */
import type { ErrorCode } from '@sealward/xrml'

export const failureClasses = [
  'no-rights',
  'key-unknown',
  'damaged',
  'unsupported',
  'locked',
  'too-large',
  'changed',
  'no-template',
  'service',
] as const

export type FailureClass = (typeof failureClasses)[number]

const codes: Partial<Record<ErrorCode, FailureClass>> = {
  'no-rights': 'no-rights',
  'right-missing': 'no-rights',
  'content-expired': 'no-rights',
  'owner-not-publisher': 'no-rights',
  'endpoint-closed': 'no-rights',
  'no-matching-key': 'key-unknown',
  'key-not-exported': 'key-unknown',
  'chain-anchor-untrusted': 'key-unknown',
  'draft-principal-unknown': 'key-unknown',
  'format-not-readable': 'unsupported',
  'format-not-writable': 'unsupported',
  'file-password-encrypted': 'unsupported',
  'pfile-version-unsupported': 'unsupported',
  'symmetric-key-unsupported': 'unsupported',
  'cipher-mode-unknown': 'unsupported',
  'file-too-large': 'too-large',
  'content-too-large': 'too-large',
  'xml-limit-exceeded': 'too-large',
  'compound-file-limit-exceeded': 'too-large',
  'file-unreadable': 'locked',
  'file-not-written': 'locked',
  'file-changed-meanwhile': 'changed',
  'file-exists': 'changed',
  'template-not-mapped': 'no-template',
  'template-unknown': 'no-template',
  'service-unreachable': 'service',
  'service-refused': 'service',
  'service-answer-refused': 'service',
  'service-host-not-allowed': 'service',
  'credentials-refused': 'service',
  'credentials-missing': 'service',
  'ticket-missing': 'service',
  'ticket-sign-in-unavailable': 'service',
  'cluster-decommissioned': 'service',
  'cluster-not-decommissioned': 'service',
  'online-publishing-disabled': 'service',
  'publishing-not-onboarded': 'service',
  'resource-unknown': 'service',
  'service-read-only': 'service',
  'tenant-not-enabled': 'service',
}

/**
 * ```ts
 * failureClassOf('right-missing') // 'no-rights'
 * ```
 * What has no row comes from reading the file.
 */
export function failureClassOf(code: ErrorCode): FailureClass {
  return codes[code] ?? 'damaged'
}
