/**
 * The usage log of a tenant: W3C extended log file format with tabs, or with spaces as the format has them. The fields of a
 * record are those that the last `#Fields` line names, so versions 1.0 and 1.1 are read alike. Records may be out of order.
 */
import { RightsError } from '@sealward/xrml'
import { readAgent } from './agent.ts'
import {
  isMobileRequest,
  operationOf,
  principalOf,
  timeOf,
  type RequestEvent,
  type Unreadable,
} from './request-event.ts'
import { textLines, type LogSource } from './text-lines.ts'

export interface UsageLogOptions {
  readonly unreadable?: Unreadable
}

const needed = ['date', 'time', 'request-type', 'user-id', 'result'] as const

/**
 * ```ts
 * for await (const event of readUsageLog(createReadStream('rmslog-2024-03-05.log'))) verdicts.add(event)
 * ```
 * @throws RightsError `request-log-refused` for records before a `#Fields` line, or one without the fields that count
 */
export async function* readUsageLog(source: LogSource, options: UsageLogOptions = {}): AsyncGenerator<RequestEvent> {
  let places: ReadonlyMap<string, number> | undefined
  let number = 0
  for await (const line of textLines(source)) {
    number++
    if (line.startsWith('#')) {
      if (/^#Fields:/i.test(line)) places = placesOf(line.slice('#Fields:'.length))
      continue
    }
    if (line.trim() === '') continue
    if (places === undefined)
      throw new RightsError('request-log-refused', { detail: 'no #Fields line before the records' })
    const known = places
    const values = valuesOf(line)
    const event = eventOf((name) => values[known.get(name) ?? -1] ?? '')
    if (event === undefined) options.unreadable?.(number, 'the date or time cannot be read')
    else yield event
  }
}

function placesOf(fields: string): ReadonlyMap<string, number> {
  const places = new Map(
    fields
      .trim()
      .toLowerCase()
      .split(/\s+/)
      .map((name, index) => [name, index]),
  )
  const missing = needed.find((name) => !places.has(name))
  if (missing !== undefined) throw new RightsError('request-log-refused', { detail: `no field ${missing}` })
  return places
}

/** A value in quotes ends at the quote before the next separator, so that names with a quote in them stay whole. */
function valuesOf(line: string): readonly string[] {
  const separator = line.includes('\t') ? '\t' : ' '
  const values: string[] = []
  for (let at = 0; at <= line.length; ) {
    const quote = line[at]
    let end = line.indexOf(separator, at)
    if (end < 0) end = line.length
    // One quotation mark alone stands for nobody.
    if ((quote === "'" || quote === '"') && end - at > 1) {
      const close = line.indexOf(quote + separator, at + 1)
      end = close < 0 ? line.length : close + 1
    }
    values.push(unquoted(line.slice(at, end)))
    at = end + 1
  }
  return values
}

function unquoted(value: string): string {
  const [first] = value
  const isQuoted = value.length > 1 && (first === "'" || first === '"') && value.endsWith(first)
  return isQuoted ? value.slice(1, -1) : value
}

function eventOf(field: (name: string) => string): RequestEvent | undefined {
  const time = timeOf(`${field('date')} ${field('time')}`)
  if (time === undefined) return undefined
  const type = field('request-type')
  const principal = principalOf(field('user-id'))
  return {
    time,
    principal,
    host: field('c-ip').trim().toLowerCase(),
    // The connector asks with a name of its own and says nothing of the server behind it.
    agent: principal === 'aadrm_s-1-7-0' ? { family: 'connector' } : readAgent(field('c-info'), isMobileRequest(type)),
    operation: operationOf(type),
    system: 'tenant',
    ok: field('result').toLowerCase() === 'success',
  }
}
