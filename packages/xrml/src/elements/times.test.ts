/** P6: boundaries of times: closed at FROM, open at UNTIL, UTC, the whole calendar. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import * as fc from 'fast-check'
import { refusal } from '../refusal.fixture.ts'
import { readXml } from '../text/reader.ts'
import {
  parseIntervalTime,
  parseRangeTime,
  parseTime,
  within,
  writeIntervalTime,
  writeRangeTime,
  writeTime,
} from './times.ts'

suite('P6: reads', () => {
  const cases = [
    ['2010-06-11T20:46', '2010-06-11T20:46:00.000Z'],
    ['2010-06-11T20:46Z', '2010-06-11T20:46:00.000Z'],
    ['2010-06-11T20:46:59', '2010-06-11T20:46:59.000Z'],
    ['2010-06-11T20:46:59.9999999Z', '2010-06-11T20:46:59.000Z'],
    ['2000-02-29T00:00', '2000-02-29T00:00:00.000Z'],
    ['2024-02-29T23:59', '2024-02-29T23:59:00.000Z'],
    ['1999-12-31T23:59:59', '1999-12-31T23:59:59.000Z'],
    ['9999-12-31T23:59', '9999-12-31T23:59:00.000Z'],
    ['0001-01-01T00:00', '0001-01-01T00:00:00.000Z'],
    ['1601-01-01T00:00', '1601-01-01T00:00:00.000Z'],
  ] as const
  for (const [text, iso] of cases) test(text, () => assert.equal(parseTime(text).toISOString(), iso))

  test('independently of the time zone of this process', () => {
    const zone = process.env['TZ']
    process.env['TZ'] = 'Pacific/Kiritimati'
    try {
      assert.equal(parseTime('2020-01-01T00:00').toISOString(), '2020-01-01T00:00:00.000Z')
      assert.equal(writeTime(new Date('2020-01-01T00:00:59.999Z')), '2020-01-01T00:00')
    } finally {
      if (zone === undefined) delete process.env['TZ']
      else process.env['TZ'] = zone
    }
  })
})

suite('P6: refuses', () => {
  for (const text of [
    '',
    '2010',
    '2010-06-11',
    '2010-06-11 20:46',
    '2010-00-11T20:46',
    '2010-13-11T20:46',
    '2010-06-00T20:46',
    '2010-06-31T20:46',
    '2010-02-29T20:46',
    '1900-02-29T20:46',
    '2010-06-11T24:00',
    '2010-06-11T20:60',
    '2010-06-11T20:46:60',
    '2010-06-11T20:46:99',
    '2010-06-11T20:46+01:00',
    '2010-06-11T20:46z',
    '2010-06-11T20:46:59.',
    '10000-01-01T00:00',
    '+02010-06-11T20:46',
    '-2010-06-11T20:46',
    ' 2010-06-11T20:46',
    '2010-06-11T20:46 ',
    '２010-06-11T20:46',
  ]) {
    test(JSON.stringify(text), () => assert.throws(() => parseTime(text), refusal('xrml-malformed')))
  }
})

const minute = fc
  .date({ min: new Date('0001-01-01T00:00Z'), max: new Date('9999-12-31T23:59Z'), noInvalidDate: true })
  .map((time) => new Date(Math.floor(time.getTime() / 60_000) * 60_000))

test('P6: every minute of the calendar comes back', () => {
  fc.assert(fc.property(minute, (time) => assert.equal(parseTime(writeTime(time)).getTime(), time.getTime())))
})

test('P6: times beyond the form are written as its last minute', () => {
  for (const time of [new Date(8.64e15), new Date('+010000-01-01T00:00Z'), new Date('9999-12-31T23:59:59.999Z')]) {
    assert.equal(writeTime(time), '9999-12-31T23:59')
  }
})

test('P6: ranges include FROM and exclude UNTIL, to the millisecond', () => {
  fc.assert(
    fc.property(minute, fc.integer({ min: 1, max: 10 ** 9 }), (from, length) => {
      const until = new Date(from.getTime() + length)
      const range = { from, until }
      assert.equal(within(new Date(from.getTime() - 1), range), false)
      assert.equal(within(from, range), true)
      assert.equal(within(new Date(until.getTime() - 1), range), true)
      assert.equal(within(until, range), false)
    }),
  )
})

test('P6: empty and reversed ranges contain nothing', () => {
  const time = new Date('2020-01-01T00:00Z')
  assert.equal(within(time, { from: time, until: time }), false)
  assert.equal(within(time, { from: new Date('2021-01-01'), until: new Date('2019-01-01') }), false)
})

test('ranges come back, and an end that is missing is far away', () => {
  fc.assert(
    fc.property(minute, minute, (from, until) => {
      assert.deepEqual(parseRangeTime(readXml(writeRangeTime('RANGETIME', { from, until }))), { from, until })
    }),
  )
  const open = parseRangeTime(readXml('<RANGETIME />'))
  assert.ok(within(new Date('1970-01-01T00:00Z'), open) && within(new Date('9998-01-01T00:00Z'), open))
  for (const text of [
    '<R><FROM>x</FROM></R>',
    '<R><UNTIL /></R>',
    '<R><FROM>2020-01-01T00:00</FROM><FROM>2020-01-01T00:00</FROM></R>',
  ]) {
    assert.throws(() => parseRangeTime(readXml(text)), refusal('xrml-malformed'))
  }
})

test('intervals are the sum of their units and come back', () => {
  assert.equal(parseIntervalTime(readXml('<I days="1" hours="2" minutes="3" seconds="4" />')), 93_784_000)
  assert.equal(parseIntervalTime(readXml('<I days="007" />')), 7 * 86_400_000)
  assert.equal(parseIntervalTime(readXml('<I />')), 0)
  assert.equal(writeIntervalTime(30 * 86_400_000), '<INTERVALTIME days="30" />')
  assert.equal(writeIntervalTime(0), '<INTERVALTIME />')
  fc.assert(
    fc.property(fc.nat(10 ** 9), (seconds) => {
      assert.equal(parseIntervalTime(readXml(writeIntervalTime(seconds * 1000))), seconds * 1000)
    }),
  )
  for (const days of ['', '-1', '1.5', '1e3', ' 1', '0x1', '1000000', '١']) {
    assert.throws(() => parseIntervalTime(readXml(`<I days="${days}" />`)), refusal('xrml-malformed'), days)
  }
})
