/**
 * Authenticators that have signed somebody in (RFC 4120, 3.2.3). Samba's helper remembers none. An authenticator is valid
 * for five minutes before and after its time, so after eleven minutes it is refused for its age.
 */
import { createHash } from 'node:crypto'
import { RightsError } from '@sealward/xrml'
import type { Clock } from '../../core/ports.ts'

const kept = 11 * 60_000
const most = 100_000

export interface Replays {
  /**
   * Takes an authenticator as used.
   * @returns takes that back, for one that proved nothing
   * @throws RightsError `credentials-refused` for the second use, `service-overloaded` for more than 100,000 at a time
   */
  use(authenticator: Uint8Array): () => void
}

export function createReplays(clock: Clock): Replays {
  /** Digest to the time of its use; the oldest first. */
  const used = new Map<string, number>()

  function forgetOld(now: number): void {
    for (const [digest, at] of used) {
      if (now - at < kept) return
      used.delete(digest)
    }
  }

  return {
    use(authenticator) {
      const now = clock.now().getTime()
      forgetOld(now)
      const digest = createHash('sha256').update(authenticator).digest('base64')
      if (used.has(digest)) throw new RightsError('credentials-refused', { detail: 'the ticket was used before' })
      if (used.size >= most) throw new RightsError('service-overloaded')
      used.set(digest, now)
      return () => void used.delete(digest)
    },
  }
}
