/**
 * Notices when the process stood still: everything waits then, health included. More than 250 milliseconds are for the
 * operator to know: too little processor time, a disk that is slow to flush, or a request that costs too much.
 */
import { createAlarm } from './alarm.ts'
import type { RequestLog } from './request-log.ts'

const stallMilliseconds = 250
const lookEvery = 50
const reportEvery = 10_000

/** @returns to be called with the present time, in milliseconds of a clock that only goes on, as often as possible */
export function stallDetector(stalled: (milliseconds: number, now: number) => void): (now: number) => void {
  let last: number | undefined
  return (now) => {
    const late = last === undefined ? 0 : now - last - lookEvery
    last = now
    if (late > stallMilliseconds) stalled(Math.round(late), now)
  }
}

/** @returns ends it */
export function watchEventLoop(log: Pick<RequestLog, 'alarm'>): () => void {
  const alarm = createAlarm(({ count, largest }) => {
    log.alarm({ code: 'event-loop-stalled', count, milliseconds: largest })
  }, reportEvery)
  const look = stallDetector((milliseconds, now) => alarm.note(milliseconds, now))
  const timer = setInterval(() => look(performance.now()), lookEvery)
  timer.unref()
  return () => {
    clearInterval(timer)
    alarm.settle()
  }
}
