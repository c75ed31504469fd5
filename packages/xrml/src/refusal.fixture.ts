/** For `assert.throws` and `assert.rejects`: the refusal must be ours, with one of these codes. */
import type { ErrorCode } from './errors/catalogue.ts'
import { isRightsError } from './errors/rights-error.ts'

export function refusal(...codes: readonly ErrorCode[]): (error: unknown) => boolean {
  return (error) => isRightsError(error, ...codes)
}
