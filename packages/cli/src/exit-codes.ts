/**
 * Exit codes of the command line, a contract for scripts: 0 done, 1 finished with findings, 2 usage, 3 refused,
 * 4 unreachable, 5 invalid input, 70 defect of the program; 130 after Ctrl-C, as shells have it.
 */
import { isRightsError, type ErrorCode } from '@sealward/xrml'

export const exitCodes = {
  done: 0,
  findings: 1,
  usage: 2,
  refused: 3,
  unreachable: 4,
  invalid: 5,
  defect: 70,
  interrupted: 130,
} as const

/** The call of the command is wrong or incomplete. */
const usages: readonly ErrorCode[] = [
  'cmdlet-unknown',
  'confirmation-missing',
  'not-connected',
  'option-invalid',
  'secret-as-value',
  'secret-missing',
  'service-missing',
  'usage-invalid',
]

/** Somebody asked properly, and the answer is no. */
const refusals: readonly ErrorCode[] = [
  'account-excluded',
  'account-certificate-not-callers',
  'account-not-in-directory',
  'address-not-waiting',
  'admin-role-missing',
  'admin-token-refused',
  'application-refused',
  'approval-missing',
  'approval-refused',
  'authentication-throttled',
  'client-certificate-refused',
  'cluster-decommissioned',
  'cluster-not-decommissioned',
  'cmdlet-not-available',
  'content-expired',
  'content-revoked',
  'credential-too-new',
  'credentials-missing',
  'credentials-refused',
  'federated-sign-in-required',
  'directory-deletions-refused',
  'directory-not-synchronised',
  'token-subject-mismatch',
  'token-subject-unknown',
  'device-platform-refused',
  'device-platform-unknown',
  'embedded-provider-refused',
  'endpoint-closed',
  'exit-not-applicable',
  'file-password-encrypted',
  'host-name-claimed',
  'key-already-imported',
  'key-state-refused',
  'key-transplant-refused',
  'listener-refused',
  'machine-excluded',
  'migration-url-set',
  'no-rights',
  'not-confirmed',
  'online-publishing-disabled',
  'owner-not-publisher',
  'personality-mismatch',
  'plain-http-refused',
  'protection-disabled',
  'publishing-not-onboarded',
  'server-editing-not-allowed',
  'revocation-list-replaced',
  'right-missing',
  'scp-foreign',
  'scp-forest-missing',
  'scp-not-permitted',
  'service-host-not-allowed',
  'service-read-only',
  'service-refused',
  'sign-in-other-user',
  'sign-in-over',
  'sign-in-refused',
  'state-refused',
  'step-not-due',
  'step-role-missing',
  'template-in-use',
  'tenant-disabled',
  'tenant-not-activated',
  'tenant-not-enabled',
  'ticket-missing',
  'ticket-sign-in-unavailable',
  'tpd-anyone-unmapped',
  'tpd-mode-refused',
  'tpd-not-opened',
  'unauthenticated',
  'undo-refused',
  'unsealing-throttled',
  'user-disabled',
  'user-domain-known',
  'user-domain-own',
  'user-not-in-directory',
  'user-without-address',
]

/** A service, directory or database does not answer, or somebody else is at work; the same call may succeed later. */
const unreachables: readonly ErrorCode[] = [
  'directory-changed-meanwhile',
  'directory-unavailable',
  'forest-unavailable',
  'identity-provider-unavailable',
  'journal-in-use',
  'name-server-unavailable',
  'rate-limited',
  'project-locked',
  'request-misdirected',
  'request-timeout',
  'resource-unknown',
  'revocation-list-stale',
  'service-not-discovered',
  'service-overloaded',
  'service-unreachable',
  'sign-in-failed',
  'windows-sign-in-unavailable',
]

/** A check found something; the report says what. */
const findings: readonly ErrorCode[] = [
  'check-too-long',
  'client-authority-ends',
  'clock-wrong',
  'directory-groups-hidden',
  'disk-space-low',
  'limit-raised',
  'exit-keys-missing',
  'exit-not-disabled',
  'file-mode-loose',
  'issuer-not-covered',
  'key-in-other-tenant',
  'key-path-unsupported',
  'listener-certificate-expired',
  'listener-certificate-name',
  'listener-certificate-untrusted',
  'log-head-broken',
  'report-not-genuine',
  'scp-elsewhere',
  'scp-missing',
  'service-record-elsewhere',
  'service-record-missing',
  'step-check-failed',
  'token-issuer-differs',
]

const special = new Map<ErrorCode, number>([
  ...usages.map((code) => [code, exitCodes.usage] as const),
  ...refusals.map((code) => [code, exitCodes.refused] as const),
  ...unreachables.map((code) => [code, exitCodes.unreachable] as const),
  ...findings.map((code) => [code, exitCodes.findings] as const),
  ['defect', exitCodes.defect],
  ['demonstration-failed', exitCodes.defect],
  ['interrupted', exitCodes.interrupted],
])

/** All other codes of the catalogue say that an input is not valid. */
export function exitCodeOfCode(code: ErrorCode): number {
  return special.get(code) ?? exitCodes.invalid
}

export function exitCodeOf(error: unknown): number {
  if (isRightsError(error)) return exitCodeOfCode(error.code)
  return fileErrorCode(error) === undefined ? exitCodes.defect : exitCodes.invalid
}

/** Operating system errors that the person at the keyboard can mend: missing files, permissions, full disks. */
const fileErrors: ReadonlySet<string> = new Set(
  'ENOENT EACCES EISDIR ENOTDIR EEXIST ENOSPC EPERM EROFS ELOOP ENAMETOOLONG ENOTEMPTY EMFILE EDQUOT'.split(' '),
)

export function fileErrorCode(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' && fileErrors.has(code) ? code : undefined
}
