/**
 * Times in JSON messages: ISO 8601 in UTC, ending in `Z`. Clients read a time without zone differently from member to
 * member, so none is ever written; when read, it counts as UTC.
 */
import { invalidMember, optionalString, type JsonObject } from './members.ts'

const timeText = /^(\d{4}-\d\d-\d\dT\d\d:\d\d)(:\d\d)?(\.\d{1,9})?(Z|\+00:00)?$/

/** @throws RightsError `rest-message-invalid` unless the text is a time that exists, in UTC. */
export function optionalTime(object: JsonObject, name: string): Date | undefined {
  const text = optionalString(object, name)
  if (text === undefined || text === '') return undefined
  const [, minutes = '', seconds = ':00', fraction = ''] = timeText.exec(text) ?? []
  const time = new Date(`${minutes}${seconds}${fraction.slice(0, 4)}Z`)
  // The thirtieth of February parses, as the second of March.
  if (Number.isNaN(time.getTime()) || !time.toISOString().startsWith(minutes + seconds)) {
    throw invalidMember(name, 'a time in UTC')
  }
  return time
}

/** @throws RightsError `rest-message-invalid` */
export function requiredTime(object: JsonObject, name: string): Date {
  const time = optionalTime(object, name)
  if (time === undefined) throw invalidMember(name, 'a time in UTC')
  return time
}

/** To the second; what is left of a second is cut off. */
export function writeTime(time: Date | undefined): string | null {
  return time === undefined ? null : `${time.toISOString().slice(0, 19)}Z`
}
