/**
 * Who is let in when many come: the one gate in front of everything that private keys are used for (threat N4). A request
 * takes a place when its body is complete and gives it back with its answer. What finds no place waits, in fair order and
 * not for long; what finds no room to wait is sent away at once with 503 and a time to come back. A large body is counted
 * before it is received, because it costs memory then. Why places are taken by requests, not by keys:
 * docs/decisions/0017.
 */
import type { EventEmitter } from 'node:events'
import { RightsError } from '@sealward/xrml'
import { createFairQueue, type FairQueue } from './fair-queue.ts'
import type { HttpLimits } from './limits.ts'
import { createShares, type Share } from './shares.ts'

export interface Guest {
  /** Who takes turns with others, as `requesterOf` names them. */
  readonly requester: string
  /** Emits `close` when nobody waits for the answer any more. */
  readonly response: Pick<EventEmitter, 'once' | 'off'>
}

export interface Admission {
  /**
   * Waits for a place, at most `waitingTime`. Who waits too long, or has gone, leaves without a place.
   * @returns gives it back; to be called once
   * @throws RightsError `service-overloaded`
   */
  enter(guest: Guest): Promise<() => void>
  /** Whether there is room for one more request, before its body is received. */
  hasRoom(requester: string): boolean
  /** Makes room for a large body. @returns gives it back; to be called once @throws RightsError `service-overloaded` */
  receive(remoteAddress: string): () => void
}

export type AdmissionLimits = Pick<
  HttpLimits,
  'requestsAtOnce' | 'requestsWaiting' | 'waitingTime' | 'largeBodiesPerAddress'
>

interface Waiter {
  admit(leave: () => void): void
  sendAway(): void
}

interface Desk {
  readonly places: Share
  readonly seats: Share
  readonly queue: FairQueue<Waiter>
}

export function createAdmission(limits: AdmissionLimits): Admission {
  return createSharedAdmission(limits, 1)()
}

/**
 * For services that share a machine: half of the places, and of the room to wait, is for everybody, the other half is kept
 * for each in equal parts, so that one whose requests stay long does not send away those of the others.
 * @returns makes the admission of one of them
 */
export function createSharedAdmission(limits: AdmissionLimits, services: number): () => Admission {
  const placesOf = createShares(limits.requestsAtOnce, services)
  const seatsOf = createShares(limits.requestsWaiting, services)
  /** In the order of their turns at places that are for everybody. */
  const turns: Desk[] = []
  const largeBodies = new Map<string, number>()

  function leaving(leave: () => void): () => void {
    return () => {
      leave()
      const next = turns.find(({ queue, places }) => queue.size > 0 && !places.isUsedUp)
      const free = next?.places.take()
      if (next === undefined || free === undefined) return
      turns.push(...turns.splice(turns.indexOf(next), 1))
      next.queue.take()?.admit(leaving(free))
    }
  }

  return () => {
    const desk: Desk = { places: placesOf(), seats: seatsOf(), queue: createFairQueue() }
    turns.push(desk)
    return {
      async enter(guest) {
        const free = desk.places.take()
        return free === undefined ? wait(desk, guest, limits.waitingTime) : leaving(free)
      },
      hasRoom: (requester) => hasRoom(desk, requester),
      receive: (remoteAddress) => receive(largeBodies, remoteAddress, limits.largeBodiesPerAddress),
    }
  }
}

function hasRoom({ places, seats, queue }: Desk, requester: string): boolean {
  return !places.isUsedUp || !seats.isUsedUp || queue.mayDisplace(requester)
}

/** @throws RightsError `service-overloaded` */
function seatFor({ seats, queue }: Desk, requester: string): () => void {
  const free = seats.take()
  if (free !== undefined) return free
  queue.displace(requester)?.sendAway()
  const freed = seats.take()
  if (freed === undefined) throw new RightsError('service-overloaded')
  return freed
}

function wait(desk: Desk, { requester, response }: Guest, waitingTime: number): Promise<() => void> {
  const rise = seatFor(desk, requester)
  const { promise, resolve, reject } = Promise.withResolvers<() => void>()
  const settled = (): void => {
    rise()
    clearTimeout(timer)
    response.off('close', leave)
  }
  const waiter: Waiter = {
    admit(leavePlace) {
      settled()
      resolve(leavePlace)
    },
    sendAway() {
      settled()
      reject(new RightsError('service-overloaded'))
    },
  }
  const leave = (): void => {
    desk.queue.remove(requester, waiter)
    waiter.sendAway()
  }
  const timer = setTimeout(leave, waitingTime)
  response.once('close', leave)
  desk.queue.add(requester, waiter)
  return promise
}

function receive(counts: Map<string, number>, remoteAddress: string, most: number): () => void {
  const count = counts.get(remoteAddress) ?? 0
  if (count >= most) throw new RightsError('service-overloaded')
  counts.set(remoteAddress, count + 1)
  return () => {
    const left = (counts.get(remoteAddress) ?? 1) - 1
    if (left === 0) counts.delete(remoteAddress)
    else counts.set(remoteAddress, left)
  }
}
