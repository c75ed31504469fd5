/**
 * The one error type of Sealward. The core throws it with a stable code; only the edges (SOAP fault map, REST problem
 * map, command-line exit codes) know how a code looks outside.
 */
import { errorCatalogue, type ErrorCode } from './catalogue.ts'

export interface RightsErrorOptions {
  /** What exactly was wrong. Safe to show: never a secret, never key material. */
  readonly detail?: string
  /** The underlying failure, for logs only. */
  readonly cause?: unknown
}

export class RightsError extends Error {
  readonly code: ErrorCode
  readonly cure: string
  readonly detail: string | undefined

  constructor(code: ErrorCode, options: RightsErrorOptions = {}) {
    const entry = errorCatalogue[code]
    super(options.detail === undefined ? entry.cause : `${entry.cause}: ${options.detail}`, { cause: options.cause })
    this.name = 'RightsError'
    this.code = code
    this.cure = entry.cure
    this.detail = options.detail
  }
}

/** True for a RightsError, and, with codes, only for one of those codes. */
export function isRightsError(error: unknown, ...codes: readonly ErrorCode[]): error is RightsError {
  return error instanceof RightsError && (codes.length === 0 || codes.includes(error.code))
}
