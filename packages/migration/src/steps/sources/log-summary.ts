/** What a migration needs to know of a request log, counted in one pass. */
import type { RequestRow } from '../../admin-api.ts'

export interface Counted {
  requests: number
  readonly users: Set<string>
  /** ISO 8601 of the latest request. */
  last: string
}

export interface LogSummary {
  readonly requests: number
  /** By fingerprint of the key that the asked-for licences are sealed to. */
  readonly issuers: ReadonlyMap<string, Counted>
  /** Licensing URLs in licences, letter by letter, and hosts that were asked. */
  readonly urls: ReadonlyMap<string, Counted>
  readonly hosts: ReadonlyMap<string, Counted>
  readonly agents: ReadonlyMap<string, Counted>
  readonly types: ReadonlyMap<string, Counted>
  readonly users: ReadonlyMap<string, Counted>
  readonly templates: ReadonlyMap<string, Counted>
  /** Machines that certified themselves as servers. */
  readonly servers: ReadonlyMap<string, Counted>
}

export async function summarize(rows: AsyncIterable<RequestRow>): Promise<LogSummary> {
  let requests = 0
  const summary = {
    issuers: new Map<string, Counted>(),
    urls: new Map<string, Counted>(),
    hosts: new Map<string, Counted>(),
    agents: new Map<string, Counted>(),
    types: new Map<string, Counted>(),
    users: new Map<string, Counted>(),
    templates: new Map<string, Counted>(),
    servers: new Map<string, Counted>(),
  }
  for await (const row of rows) {
    requests++
    const { metadata } = row
    count(summary.issuers, metadata.issuerKey, row)
    count(summary.urls, metadata.url, row)
    count(summary.hosts, metadata.host?.toLowerCase(), row)
    count(summary.agents, row.requestUserAgent, row)
    count(summary.types, row.requestType, row)
    count(summary.users, personOf(row), row)
    count(summary.templates, metadata.templateId?.toLowerCase(), row)
    if (row.requestType.includes('ServerCertif')) count(summary.servers, row.requestUserAddress, row)
  }
  return { requests, ...summary }
}

/** Who asked, as an address in lower case; nothing for requests without a name. */
function personOf(row: RequestRow): string | undefined {
  const id = row.authenticatedId.trim().toLowerCase()
  return id.includes('@') ? id : undefined
}

function count(map: Map<string, Counted>, key: string | undefined, row: RequestRow): void {
  if (key === undefined || key === '') return
  let known = map.get(key)
  if (known === undefined) {
    known = { requests: 0, users: new Set(), last: '' }
    map.set(key, known)
  }
  known.requests++
  if (row.requestTime > known.last) known.last = row.requestTime
  const person = personOf(row)
  if (person !== undefined) known.users.add(person)
}
