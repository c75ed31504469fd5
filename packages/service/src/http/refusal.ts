/** A refusal as HTTP answer. What is written for strangers is the cause of the catalogue, never the detail. */
import { errorCatalogue, RightsError, type ErrorCode } from '@sealward/xrml'

export interface Refusal {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  readonly body: string
}

/** Seconds after which it is worth to try again. */
const retryAfter: Partial<Record<ErrorCode, number>> = {
  'service-overloaded': 1,
  'rate-limited': 1,
  'directory-unavailable': 5,
  'forest-unavailable': 5,
  'identity-provider-unavailable': 30,
  'authentication-throttled': 1,
  'windows-sign-in-unavailable': 5,
  'unsealing-throttled': 1,
}

/** Fastify's own errors, as far as a request can cause them. */
const frameworkErrors: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'request-too-large',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'request-malformed',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'request-malformed',
  FST_ERR_BAD_URL: 'resource-unknown',
}

/** The refusal behind an error; nothing, if the error is a defect. */
export function asRefusal(error: unknown): RightsError | undefined {
  if (error instanceof RightsError) return error
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined
  const code = frameworkErrors[error.code]
  return code === undefined ? undefined : new RightsError(code, { cause: error })
}

/** The code in brackets tells clients of ours apart what has one name on the wire. */
export function publicText(code: ErrorCode | undefined, correlationId: string): string {
  const cause = code === undefined ? 'The service could not answer' : `${errorCatalogue[code].cause} [${code}]`
  return `${cause} (${correlationId})`
}

export function retryHeaders(code: ErrorCode | undefined): Readonly<Record<string, string>> {
  const seconds = code === undefined ? undefined : retryAfter[code]
  return seconds === undefined ? {} : { 'retry-after': String(seconds) }
}
