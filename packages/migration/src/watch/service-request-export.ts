/**
 * The request log of an AD RMS cluster, exported from its logging database with the columns of the ServiceRequest view.
 * Which column is which is read from the header, whatever their order; further columns do not matter.
 */
import { RightsError } from '@sealward/xrml'
import { readAgent } from './agent.ts'
import { delimitedRows } from './delimited-rows.ts'
import {
  isMobileRequest,
  operationOf,
  principalOf,
  timeOf,
  type RequestEvent,
  type Unreadable,
} from './request-event.ts'
import type { LogSource } from './text-lines.ts'

const columns = {
  time: ['requesttime', 'time', 'datetime', 'date'],
  type: ['requesttype', 'requesttypename', 'type'],
  principal: ['authenticatedid', 'username', 'requestuser', 'user', 'userid'],
  address: ['requestuseraddress', 'useraddress', 'clientip', 'clientaddress', 'ipaddress'],
  agent: ['requestuseragent', 'useragent'],
  outcome: ['successorfailure', 'result', 'success', 'issuccessful'],
  server: ['hostmachinename', 'servername', 'server'],
  key: ['issuerkey'],
  url: ['licensingurl', 'url', 'requestpath'],
} as const

type Column = keyof typeof columns

const needed: readonly Column[] = ['time', 'type', 'outcome']

export interface ServiceRequestExportOptions {
  /** Names of columns that the export calls otherwise. */
  readonly columns?: Partial<Record<Column, string>>
  readonly unreadable?: Unreadable
}

/**
 * ```ts
 * for await (const event of readServiceRequestExport(createReadStream('requests.csv'))) verdicts.add(event)
 * ```
 * @throws RightsError `request-log-refused`, also when a column is missing without which nothing can be said
 */
export async function* readServiceRequestExport(
  source: LogSource,
  options: ServiceRequestExportOptions = {},
): AsyncGenerator<RequestEvent> {
  let places: ReadonlyMap<Column, number> | undefined
  for await (const { line, fields } of delimitedRows(source)) {
    if (places === undefined) {
      places = placesOf(fields, options.columns ?? {})
      continue
    }
    const known = places
    const event = eventOf((column) => fields[known.get(column) ?? -1] ?? '')
    if (typeof event === 'string') options.unreadable?.(line, event)
    else yield event
  }
}

function placesOf(header: readonly string[], named: Partial<Record<Column, string>>): ReadonlyMap<Column, number> {
  const names = header.map(letters)
  const places = new Map<Column, number>()
  for (const column of Object.keys(columns) as Column[]) {
    const own = named[column]
    const wanted = own === undefined ? columns[column] : [letters(own)]
    const place = wanted.map((name) => names.indexOf(name)).find((at) => at >= 0)
    if (place !== undefined) places.set(column, place)
  }
  const missing = needed.find((column) => !places.has(column))
  if (missing !== undefined) throw new RightsError('request-log-refused', { detail: `no column for the ${missing}` })
  if (!places.has('principal') && !places.has('address')) {
    throw new RightsError('request-log-refused', { detail: 'no column for users, and none for their machines' })
  }
  return places
}

function letters(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z]/g, '')
}

function eventOf(field: (column: Column) => string): RequestEvent | string {
  const time = timeOf(field('time'))
  if (time === undefined) return 'the time is not of the form 2024-03-05 10:11:12'
  const ok = outcomeOf(field('outcome'))
  if (ok === undefined) return 'neither success nor failure'
  const type = field('type')
  const [server, issuerKey, url] = [field('server'), field('key').toLowerCase(), field('url')]
  return {
    time,
    principal: principalOf(field('principal')),
    host: field('address').trim().toLowerCase(),
    agent: readAgent(field('agent'), isMobileRequest(type)),
    operation: operationOf(type),
    system: 'cluster',
    ok,
    ...(server === '' ? {} : { server }),
    ...(issuerKey === '' ? {} : { issuerKey }),
    ...(/^https?:/i.test(url) ? { url } : {}),
  }
}

function outcomeOf(text: string): boolean | undefined {
  const word = text.trim().toLowerCase()
  if (['succeeded', 'success', '1', 'true'].includes(word)) return true
  return ['failed', 'failure', '0', 'false'].includes(word) ? false : undefined
}
