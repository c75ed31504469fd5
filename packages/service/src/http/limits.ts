/**
 * What one client may cost. Sizes are bytes, times milliseconds. The licence limit is above that of the other calls
 * because a licence may name a thousand people and travels as base64 in JSON.
 */
import { availableParallelism } from 'node:os'

export interface HttpLimits {
  /** Body of a call that opens a licence. */
  readonly licenseBodyBytes: number
  /** Body of every other call. */
  readonly bodyBytes: number
  /** Bodies above that size from one address at once. */
  readonly largeBodiesPerAddress: number
  readonly headerBytes: number
  readonly headersTimeout: number
  /** Header and body together. */
  readonly requestTimeout: number
  readonly idleTimeout: number
  /** How often the two timeouts are looked at. */
  readonly timeoutCheckInterval: number
  /** Requests of this process that are worked on at once. */
  readonly requestsAtOnce: number
  /** Requests that wait for one of those places; the next ones are sent away. */
  readonly requestsWaiting: number
  /** How long one of them waits before it is sent away. */
  readonly waitingTime: number
  readonly connectionsPerAddress: number
  /** How long closing waits for requests that are being answered or still arrive. */
  readonly closingTime: number
}

const mebibyte = 1024 * 1024

export const defaultHttpLimits: HttpLimits = {
  licenseBodyBytes: 12 * mebibyte,
  bodyBytes: mebibyte,
  largeBodiesPerAddress: 2,
  headerBytes: 32 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  idleTimeout: 60_000,
  timeoutCheckInterval: 1_000,
  requestsAtOnce: 4 * availableParallelism(),
  requestsWaiting: 256,
  waitingTime: 10_000,
  connectionsPerAddress: 256,
  closingTime: 5_000,
}
