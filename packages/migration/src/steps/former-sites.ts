/** Names and web sites of clusters that a tenant answers for, as plans and services write them. */
import { clusterUrl } from '@sealward/protocol'

const isSite = (entry: string): boolean => entry.includes('://')

/** Without port, in lower case. */
export function nameOfEntry(entry: string): string {
  return isSite(entry) ? new URL(entry).hostname : (entry.split(':')[0]?.toLowerCase() ?? '')
}

/** Whether one of the entries of a service is this one; usual ports and case do not matter. */
export function isAnsweredFor(entries: readonly string[], wanted: string): boolean {
  return entries.map(form).includes(form(wanted))
}

function form(entry: string): string {
  return isSite(entry) ? clusterUrl(entry) : entry.toLowerCase().replace(/:(?:80|443)$/, '')
}
