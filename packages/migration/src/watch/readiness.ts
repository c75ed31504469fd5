/** Whether the cluster may be switched off: nobody has asked it for so many days, and the log that says so was kept. */
import { dayMilliseconds } from './subject-activity.ts'
import type { Readiness, Verdict } from './verdict.ts'

export interface ReadinessInput {
  readonly now: Date
  readonly quietDays: number
  /** Of users. */
  readonly counts: Readonly<Record<Verdict, number>>
  /** Since when the log of the cluster is known to have been kept. */
  readonly firstOnCluster: Date | undefined
  readonly lastOnCluster: Date | undefined
}

export function readinessOf({ now, quietDays, counts, firstOnCluster, lastOnCluster }: ReadinessInput): Readiness {
  const findings: string[] = []
  const since = now.getTime() - quietDays * dayMilliseconds
  if (counts['cluster-only'] > 0) findings.push(`${people(counts['cluster-only'])} only the cluster`)
  if (counts.both > 0) findings.push(`${people(counts.both)} both systems`)
  const busy = lastOnCluster !== undefined && lastOnCluster.getTime() >= since
  if (busy && findings.length === 0) findings.push('machines still ask the cluster without the name of a user')
  // An empty log is no silence: logging may have been off.
  const kept = firstOnCluster !== undefined && firstOnCluster.getTime() <= since
  if (!kept) findings.push(`the log of the cluster does not cover the last ${quietDays} days`)
  const from = Math.max(lastOnCluster?.getTime() ?? 0, firstOnCluster?.getTime() ?? now.getTime())
  const waited = (now.getTime() - from) / dayMilliseconds
  const ready = findings.length === 0
  return { ready, quietDays, lastOnCluster, daysLeft: ready ? 0 : Math.max(1, Math.ceil(quietDays - waited)), findings }
}

function people(count: number): string {
  return count === 1 ? '1 user uses' : `${count} users use`
}
