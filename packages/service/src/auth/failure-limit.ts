/**
 * Slows down guessing. After some failures within the window a key (a remote address, an account) gets one try per second
 * until the window has passed; it is never shut out, so nobody can lock another one's account.
 */
import { RightsError } from '@sealward/xrml'
import { LRUCache } from 'lru-cache'

export interface FailureLimit {
  /** @throws RightsError `authentication-throttled` */
  check(key: string, now: Date): void
  failed(key: string, now: Date): void
}

interface Failures {
  count: number
  /** Milliseconds since 1970. */
  windowEnds: number
  lastTry: number
}

const windowMilliseconds = 10 * 60_000
const tryEvery = 1_000
const keysKept = 10_000

/** @param free failures within ten minutes that cost nothing */
export function createFailureLimit(free: number): FailureLimit {
  const failuresOf = new LRUCache<string, Failures>({ max: keysKept })

  return {
    check(key, now) {
      const failures = failuresOf.get(key)
      if (failures === undefined || failures.windowEnds <= now.getTime() || failures.count < free) return
      if (now.getTime() - failures.lastTry < tryEvery) throw new RightsError('authentication-throttled')
      failures.lastTry = now.getTime()
    },
    failed(key, now) {
      const failures = failuresOf.get(key)
      if (failures === undefined || failures.windowEnds <= now.getTime()) {
        failuresOf.set(key, { count: 1, windowEnds: now.getTime() + windowMilliseconds, lastTry: now.getTime() })
      } else {
        failures.count++
        failures.lastTry = now.getTime()
      }
    },
  }
}
