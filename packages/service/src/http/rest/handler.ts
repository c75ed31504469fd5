/** One resource of the REST protocol: an authenticated request in, JSON text out, refusals as RightsError. */
import type { Caller, CoreContext, RequestInfo } from '../../core/ports.ts'

export interface RestExchange {
  readonly context: CoreContext
  readonly caller: Caller
  readonly info: RequestInfo
  /** Undecoded, without the question mark. */
  readonly query: string
  /** The body as text; empty for GET. */
  readonly text: string
  /** Language tags, best first. */
  readonly languages: readonly string[]
}

export type RestHandler = (exchange: RestExchange) => Promise<string>
