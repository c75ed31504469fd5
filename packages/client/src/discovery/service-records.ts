/**
 * Service records of the domain name system (RFC 2782): `_rmsdisco._http._tcp` below the domain of a mail address, or below
 * the host in a licence, climbing to the parent while two labels remain. The best priority counts, and no second record is
 * tried. `_rmsredir`, by which Windows clients leave a cluster that denies them, is not read here: redirections are
 * configuration.
 */
import { Resolver } from 'node:dns/promises'
import { domainToASCII } from 'node:url'
import { RightsError } from '@sealward/xrml'
import { systemCode } from '../file-source.ts'

export interface NameServers {
  /** `address` or `address:port`; without any those of this machine. */
  readonly servers?: readonly string[]
  /** For one question; default 5 seconds. */
  readonly timeoutMilliseconds?: number
}

export interface ServiceRecord {
  readonly target: string
  readonly port: number
}

export interface RecordSearch {
  /** In the order in which they were asked; the last one has the record, if there is one. */
  readonly asked: readonly string[]
  readonly record?: ServiceRecord
}

const service = '_rmsdisco._http._tcp'
const hostName = /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/
const nothingThere = ['ENOTFOUND', 'ENODATA', 'NXDOMAIN']

/**
 * ```ts
 * const { asked, record } = await findServiceRecord('eu.lakeside.example', { servers: ['192.0.2.53'] })
 * ```
 * @param domain where the climb begins
 * @throws RightsError `name-server-unavailable`: a name server that is silent has not said that there is no record
 */
export async function findServiceRecord(domain: string, nameServers: NameServers): Promise<RecordSearch> {
  const asked: string[] = []
  const { servers = [], timeoutMilliseconds = 5_000 } = nameServers
  const resolver = new Resolver({ timeout: timeoutMilliseconds, tries: 2 })
  if (servers.length > 0) useServers(resolver, servers)
  for (const each of climb(domain)) {
    const name = `${service}.${each}`
    asked.push(name)
    const record = best(await ask(resolver, name))
    if (record !== undefined) return { asked, record }
  }
  return { asked }
}

/** The domain and its parents of at least two labels; none for an address in numbers or what is no name. */
function climb(domain: string): readonly string[] {
  const ascii = domainToASCII(domain).toLowerCase().replace(/\.$/, '')
  const labels = ascii.split('.')
  if (!hostName.test(ascii) || /^\d+$/.test(labels.at(-1) ?? '')) return []
  return labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'))
}

function useServers(resolver: Resolver, servers: readonly string[]): void {
  try {
    resolver.setServers(servers)
  } catch (cause) {
    throw new RightsError('name-server-unavailable', { detail: `${servers.join(', ')}: not an address`, cause })
  }
}

interface AnsweredRecord {
  readonly name: string
  readonly port: number
  readonly priority: number
  readonly weight: number
}

async function ask(resolver: Resolver, name: string): Promise<readonly AnsweredRecord[]> {
  try {
    return await resolver.resolveSrv(name)
  } catch (cause) {
    if (nothingThere.includes(systemCode(cause))) return []
    throw new RightsError('name-server-unavailable', { detail: `${name}: ${systemCode(cause)}`, cause })
  }
}

/** Of equal priority the heaviest, then the first by name, so that every run finds the same. A target of `.` is none. */
function best(records: readonly AnsweredRecord[]): ServiceRecord | undefined {
  const [first] = records.toSorted(
    (a, b) => a.priority - b.priority || b.weight - a.weight || (a.name < b.name ? -1 : 1),
  )
  const target = first?.name.toLowerCase().replace(/\.$/, '') ?? ''
  return first === undefined || !hostName.test(target) ? undefined : { target, port: first.port }
}
