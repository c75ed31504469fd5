/**
 * The request log of a cluster: through its administration, or from a file with the columns of the ServiceRequest view.
 * Rows are read one by one, because a cluster of ten years has millions.
 */
import { createReadStream } from 'node:fs'
import { systemCode } from '@sealward/client'
import {
  decodeText,
  isRightsError,
  orderChain,
  parsePublishingLicense,
  parseXrmlChain,
  RightsError,
} from '@sealward/xrml'
import type { AdminApi, RequestMetadata, RequestRow } from '../../admin-api.ts'
import { anyText, openRecord, readJson } from '../../project/shape.ts'
import { delimitedRows } from '../../watch/delimited-rows.ts'
import { timeOf } from '../../watch/request-event.ts'

const pageSize = 5_000

export async function* requestsOf(api: AdminApi): AsyncGenerator<RequestRow> {
  let after = 0
  for (;;) {
    const { rows, next } = await api.requests(after, pageSize)
    yield* rows
    if (next === undefined || next <= after) return
    after = next
  }
}

const needed = ['RequestTime', 'RequestType', 'SuccessOrFailure'] as const

/** @throws RightsError `plan-input-invalid`, `request-log-refused`, `file-unreadable` */
export async function* requestsOfFile(path: string): AsyncGenerator<RequestRow> {
  let names: readonly string[] | undefined
  let sequence = 0
  try {
    for await (const { line, fields } of delimitedRows(createReadStream(path))) {
      if (names === undefined) {
        names = fields.map((field) => field.trim())
        const missing = needed.find((column) => names?.includes(column) !== true)
        if (missing !== undefined) throw invalid(path, `there is no column ${missing}`)
        continue
      }
      sequence++
      const row = new Map(names.map((name, index) => [name, fields[index] ?? '']))
      yield requestRow(row, sequence, `${path}, line ${line}`)
    }
  } catch (cause) {
    if (isRightsError(cause)) throw cause
    throw new RightsError('file-unreadable', { detail: `${path}: ${systemCode(cause)}`, cause })
  }
}

function requestRow(row: ReadonlyMap<string, string>, sequence: number, place: string): RequestRow {
  const column = (name: string): string => row.get(name) ?? ''
  const time = timeOf(column('RequestTime'))
  if (time === undefined) throw invalid(place, 'RequestTime is not of the form 2024-03-05 10:11:12')
  const outcome = column('SuccessOrFailure')
  if (outcome !== 'Succeeded' && outcome !== 'Failed') {
    throw invalid(place, 'SuccessOrFailure is neither Succeeded nor Failed')
  }
  return {
    sequence,
    hostMachineName: column('HostMachineName'),
    requestTime: time.toISOString(),
    requestPath: column('RequestPath'),
    requestType: column('RequestType'),
    requestUserAddress: column('RequestUserAddress'),
    requestUserAgent: column('RequestUserAgent'),
    authenticatedState: column('AuthenticatedState'),
    secureConnectionState: column('SecureConnectionState'),
    authenticatedId: column('AuthenticatedId'),
    successOrFailure: outcome,
    metadata: metadataOf(column('Metadata'), column('ReceivedXrMLDocument')),
  }
}

const metadataShape = openRecord(
  {},
  {
    result: anyText,
    contentId: anyText,
    issuerKey: anyText,
    templateId: anyText,
    owner: anyText,
    host: anyText,
    url: anyText,
  },
)

/** Our own clusters write JSON; others keep the licence that was asked for, which names its key and address itself. */
function metadataOf(metadata: string, license: string): RequestMetadata {
  if (metadata.startsWith('{')) return readJson(metadataShape, metadata, 'plan-input-invalid', 'Metadata')
  if (!license.includes('<XrML')) return {}
  try {
    const documents = orderChain(parseXrmlChain(decodeText(Buffer.from(license, 'utf8'))))
    const [first] = documents
    if (first?.type !== 'publishing-license') return {}
    const { server, distributionPoints, work } = parsePublishingLicense(first)
    const url = distributionPoints.find(({ type }) => type === 'License-Acquisition-URL')?.url
    const owner = work.owner?.address
    return {
      issuerKey: server.publicKey.fingerprint,
      ...(url === undefined ? {} : { url }),
      ...(owner === undefined ? {} : { owner }),
    }
  } catch (error) {
    // What clients send may be anything; a row that cannot be read still counts as a request.
    if (isRightsError(error)) return {}
    throw error
  }
}

function invalid(place: string, detail: string): RightsError {
  return new RightsError('plan-input-invalid', { detail: `${place}: ${detail}` })
}
