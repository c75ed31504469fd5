/** Who still uses what, as the watch answers it. */
import type { LeftoverClass } from './leftover.ts'
import type { Operation, System } from './request-event.ts'

export const verdictNames = ['cluster-only', 'both', 'tenant-only', 'silent'] as const
export type Verdict = (typeof verdictNames)[number]

export interface SeenOn {
  readonly first: Date
  readonly last: Date
  readonly requests: number
}

export interface SubjectVerdict {
  readonly kind: 'user' | 'host'
  /** Address or account of the user; address or name of the machine. */
  readonly name: string
  readonly verdict: Verdict
  readonly cluster: SeenOn | undefined
  readonly tenant: SeenOn | undefined
  readonly agents: readonly string[]
  /** In order, without days on which nothing happened. */
  readonly days: readonly ({ readonly day: string } & Readonly<Record<System, number>>)[]
}

export interface LeftoverRequest {
  readonly class: LeftoverClass
  readonly cause: string
  readonly cure: string
  readonly operation: Operation
  readonly principal: string
  readonly host: string
  readonly agent: string
  readonly requests: number
  readonly last: Date
  /** Addresses that the requests were for. */
  readonly urls: readonly string[]
}

export interface WatchedDay {
  /** `2024-03-05`, UTC. */
  readonly day: string
  /** Users by where they were seen on that day alone. */
  readonly users: Readonly<Record<Exclude<Verdict, 'silent'>, number>>
  readonly requests: Readonly<Record<System, number>>
}

export interface Readiness {
  readonly ready: boolean
  readonly quietDays: number
  /** The last request of anybody to a cluster. */
  readonly lastOnCluster: Date | undefined
  /** Whole days until the cluster may go if nobody asks it any more; 0 when ready. */
  readonly daysLeft: number
  /** Why not, one sentence each. */
  readonly findings: readonly string[]
}

export interface Verdicts {
  readonly now: Date
  readonly users: readonly SubjectVerdict[]
  readonly hosts: readonly SubjectVerdict[]
  readonly counts: Readonly<Record<Verdict, number>>
  readonly hostCounts: Readonly<Record<Verdict, number>>
  /** Requests of the quiet period that still reached a cluster, most first. */
  readonly leftovers: readonly LeftoverRequest[]
  readonly days: readonly WatchedDay[]
  readonly readiness: Readiness
}
