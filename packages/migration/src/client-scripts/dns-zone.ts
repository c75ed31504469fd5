/**
 * Zone fragments (RFC 1035 5.1, RFC 2782) and the same as dynamic updates (the language of `nsupdate`, RFC 2136), since a
 * zone file cannot say that a record goes. `_rmsredir` sends click-to-run Office to the tenant once the cluster refuses
 * it; the cluster must stay for that, so this never ends a migration. `_rmsdisco` keeps mobile devices at the cluster and
 * is removed.
 */
import { isIpv4 } from './cluster-url.ts'
import type { CheckedPlan } from './redirection-plan.ts'

/** Short, so that the way back is quick. Seconds. */
const timeToLive = 300

export interface DnsChange {
  readonly name: 'rmsredir' | 'rmsdisco'
  /** As lines of a zone file. */
  readonly records: Uint8Array
  readonly add: Uint8Array
  /** Of discovery records all: nobody noted with which priority they were made. */
  readonly remove: Uint8Array
}

export function dnsChanges(plan: CheckedPlan): readonly DnsChange[] {
  const { tenant, clusters, mailDomains } = plan
  const hosts = [...new Set(clusters.map(({ host }) => host))].filter((host) => host.includes('.') && !isIpv4(host))
  const clusterHost = new URL(plan.staying).hostname
  const changes = [
    {
      name: 'rmsredir' as const,
      records: hosts.sort().map((host) => record(`_rmsredir._http._tcp.${host}`, tenant.port, tenant.host)),
    },
    {
      name: 'rmsdisco' as const,
      // The mobile device extension is always published on 443.
      records: clusterHost.includes('.')
        ? mailDomains.map((domain) => record(`_rmsdisco._http._tcp.${domain}`, 443, clusterHost))
        : [],
    },
  ]
  return changes
    .filter(({ records }) => records.length > 0)
    .map(({ name, records }) => ({
      name,
      records: lines(records.map(({ owner, data }) => `${owner} ${timeToLive} IN ${data}`)),
      add: lines([...records.map(({ owner, data }) => `update add ${owner} ${timeToLive} IN ${data}`), 'send']),
      remove: lines([
        ...records.map(({ owner, data }) => `update delete ${owner} IN ${name === 'rmsredir' ? data : 'SRV'}`),
        'send',
      ]),
    }))
}

function record(name: string, port: number, target: string): { readonly owner: string; readonly data: string } {
  return { owner: `${name}.`, data: `SRV 0 0 ${port} ${target}.` }
}

function lines(texts: readonly string[]): Uint8Array {
  return Buffer.from(`${texts.join('\n')}\n`, 'ascii')
}
