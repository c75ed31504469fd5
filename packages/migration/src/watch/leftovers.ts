/** Requests that still reach a cluster, added up by cause, person, machine and program. */
import { agentName } from './agent.ts'
import { leftoverCauses, leftoverClassOf } from './leftover.ts'
import { ownText } from './own-text.ts'
import type { RequestEvent } from './request-event.ts'
import type { LeftoverRequest } from './verdict.ts'

interface Counted extends Omit<LeftoverRequest, 'requests' | 'last' | 'urls'> {
  readonly byDay: Map<number, number>
  last: number
  readonly urls: Set<string>
}

const entriesMost = 100_000
const urlsMost = 16

export interface Leftovers {
  add(event: RequestEvent, day: number): void
  /** Those of the days from `firstDay` on, most requests first. */
  finish(firstDay: number): readonly LeftoverRequest[]
}

export function createLeftovers(): Leftovers {
  const entries = new Map<string, Counted>()
  return {
    add(event, day) {
      const name = leftoverClassOf(event)
      const agent = agentName(event.agent)
      const key = [name, event.operation, event.principal, event.host, agent].join('\n')
      let entry = entries.get(key)
      if (entry === undefined) {
        if (entries.size >= entriesMost) return
        entry = newEntry(event, name, agent)
        entries.set(ownText(key), entry)
      }
      entry.byDay.set(day, (entry.byDay.get(day) ?? 0) + 1)
      entry.last = Math.max(entry.last, event.time.getTime())
      const { url } = event
      if (url !== undefined && entry.urls.size < urlsMost && !entry.urls.has(url)) entry.urls.add(ownText(url))
    },
    finish: (firstDay) =>
      [...entries.values()]
        .flatMap(({ byDay, last, urls, ...entry }) => {
          const requests = [...byDay].reduce((sum, [day, count]) => (day >= firstDay ? sum + count : sum), 0)
          return requests === 0 ? [] : [{ ...entry, requests, last: new Date(last), urls: [...urls].sort() }]
        })
        .sort((a, b) => b.requests - a.requests || order(a, b)),
  }
}

function newEntry(event: RequestEvent, name: LeftoverRequest['class'], agent: string): Counted {
  const { cause, cure } = leftoverCauses[name]
  const { operation, principal, host } = event
  const texts = { principal: ownText(principal), host: ownText(host), agent: ownText(agent) }
  return { class: name, cause, cure, operation, ...texts, byDay: new Map(), last: 0, urls: new Set() }
}

function order(a: LeftoverRequest, b: LeftoverRequest): number {
  const [left, right] = [a, b].map((each) => [each.class, each.principal, each.host, each.agent].join('\n'))
  return (left ?? '') < (right ?? '') ? -1 : 1
}
