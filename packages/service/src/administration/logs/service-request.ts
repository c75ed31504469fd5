/**
 * The request log with the columns of the ServiceRequest table, by which a migration sees who still uses a service. What
 * the table calls RequestUserAddress is the network address of the client; AuthenticatedId is the person.
 */
import { operations } from '../../core/operations.ts'
import type { Cluster } from '../../core/ports.ts'
import type { RequestRow } from '../../core/store.ts'
import type { AdministrationContext } from '../change.ts'

export interface ServiceRequest {
  readonly sequence: number
  readonly hostMachineName: string
  readonly requestTime: string
  readonly requestPath: string
  readonly requestType: string
  readonly requestUserAddress: string
  readonly requestUserAgent: string
  readonly authenticatedState: 'Authenticated' | 'Anonymous'
  readonly secureConnectionState: 'Secure' | 'NotSecure'
  readonly authenticatedId: string
  readonly successOrFailure: 'Succeeded' | 'Failed'
  readonly metadata: {
    readonly result: string
    readonly correlationId: string
    readonly host?: string
    readonly contentId?: string
    readonly issuerKey?: string
    readonly templateId?: string
    readonly owner?: string
    readonly url?: string
  }
}

/** A page of the log, and where the next one begins if there are more rows. */
export async function listServiceRequests(
  { store, cluster }: AdministrationContext,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<{ readonly rows: readonly ServiceRequest[]; readonly next?: number }> {
  // One row more than asked for says whether there is another page.
  const found = await store.requests.after(after, limit + 1)
  const page = found.slice(0, limit)
  const last = page[page.length - 1]
  const rows = page.map((row) => serviceRequest(row, cluster.personality))
  return found.length > limit && last !== undefined ? { rows, next: last.sequence } : { rows }
}

function serviceRequest({ sequence, record }: RequestRow, personality: Cluster['personality']): ServiceRequest {
  const { host, contentId, key, template, owner, url } = record
  return {
    sequence,
    hostMachineName: record.node,
    requestTime: record.at,
    requestPath: record.path,
    requestType: operations[record.operation][personality],
    requestUserAddress: record.remoteAddress,
    requestUserAgent: record.application ?? '',
    authenticatedState: record.authentication === undefined ? 'Anonymous' : 'Authenticated',
    secureConnectionState: record.secure ? 'Secure' : 'NotSecure',
    authenticatedId: record.address ?? '',
    successOrFailure: record.result === 'Success' ? 'Succeeded' : 'Failed',
    metadata: {
      result: record.result,
      correlationId: record.correlationId,
      ...(host === undefined ? {} : { host }),
      ...(contentId === undefined ? {} : { contentId: `{${contentId}}` }),
      ...(key === undefined ? {} : { issuerKey: key }),
      ...(template === undefined ? {} : { templateId: `{${template}}` }),
      ...(owner === undefined ? {} : { owner }),
      ...(url === undefined ? {} : { url }),
    },
  }
}
