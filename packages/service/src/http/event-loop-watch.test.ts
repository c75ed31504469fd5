import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createAlarm, type AlarmSum } from './alarm.ts'
import { stallDetector, watchEventLoop } from './event-loop-watch.ts'

test('standing still for more than 250 milliseconds is noticed, with how long', () => {
  const stalls: [number, number][] = []
  const look = stallDetector((milliseconds, now) => void stalls.push([milliseconds, now]))
  for (const now of [7_000, 7_050, 7_350, 7_651, 7_701, 9_000]) look(now)
  // 300 between two looks are 250 too late.
  assert.deepEqual(stalls, [
    [251, 7_651],
    [1_249, 9_000],
  ])
})

test('an alarm reports the first at once, and then one sum per interval', () => {
  const reports: AlarmSum[] = []
  const alarm = createAlarm((sum) => void reports.push(sum), 10_000)
  alarm.note(300, 1_000)
  assert.deepEqual(reports.splice(0), [{ count: 1, largest: 300 }])
  for (let now = 1_001; now < 10_999; now++) alarm.note(now === 5_000 ? 900 : 260, now)
  assert.deepEqual(reports, [])
  alarm.note(270, 11_000)
  assert.deepEqual(reports.splice(0), [{ count: 9_999, largest: 900 }])
  alarm.note(280, 11_001)
  alarm.settle()
  alarm.settle()
  assert.deepEqual(reports, [{ count: 1, largest: 280 }])
})

test('a process that stands still says so in its log', async () => {
  const { promise, resolve } = Promise.withResolvers<{ readonly code: string; readonly milliseconds?: number }>()
  const end = watchEventLoop({ alarm: resolve })
  // The first look is the one that the next is compared with.
  await new Promise((done) => void setTimeout(done, 120))
  const until = performance.now() + 500
  while (performance.now() < until);
  // Its timer alone would not keep the process waiting.
  const waiting = setInterval(() => undefined, 1_000)
  const { code, milliseconds = 0 } = await promise
  clearInterval(waiting)
  end()
  assert.equal(code, 'event-loop-stalled')
  assert.ok(milliseconds > 250)
})
