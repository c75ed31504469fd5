/**
 * RIGHTSGROUP (MS-RMPR 2.2.9.8.5 and 2.2.9.9.8): who may do what, under which times. Reserved rights are elements of their
 * own name, all others `RIGHT name="…"`; readers treat both alike because real writers mix them.
 */
import { RightsError } from '../errors/rights-error.ts'
import { children, type XmlElement } from '../text/element.ts'
import { element, textElement } from '../text/writer.ts'
import { accessEnablingBits, writeEnablingBits, type EnablingBits } from './principal.ts'
import { parseIntervalTime, parseRangeTime, writeIntervalTime, writeRangeTime } from './times.ts'
import type { IntervalTime, RangeTime } from './times.ts'
import { onlyChild, onlyDescendant } from './only-child.ts'

export interface TimeConditions {
  readonly ranges: readonly RangeTime[]
  readonly intervals: readonly IntervalTime[]
}

export interface EntryPrincipal {
  /** `Unspecified`, `Windows`, `Internal`, or another identity type. */
  readonly idType: string
  readonly id: string
  readonly name: string | undefined
}

export interface RightsEntry {
  /** Upper case. */
  readonly right: string
  /** Absent where the entry names no one, as in use licences, whose principal is the licensee. */
  readonly principal: EntryPrincipal | undefined
  readonly enablingBits: EnablingBits | undefined
  readonly times: TimeConditions
}

export const noTimes: TimeConditions = { ranges: [], intervals: [] }

/** Rights entries in a licence beyond this number are no genuine policy (threat model, limits). */
export const rightsEntriesMost = 1_000

const elementForm = new Set(['VIEW', 'PRINT', 'EDIT', 'EXPORT', 'EXTRACT'])

/** @throws RightsError `xrml-malformed`, `xml-limit-exceeded` */
export function parseRightsList(work: XmlElement, most: number = rightsEntriesMost): readonly RightsEntry[] {
  const entries = children(work, 'RIGHTSGROUP').flatMap((group) =>
    children(group, 'RIGHTSLIST').flatMap((list) => list.children),
  )
  if (entries.length > most) throw new RightsError('xml-limit-exceeded', { detail: 'rights entries' })
  return entries.map((source) => {
    const right = source.local === 'RIGHT' ? source.attributes.get('name') : source.local
    if (right === undefined || right === '') throw new RightsError('xrml-malformed', { detail: 'a right has no name' })
    const conditions = onlyChild(source, 'CONDITIONLIST') ?? source
    const id = onlyDescendant(conditions, 'ACCESS', 'PRINCIPAL', 'OBJECT', 'ID')
    return {
      right: right.toUpperCase(),
      principal:
        id === undefined
          ? undefined
          : {
              idType: id.attributes.get('type') ?? '',
              id: id.text,
              name: onlyDescendant(conditions, 'ACCESS', 'PRINCIPAL', 'OBJECT', 'NAME')?.text,
            },
      enablingBits: accessEnablingBits(source),
      times: parseTimes(conditions),
    }
  })
}

/** @throws RightsError `xrml-malformed`, also for a condition of an unknown kind: it would limit a right that we grant */
export function parseTimes(conditions: XmlElement | undefined): TimeConditions {
  const times = children(conditions, 'TIME').flatMap((time) => time.children)
  if (times.some(({ local }) => local !== 'RANGETIME' && local !== 'INTERVALTIME')) {
    throw new RightsError('xrml-malformed', { detail: 'TIME holds something else than RANGETIME and INTERVALTIME' })
  }
  return {
    ranges: times.filter((time) => time.local === 'RANGETIME').map(parseRangeTime),
    intervals: times.filter((time) => time.local === 'INTERVALTIME').map(parseIntervalTime),
  }
}

function writeTimes(times: TimeConditions): string {
  return [
    ...times.ranges.map((range) => element('TIME', {}, writeRangeTime('RANGETIME', range))),
    ...times.intervals.map((interval) => element('TIME', {}, writeIntervalTime(interval))),
  ].join('')
}

export interface WriteRightsEntry {
  readonly right: string
  readonly principal?: EntryPrincipal
  readonly enablingBits?: EnablingBits
  readonly times?: TimeConditions
}

/** TIME follows ACCESS, as in real documents. */
export function writeRightsGroup(entries: readonly WriteRightsEntry[]): string {
  const list = entries.map((entry) => {
    const conditions = element(
      'CONDITIONLIST',
      {},
      element('ACCESS', {}, writeAccess(entry)),
      writeTimes(entry.times ?? noTimes),
    )
    const right = entry.right.toUpperCase()
    return elementForm.has(right) ? element(right, {}, conditions) : element('RIGHT', { name: right }, conditions)
  })
  return element('RIGHTSGROUP', { name: 'Main-Rights' }, element('RIGHTSLIST', {}, ...list))
}

function writeAccess(entry: WriteRightsEntry): string {
  if (entry.principal !== undefined) {
    const { idType, id, name } = entry.principal
    const object = element(
      'OBJECT',
      {},
      textElement('ID', { type: idType }, id),
      name === undefined ? undefined : textElement('NAME', {}, name),
    )
    return element('PRINCIPAL', {}, object)
  }
  const bits = entry.enablingBits === undefined ? undefined : writeEnablingBits(entry.enablingBits)
  return element('PRINCIPAL', { 'internal-id': '1' }, bits)
}

/** PRECONDITIONLIST of a policy: when its content expires. */
export function writePreconditions(times: TimeConditions): string {
  const inner = writeTimes(times)
  return inner === '' ? '' : element('PRECONDITIONLIST', {}, inner)
}
