/** Request rows of a service, page by page, and their form as a file with the columns of the ServiceRequest view. */
import type { Administration, AdminResult } from '../../connection/administration.ts'

export type RequestRow = AdminResult<'listRequests'>['rows'][number]

const pageSize = 5_000

/** @param after sequence number of the last row that is known; 0 for all */
export async function* requestRows(
  administration: Administration,
  after: number,
): AsyncGenerator<readonly RequestRow[]> {
  let known = after
  for (;;) {
    const { rows, next } = await administration.call('listRequests', { query: { after: known, limit: pageSize } })
    if (rows.length > 0) yield rows
    if (next === undefined || next <= known) return
    known = next
  }
}

type Column = readonly [name: string, value: (row: RequestRow) => string]

const columns: readonly Column[] = [
  ['HostMachineName', (row) => row.hostMachineName],
  ['RequestTime', (row) => row.requestTime],
  ['RequestPath', (row) => row.requestPath],
  ['RequestType', (row) => row.requestType],
  ['RequestUserAddress', (row) => row.requestUserAddress],
  ['RequestUserAgent', (row) => row.requestUserAgent],
  ['AuthenticatedState', (row) => row.authenticatedState],
  ['SecureConnectionState', (row) => row.secureConnectionState],
  ['AuthenticatedId', (row) => row.authenticatedId],
  ['SuccessOrFailure', (row) => row.successOrFailure],
  ['Metadata', (row) => JSON.stringify(row.metadata)],
]

/** RFC 4180. */
export const csvHeader = `${columns.map(([name]) => name).join(',')}\r\n`

export function csvLine(row: RequestRow): string {
  return `${columns.map(([, value]) => csvField(value(row))).join(',')}\r\n`
}

function csvField(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value
}
