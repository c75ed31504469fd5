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

type AdmissionLimits = Pick<HttpLimits, 'requestsAtOnce' | 'largeBodiesPerAddress'>

export function createAdmission(limits: AdmissionLimits): Admission {
  return createSharedAdmission(limits, 1)()
}

/**
 * For services that share a machine: half of the places are for everybody, the other half is kept for each in equal parts,
 * so that one whose requests stay long does not send away those of the others.
 * @returns makes the admission of one of them
 */
export function createSharedAdmission(limits: AdmissionLimits, services: number): () => Admission {
  const kept = Math.floor(limits.requestsAtOnce / (2 * services))
  const common = { free: limits.requestsAtOnce - kept * services }
  const largeBodies = new Map<string, number>()
  return () => admissionOf(kept, common, largeBodies, limits.largeBodiesPerAddress)
}

function admissionOf(
  kept: number,
  common: { free: number },
  largeBodies: Map<string, number>,
  largeBodiesPerAddress: number,
): Admission {
  let free = kept
  return {
    enter() {
      if (free > 0) {
        free--
        return () => void free++
      }
      if (common.free <= 0) throw new RightsError('service-overloaded')
      common.free--
      return () => void common.free++
    },
    receive(remoteAddress) {
      const count = largeBodies.get(remoteAddress) ?? 0
      if (count >= largeBodiesPerAddress) throw new RightsError('service-overloaded')
      largeBodies.set(remoteAddress, count + 1)
      return () => {
        const left = (largeBodies.get(remoteAddress) ?? 1) - 1
        if (left === 0) largeBodies.delete(remoteAddress)
        else largeBodies.set(remoteAddress, left)
      }
    },
  }
}
