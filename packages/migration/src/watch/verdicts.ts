/**
 * From the logs of both systems: who uses only the cluster, both, only the tenant, or nothing any more, and whether the
 * cluster may go. Events may come in any order; memory depends on people, machines and days, not on requests.
 */
import { agentName } from './agent.ts'
import { createLeftovers } from './leftovers.ts'
import { ownText } from './own-text.ts'
import { readinessOf } from './readiness.ts'
import type { RequestEvent } from './request-event.ts'
import {
  dayName,
  dayOf,
  newActivity,
  recordActivity,
  type SideActivity,
  type SubjectActivity,
} from './subject-activity.ts'
import {
  verdictNames,
  type SeenOn,
  type SubjectVerdict,
  type Verdict,
  type Verdicts,
  type WatchedDay,
} from './verdict.ts'

export interface WatchOptions {
  readonly now: Date
  /** Days without a request to the cluster before it may go; default 14, or 30 where Macs have asked. */
  readonly quietDays?: number
  /** Everybody who may ever ask: those who never did are silent. */
  readonly principals?: readonly string[]
  /** Since when the log of the cluster is complete; default its first request. */
  readonly clusterLogFrom?: Date
  /** How accounts of the cluster's log (`DOMAIN\user`) are called elsewhere; default as they are. */
  readonly canonical?: (principal: string) => string
}

export interface Watch {
  add(event: RequestEvent): void
  finish(): Verdicts
}

/** Days of which counts are kept one by one. */
const daysMost = 120
const quietDaysUsual = 14
const quietDaysWithMacs = 30

/**
 * ```ts
 * const watch = createWatch({ now: new Date() })
 * for await (const event of readUsageLog(createReadStream('usage.log'))) watch.add(event)
 * console.log(watch.finish().counts)
 * ```
 */
export function createWatch(options: WatchOptions): Watch {
  const users = new Map<string, SubjectActivity>()
  const hosts = new Map<string, SubjectActivity>()
  const requestsByDay = new Map<number, { cluster: number; tenant: number }>()
  const leftovers = createLeftovers()
  const today = dayOf(options.now.getTime())
  const cluster = { first: Number.POSITIVE_INFINITY, last: Number.NEGATIVE_INFINITY }
  let macs = false
  for (const principal of options.principals ?? []) users.set(principal.toLowerCase(), newActivity())

  return {
    add(given) {
      const event =
        options.canonical === undefined ? given : { ...given, principal: options.canonical(given.principal) }
      const { system, time, operation, ok, principal, host } = event
      // Only what was answered proves that somebody has arrived; what asks the cluster at all has not left.
      if (operation === 'other' || (system === 'tenant' && !ok)) return
      const day = dayOf(time.getTime())
      if (system === 'cluster') {
        cluster.first = Math.min(cluster.first, time.getTime())
        cluster.last = Math.max(cluster.last, time.getTime())
        macs ||= event.agent.family === 'Mac'
        if (day > today - daysMost) leftovers.add(event, day)
      }
      const agent = agentName(event.agent)
      for (const [map, name] of [[users, principal] as const, [hosts, host] as const]) {
        if (name !== '') recordActivity(subject(map, name), event, agent, today - daysMost + 1)
      }
      if (day <= today - daysMost) return
      const requests = requestsByDay.get(day) ?? { cluster: 0, tenant: 0 }
      requests[system]++
      requestsByDay.set(day, requests)
    },
    finish() {
      const quietDays = options.quietDays ?? (macs ? quietDaysWithMacs : quietDaysUsual)
      const since = options.now.getTime() - quietDays * 86_400_000
      const userVerdicts = verdictsOf('user', users, since)
      const hostVerdicts = verdictsOf('host', hosts, since)
      const counts = countsOf(userVerdicts)
      return {
        now: options.now,
        users: userVerdicts,
        hosts: hostVerdicts,
        counts,
        hostCounts: countsOf(hostVerdicts),
        leftovers: leftovers.finish(dayOf(since)),
        days: watchedDays(users, requestsByDay),
        readiness: readinessOf({
          now: options.now,
          quietDays,
          counts,
          firstOnCluster: options.clusterLogFrom ?? timeOrNothing(cluster.first),
          lastOnCluster: timeOrNothing(cluster.last),
        }),
      }
    },
  }
}

/**
 * All at once.
 *
 * ```ts
 * const { readiness } = await verdicts(events, { now: new Date(), quietDays: 14 })
 * ```
 */
export async function verdicts(
  events: AsyncIterable<RequestEvent> | Iterable<RequestEvent>,
  options: WatchOptions,
): Promise<Verdicts> {
  const watch = createWatch(options)
  for await (const event of events) watch.add(event)
  return watch.finish()
}

function subject(map: Map<string, SubjectActivity>, name: string): SubjectActivity {
  let activity = map.get(name)
  if (activity === undefined) {
    activity = newActivity()
    map.set(ownText(name), activity)
  }
  return activity
}

function timeOrNothing(milliseconds: number): Date | undefined {
  return Number.isFinite(milliseconds) ? new Date(milliseconds) : undefined
}

function verdictsOf(
  kind: SubjectVerdict['kind'],
  map: ReadonlyMap<string, SubjectActivity>,
  since: number,
): readonly SubjectVerdict[] {
  return [...map]
    .map(
      ([name, { sides, days, agents }]): SubjectVerdict => ({
        kind,
        name,
        verdict: verdictOf(sides.cluster, sides.tenant, since),
        cluster: seen(sides.cluster),
        tenant: seen(sides.tenant),
        agents: [...agents].sort(),
        days: [...days].sort(([a], [b]) => a - b).map(([day, counts]) => ({ day: dayName(day), ...counts })),
      }),
    )
    .sort((a, b) => verdictNames.indexOf(a.verdict) - verdictNames.indexOf(b.verdict) || (a.name < b.name ? -1 : 1))
}

function verdictOf(cluster: SideActivity | undefined, tenant: SideActivity | undefined, since: number): Verdict {
  const [onCluster, onTenant] = [cluster, tenant].map((side) => side !== undefined && side.last >= since)
  if (onCluster === true) return onTenant === true ? 'both' : 'cluster-only'
  return onTenant === true ? 'tenant-only' : 'silent'
}

function seen(side: SideActivity | undefined): SeenOn | undefined {
  return side && { first: new Date(side.first), last: new Date(side.last), requests: side.requests }
}

function countsOf(subjects: readonly SubjectVerdict[]): Record<Verdict, number> {
  const counts = { 'cluster-only': 0, both: 0, 'tenant-only': 0, silent: 0 }
  for (const { verdict } of subjects) counts[verdict]++
  return counts
}

function watchedDays(
  users: ReadonlyMap<string, SubjectActivity>,
  requests: ReadonlyMap<number, { readonly cluster: number; readonly tenant: number }>,
): readonly WatchedDay[] {
  const byDay = new Map<number, { 'cluster-only': number; both: number; 'tenant-only': number }>()
  for (const { days } of users.values()) {
    for (const [day, { cluster, tenant }] of days) {
      const counts = byDay.get(day) ?? { 'cluster-only': 0, both: 0, 'tenant-only': 0 }
      counts[cluster > 0 ? (tenant > 0 ? 'both' : 'cluster-only') : 'tenant-only']++
      byDay.set(day, counts)
    }
  }
  return [...requests]
    .sort(([a], [b]) => a - b)
    .map(([day, counts]) => ({
      day: dayName(day),
      users: byDay.get(day) ?? { 'cluster-only': 0, both: 0, 'tenant-only': 0 },
      requests: counts,
    }))
}
