/**
 * Times (MS-RMPR 2.2.9.1.1): UTC, to the minute, without zone. Readers accept seconds and `Z`. Ranges include FROM and
 * exclude UNTIL.
 */
import { RightsError } from '../errors/rights-error.ts'
import type { XmlElement } from '../text/element.ts'
import { element, textElement } from '../text/writer.ts'
import { onlyChild } from './only-child.ts'

export interface RangeTime {
  readonly from: Date
  readonly until: Date
}

/** Milliseconds; from attributes days, hours, minutes, seconds. */
export type IntervalTime = number

const form = /^(\d{4}-\d\d-\d\dT\d\d:\d\d)(?::(\d\d)(?:\.\d{1,7})?)?Z?$/

/** @throws RightsError `xrml-malformed` */
export function parseTime(text: string): Date {
  const match = form.exec(text)
  const written = match === null ? '' : `${match[1]}:${match[2] ?? '00'}`
  const time = new Date(`${written}Z`)
  // The calendar must contain the time: Date would silently turn 31 February into March, and 24:00 into the next day.
  if (Number.isNaN(time.getTime()) || time.toISOString().slice(0, 19) !== written) {
    throw new RightsError('xrml-malformed', { detail: `not a time: ${text.slice(0, 40)}` })
  }
  return time
}

/** The last time that the form can express; later ones are written as this one. */
const endOfTime = new Date('9999-12-31T23:59Z')

/** Seconds are cut off. */
export function writeTime(time: Date): string {
  return (time < endOfTime ? time : endOfTime).toISOString().slice(0, 16)
}

/** Reads FROM and UNTIL of VALIDITYTIME or RANGETIME; an open end is a far one. */
export function parseRangeTime(source: XmlElement): RangeTime {
  const from = onlyChild(source, 'FROM')
  const until = onlyChild(source, 'UNTIL')
  return {
    from: from === undefined ? new Date(0) : parseTime(from.text),
    until: until === undefined ? endOfTime : parseTime(until.text),
  }
}

export function writeRangeTime(name: 'VALIDITYTIME' | 'RANGETIME', range: RangeTime): string {
  return element(
    name,
    {},
    textElement('FROM', {}, writeTime(range.from)),
    textElement('UNTIL', {}, writeTime(range.until)),
  )
}

export function within(time: Date, range: RangeTime): boolean {
  return range.from <= time && time < range.until
}

const unitMilliseconds = { days: 86_400_000, hours: 3_600_000, minutes: 60_000, seconds: 1000 } as const

export function parseIntervalTime(source: XmlElement): IntervalTime {
  let total = 0
  for (const [unit, milliseconds] of Object.entries(unitMilliseconds)) {
    const value = source.attributes.get(unit)
    if (value === undefined) continue
    if (!/^\d{1,6}$/.test(value)) throw new RightsError('xrml-malformed', { detail: 'INTERVALTIME' })
    total += Number(value) * milliseconds
  }
  return total
}

export function writeIntervalTime(interval: IntervalTime): string {
  let rest = interval
  const attributes: Record<string, string> = {}
  for (const [unit, milliseconds] of Object.entries(unitMilliseconds)) {
    const value = Math.floor(rest / milliseconds)
    rest -= value * milliseconds
    if (value > 0) attributes[unit] = String(value)
  }
  return element('INTERVALTIME', attributes)
}
