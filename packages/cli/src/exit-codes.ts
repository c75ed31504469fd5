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
  'confirmation-missing',
  'option-invalid',
  'secret-missing',
  'service-missing',
  'usage-invalid',
]

/** Somebody asked properly, and the answer is no. */
const refusals: readonly ErrorCode[] = [
  'account-certificate-not-callers',
  'authentication-throttled',
  'cluster-decommissioned',
  'content-expired',
  'credential-too-new',
  'credentials-missing',
  'credentials-refused',
  'file-password-encrypted',
  'key-already-imported',
  'key-state-refused',
  'key-transplant-refused',
  'listener-refused',
  'no-rights',
  'not-confirmed',
  'online-publishing-disabled',
  'owner-not-publisher',
  'plain-http-refused',
  'right-missing',
  'service-host-not-allowed',
  'service-refused',
  'tpd-mode-refused',
  'tpd-not-opened',
  'unauthenticated',
  'unsealing-throttled',
  'user-disabled',
  'user-not-in-directory',
  'user-without-address',
]

/** A service, directory or database does not answer; the same call may succeed later. */
const unreachables: readonly ErrorCode[] = [
  'directory-unavailable',
  'request-timeout',
  'service-overloaded',
  'service-unreachable',
]

const special = new Map<ErrorCode, number>([
  ...usages.map((code) => [code, exitCodes.usage] as const),
  ...refusals.map((code) => [code, exitCodes.refused] as const),
  ...unreachables.map((code) => [code, exitCodes.unreachable] as const),
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
