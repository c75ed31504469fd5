/**
 * Slows down whoever sends one licence after the other that cannot be opened: a service that unseals on request must not
 * be a free decryption oracle (threat C4). Good callers and their licences are not affected.
 */
import { LRUCache } from 'lru-cache'
import { RightsError } from '@sealward/xrml'

export interface Throttle {
  /** @throws RightsError `unsealing-throttled` when this identity has failed too often and asks again too soon */
  check(identity: string, now: Date): void
  fail(identity: string, now: Date): void
}

const failuresFree = 20
const window = 10 * 60_000
const pace = 1000
const identitiesMost = 10_000

interface Failures {
  readonly since: number
  readonly count: number
  readonly lastAttempt: number
}

export function createThrottle(): Throttle {
  const known = new LRUCache<string, Failures>({ max: identitiesMost })
  const current = (identity: string, now: Date): Failures | undefined => {
    const failures = known.get(identity)
    return failures !== undefined && now.getTime() - failures.since < window ? failures : undefined
  }
  return {
    check(identity, now) {
      const failures = current(identity, now)
      if (failures === undefined || failures.count <= failuresFree) return
      if (now.getTime() - failures.lastAttempt < pace) throw new RightsError('unsealing-throttled')
      known.set(identity, { ...failures, lastAttempt: now.getTime() })
    },
    fail(identity, now) {
      const failures = current(identity, now)
      known.set(identity, {
        since: failures?.since ?? now.getTime(),
        count: (failures?.count ?? 0) + 1,
        lastAttempt: now.getTime(),
      })
    },
  }
}
