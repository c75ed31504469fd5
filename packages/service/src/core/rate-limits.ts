/**
 * How much one requester may ask for, before anything is done with a private key (threat N4): a token bucket for each
 * person, and for each address of those who have not signed in. What a bucket holds may be used at once, as by a mail
 * program that opens a mailbox; what goes in by the second is the rate that lasts. Servers have no bucket: they ask for
 * many people, and take turns with everybody else (`http/admission.ts`).
 */
import { LRUCache } from 'lru-cache'

export interface BucketSize {
  /** Tokens that a full bucket holds. */
  readonly burst: number
  /** Tokens that go in every second. */
  readonly perSecond: number
}

export interface RateLimitSettings {
  readonly person: BucketSize
  readonly address: BucketSize
}

/** How they were chosen: docs/performance.md. */
export const defaultRateLimits: RateLimitSettings = {
  person: { burst: 2_000, perSecond: 50 },
  address: { burst: 4_000, perSecond: 200 },
}

export interface RateLimits {
  /** @returns false, and takes nothing, if there are not as many tokens */
  spend(kind: keyof RateLimitSettings, requester: string, tokens: number, now: Date): boolean
}

const requestersMost = 10_000

interface Bucket {
  tokens: number
  /** Milliseconds since 1970. */
  filledAt: number
}

/** Of requesters who have not been heard of for longest, buckets are forgotten, and are full when they come again. */
export function createRateLimits(settings: RateLimitSettings): RateLimits {
  const buckets = {
    person: new LRUCache<string, Bucket>({ max: requestersMost }),
    address: new LRUCache<string, Bucket>({ max: requestersMost }),
  }
  return {
    spend(kind, requester, tokens, at) {
      const { burst, perSecond } = settings[kind]
      const now = at.getTime()
      const bucket = buckets[kind].get(requester) ?? { tokens: burst, filledAt: now }
      const passed = Math.max(0, now - bucket.filledAt) / 1_000
      bucket.tokens = Math.min(burst, bucket.tokens + passed * perSecond)
      bucket.filledAt = now
      buckets[kind].set(requester, bucket)
      if (bucket.tokens < tokens) return false
      bucket.tokens -= tokens
      return true
    },
  }
}
