/** Who still uses what: computed by the watch from the logs of both systems, as the steps need it. */
import type { RequestRow } from '../admin-api.ts'

export type Verdict = 'cluster-only' | 'both' | 'tenant-only' | 'silent'

export interface PrincipalVerdict {
  /** Address of a person, or name of a host. */
  readonly principal: string
  readonly kind: 'user' | 'host'
  readonly verdict: Verdict
  /** ISO 8601; absent for those never seen. */
  readonly lastOnCluster?: string
  readonly lastOnTenant?: string
}

/** A request that still reached a cluster, and why it probably did. */
export interface Leftover {
  readonly cause: string
  readonly cure: string
  readonly requests: number
  readonly principals: readonly string[]
}

export interface WatchInput {
  readonly cluster: AsyncIterable<RequestRow>
  readonly tenant: AsyncIterable<RequestRow>
  /** Everybody who may ever ask. */
  readonly principals: readonly string[]
  /** Requests before this moment count as history. */
  readonly since: Date
  readonly now: Date
}

export interface WatchResult {
  readonly principals: readonly PrincipalVerdict[]
  readonly leftovers: readonly Leftover[]
}

export interface WatchPort {
  verdicts(input: WatchInput): Promise<WatchResult>
}
