/** What a check of `sealward doctor` says: what was found, and for what is wrong the code with cause and cure. */
import { errorCatalogue, isRightsError, type ErrorCode } from '@sealward/xrml'
import { describeError } from '../terminal/output.ts'

export interface Finding {
  readonly outcome: 'fine' | 'wrong' | 'skipped'
  readonly found: string
  readonly code: string | null
  readonly cause: string | null
  readonly cure: string | null
}

export function fine(found: string): Finding {
  return { outcome: 'fine', found, code: null, cause: null, cure: null }
}

/** What there is nothing to look at for. */
export function skipped(found: string): Finding {
  return { outcome: 'skipped', found, code: null, cause: null, cure: null }
}

export function wrong(code: ErrorCode, found: string): Finding {
  const { cause, cure } = errorCatalogue[code]
  return { outcome: 'wrong', found, code, cause, cure }
}

/** @param what was looked at */
export function wrongBecause(error: unknown, what: string): Finding {
  const { code, cause, cure, detail } = describeError(error)
  const found = detail === null ? what : `${what}: ${detail}`
  return { outcome: 'wrong', found, code, cause: isRightsError(error) ? errorCatalogue[error.code].cause : cause, cure }
}
