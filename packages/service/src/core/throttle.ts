/**
 * Slows down whoever fails too often: guessing of passwords, and licences that cannot be opened, because a service that
 * unseals on request must not be a free decryption oracle (threat C4). Whoever has failed so often gets one try per
 * second until the window has passed; nobody is ever shut out, so nobody can lock another one's account.
 */
import { LRUCache } from 'lru-cache'
import { RightsError, type ErrorCode } from '@sealward/xrml'

export interface Throttle {
  /** @throws RightsError the code of this throttle when this key has failed too often and asks again too soon */
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

/** @param limit.slowFrom so many failures within ten minutes slow the next try down */
export function createThrottle(limit: { readonly slowFrom: number; readonly code: ErrorCode }): Throttle {
  const failuresOf = new LRUCache<string, Failures>({ max: keysKept })

  return {
    check(key, now) {
      const failures = failuresOf.get(key)
      if (failures === undefined || failures.windowEnds <= now.getTime() || failures.count < limit.slowFrom) return
      if (now.getTime() - failures.lastTry < tryEvery) throw new RightsError(limit.code)
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

/** Of licences that cannot be opened: more than twenty within the window are slowed down (threat C4). */
export function createUnsealThrottle(): Throttle {
  return createThrottle({ slowFrom: 21, code: 'unsealing-throttled' })
}
