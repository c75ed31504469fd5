/**
 * Who is let in when many come. A request takes a place when its body is complete and gives it back with its answer, so a
 * slow sender holds a connection but no place. A large body is counted before it is received, because it costs memory
 * then. What finds no place is sent away at once with 503 and a time to come back: a queue would only make every answer
 * late.
 */
import { RightsError } from '@sealward/xrml'
import type { HttpLimits } from './limits.ts'

export interface Admission {
  /** Takes a place. @returns gives it back; to be called once @throws RightsError `service-overloaded` */
  enter(): () => void
  /** Makes room for a large body. @returns gives it back; to be called once @throws RightsError `service-overloaded` */
  receive(remoteAddress: string): () => void
}

export function createAdmission(limits: Pick<HttpLimits, 'requestsAtOnce' | 'largeBodiesPerAddress'>): Admission {
  let inside = 0
  const largeBodies = new Map<string, number>()

  return {
    enter() {
      if (inside >= limits.requestsAtOnce) throw new RightsError('service-overloaded')
      inside++
      return () => void inside--
    },
    receive(remoteAddress) {
      const count = largeBodies.get(remoteAddress) ?? 0
      if (count >= limits.largeBodiesPerAddress) throw new RightsError('service-overloaded')
      largeBodies.set(remoteAddress, count + 1)
      return () => {
        const left = (largeBodies.get(remoteAddress) ?? 1) - 1
        if (left === 0) largeBodies.delete(remoteAddress)
        else largeBodies.set(remoteAddress, left)
      }
    },
  }
}
