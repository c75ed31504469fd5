/**
 * What one client may cost, as the HTTP server counts it. Sizes are bytes, times milliseconds. Bodies and times are those
 * of the table in `core/limits.ts`; a licence may be larger than other calls because it may name a thousand people.
 */
import { availableParallelism } from 'node:os'
import { standardLimits, type Limits } from '../core/limits.ts'

export interface HttpLimits {
  /** Body of a SOAP call to the services for licences, or to the administration. */
  readonly licenseBodyBytes: number
  /** Body of a REST request with a licence. */
  readonly restLicenseBodyBytes: number
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

type ListenerTimes = Pick<Limits, 'headerSeconds' | 'bodySeconds' | 'idleSeconds'>

export const defaultHttpLimits: HttpLimits = {
  ...bodiesOf(standardLimits),
  ...timesOf(standardLimits),
  largeBodiesPerAddress: 2,
  headerBytes: 32 * 1024,
  requestsAtOnce: 4 * availableParallelism(),
  requestsWaiting: 256,
  waitingTime: 10_000,
  connectionsPerAddress: 256,
  closingTime: 5_000,
}

export function httpLimitsOf(limits: Limits): HttpLimits {
  return { ...defaultHttpLimits, ...bodiesOf(limits), ...timesOf(limits) }
}

/** Of the bodies of one service, on a listener that is its own or one of several. */
export function bodiesOf(limits: Limits): Pick<HttpLimits, 'licenseBodyBytes' | 'restLicenseBodyBytes' | 'bodyBytes'> {
  return {
    licenseBodyBytes: limits.soapLicenseBodyBytes,
    restLicenseBodyBytes: limits.restLicenseBodyBytes,
    bodyBytes: limits.bodyBytes,
  }
}

export function timesOf({
  headerSeconds,
  bodySeconds,
  idleSeconds,
}: ListenerTimes): Pick<HttpLimits, 'headersTimeout' | 'requestTimeout' | 'idleTimeout' | 'timeoutCheckInterval'> {
  return {
    // Node.js wants no header to take longer than its request.
    headersTimeout: Math.min(headerSeconds, bodySeconds) * 1_000,
    requestTimeout: bodySeconds * 1_000,
    idleTimeout: idleSeconds * 1_000,
    timeoutCheckInterval: Math.min(1_000, (Math.min(headerSeconds, bodySeconds) * 1_000) / 2),
  }
}
