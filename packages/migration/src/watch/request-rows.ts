/** The request log of a service of ours, through its administration: the ServiceRequest view, page by page. */
import type { RequestRow } from '../admin-api.ts'
import { readAgent } from './agent.ts'
import { isMobileRequest, operationOf, principalOf, timeOf, type RequestEvent, type System } from './request-event.ts'

/** @returns nothing for a row whose time cannot be read */
export function eventOfRow(row: RequestRow, system: System): RequestEvent | undefined {
  const time = timeOf(row.requestTime)
  if (time === undefined) return undefined
  const { issuerKey, url } = row.metadata
  return {
    time,
    principal: principalOf(row.authenticatedId),
    host: row.requestUserAddress.trim().toLowerCase(),
    agent: readAgent(row.requestUserAgent, isMobileRequest(row.requestType)),
    operation: operationOf(row.requestType),
    system,
    ok: row.successOrFailure === 'Succeeded',
    ...(row.hostMachineName === '' ? {} : { server: row.hostMachineName }),
    ...(issuerKey === undefined ? {} : { issuerKey }),
    ...(url === undefined ? {} : { url }),
  }
}

/**
 * ```ts
 * for await (const event of readRequestRows(rowsOf(admin), 'cluster')) verdicts.add(event)
 * ```
 */
export async function* readRequestRows(
  rows: AsyncIterable<RequestRow> | Iterable<RequestRow>,
  system: System,
): AsyncGenerator<RequestEvent> {
  for await (const row of rows) {
    const event = eventOfRow(row, system)
    if (event !== undefined) yield event
  }
}
