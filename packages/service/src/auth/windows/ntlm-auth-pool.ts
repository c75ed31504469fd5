/** The helper processes of a service: a bounded number, a few of which wait for the next sign-in, and all of which end. */
import { RightsError } from '@sealward/xrml'
import type { NtlmAuth } from './ntlm-auth.ts'

const most = 32
const mostWaiting = 4
const waitsFor = 60_000

export interface NtlmAuthPool {
  /** @throws RightsError `service-overloaded` when 32 are at work */
  take(): NtlmAuth
  /** Back from a sign-in that is over. */
  giveBack(helper: NtlmAuth): void
  close(): void
}

export function createNtlmAuthPool(start: () => NtlmAuth): NtlmAuthPool {
  const working = new Set<NtlmAuth>()
  const waiting = new Map<NtlmAuth, NodeJS.Timeout>()
  let closed = false

  function takeWaiting(): NtlmAuth | undefined {
    for (const [helper, timer] of waiting) {
      clearTimeout(timer)
      waiting.delete(helper)
      if (!helper.ended) return helper
    }
    return undefined
  }

  return {
    take() {
      if (closed || working.size >= most) throw new RightsError('service-overloaded')
      const helper = takeWaiting() ?? start()
      working.add(helper)
      return helper
    },
    giveBack(helper) {
      working.delete(helper)
      if (helper.ended) return
      if (closed || waiting.size >= mostWaiting) {
        helper.end()
        return
      }
      const timer = setTimeout(() => {
        waiting.delete(helper)
        helper.end()
      }, waitsFor)
      waiting.set(helper, timer.unref())
    },
    close() {
      closed = true
      for (const timer of waiting.values()) clearTimeout(timer)
      for (const helper of [...waiting.keys(), ...working]) helper.end()
      waiting.clear()
    },
  }
}
