/**
 * What one person or machine did on each side. Its size depends on the days that are kept, not on the requests: logs have
 * millions of rows.
 */
import type { RequestEvent, System } from './request-event.ts'

export interface SideActivity {
  /** Milliseconds since 1970. */
  first: number
  last: number
  requests: number
}

export interface SubjectActivity {
  readonly sides: Partial<Record<System, SideActivity>>
  /** Requests by number of the day since 1970. */
  readonly days: Map<number, Record<System, number>>
  readonly agents: Set<string>
}

export const dayMilliseconds = 86_400_000
const agentsMost = 16

export function newActivity(): SubjectActivity {
  return { sides: {}, days: new Map(), agents: new Set() }
}

export function dayOf(time: number): number {
  return Math.floor(time / dayMilliseconds)
}

export function dayName(day: number): string {
  return new Date(day * dayMilliseconds).toISOString().slice(0, 10)
}

/** @param firstDay days before it are counted in the sides only */
export function recordActivity(
  activity: SubjectActivity,
  { system, time }: RequestEvent,
  agent: string,
  firstDay: number,
): void {
  const at = time.getTime()
  const side = activity.sides[system]
  if (side === undefined) activity.sides[system] = { first: at, last: at, requests: 1 }
  else {
    side.first = Math.min(side.first, at)
    side.last = Math.max(side.last, at)
    side.requests++
  }
  if (activity.agents.size < agentsMost) activity.agents.add(agent)
  const day = dayOf(at)
  if (day < firstDay) return
  const counts = activity.days.get(day) ?? { cluster: 0, tenant: 0 }
  counts[system]++
  activity.days.set(day, counts)
}
