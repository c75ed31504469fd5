/**
 * How a client finds its service (MS-RMPR 3.1.4.4): configuration, service connection point, service records, cloud; the
 * first that may be used is taken. Every step says what it looked at and why it went on. Who finds none may still open what
 * this machine keeps, by the service that was known last: it is asked nothing.
 */
import { serviceUrlOf } from '@sealward/protocol'
import { isRightsError, RightsError } from '@sealward/xrml'
import type { ServiceLocation } from '../connection.ts'
import type { LastKnownService } from '../last-known-service.ts'
import { admit, type Admission, type AdmissionRules } from './admission.ts'
import { brokenStep, type DiscoverySource, type DiscoveryStep } from './discovery-step.ts'
import { findConnectionPoints, type ForestSettings } from './service-connection-point.ts'
import { findServiceRecord, type NameServers, type ServiceRecord } from './service-records.ts'

export interface DiscoverySettings {
  /** What the configuration names: then nothing else is looked at. */
  readonly configured?: { readonly url: string; readonly from: string }
  /** Without it no directory is asked. */
  readonly scp?: ForestSettings
  /** Without it no name server is asked. */
  readonly srv?: NameServers
  /** Lets the user leave the organisation for the service in the cloud. Default false. */
  readonly cloud?: boolean
  /** The service of which the store knows, looked up only if no step finds one. */
  readonly lastKnown?: () => LastKnownService | undefined
}

export interface DiscoveryInput extends AdmissionRules {
  /** Mail address; without it no domain is known to look below. */
  readonly user?: string
  readonly settings: DiscoverySettings
}

export interface DiscoveredService {
  /** Scheme, host and port, with the base path where that is not the usual one. */
  readonly url: string
  readonly serviceLocation?: ServiceLocation
  readonly source: DiscoverySource
  /** Why the host may be used; what the configuration names needs no reason. `offline`: it must not be asked anything. */
  readonly admission: Admission | 'configuration' | 'offline'
}

export interface Discovery {
  readonly steps: readonly DiscoveryStep[]
  readonly service?: DiscoveredService
}

interface Candidate {
  readonly lookedAt: string
  readonly found: string
  readonly url: string
  readonly serviceLocation?: ServiceLocation
  /** What to say of it when it is taken. */
  readonly remark?: string
}

interface Looked {
  readonly candidates: readonly Candidate[]
  /** Where nothing was found. */
  readonly nothingAt: string
}

/** Where clients go that nobody has told anything: fixed in their protocol. */
const cloudUrl = 'https://api.aadrm.com'
const sources = ['scp', 'srv', 'cloud'] as const

/**
 * ```ts
 * const { service, steps } = await discoverService({
 *   user: 'bob@lakeside.example',
 *   settings: { srv: {} },
 *   allowedHosts: ['rights.lakeside.example'],
 *   anchors: [],
 *   askHosts: true,
 *   now: () => new Date(),
 * })
 * ```
 * Failures are steps; nothing is thrown but defects.
 */
export async function discoverService(input: DiscoveryInput): Promise<Discovery> {
  const { configured } = input.settings
  const steps: DiscoveryStep[] = []
  let service: DiscoveredService | undefined
  if (configured === undefined) {
    steps.push({ source: 'configuration', lookedAt: 'connection file', outcome: 'nothing', why: 'it names no service' })
  } else {
    const { url, from } = configured
    steps.push({ source: 'configuration', lookedAt: from, found: url, outcome: 'taken', why: 'it names the service' })
    service = { url, source: 'configuration', admission: 'configuration' }
  }
  for (const source of sources) {
    if (service !== undefined) {
      const why = 'an earlier step has found the service'
      steps.push({ source, lookedAt: 'nothing', outcome: 'not-needed', why })
      continue
    }
    const taken = await tryStep(source, input)
    steps.push(...taken.steps)
    service = taken.service
  }
  if (service !== undefined) return { steps, service }
  const { lastKnown } = input.settings
  if (lastKnown === undefined) return { steps }
  const known = tryStore(lastKnown)
  return { ...known, steps: [...steps, ...known.steps] }
}

/** Nothing found here is believed: it says whose certificates and licences of this machine are meant, and nothing is sent. */
function tryStore(lastKnown: NonNullable<DiscoverySettings['lastKnown']>): Discovery {
  const at = { source: 'store', lookedAt: 'what this machine keeps' } as const
  try {
    const known = lastKnown()
    if (known === undefined) {
      return { steps: [{ ...at, outcome: 'nothing', why: 'nobody has certified the user here' }] }
    }
    const { url, usedAt } = known
    const why = `used last ${usedAt.toISOString()}; what is kept of it opens offline, and it is not asked`
    return {
      steps: [{ ...at, found: url, outcome: 'taken', why }],
      service: { url, source: 'store', admission: 'offline' },
    }
  } catch (error) {
    if (!isRightsError(error)) throw error
    return { steps: [brokenStep(at, 'failed', error)] }
  }
}

const offReasons: Readonly<Record<(typeof sources)[number], string>> = {
  scp: 'the configuration names no domain controller (discovery.scp)',
  srv: 'the configuration does not let it ask name servers (discovery.srv)',
  cloud: `a self-hosted client does not leave the organisation for ${cloudUrl} unless it is told to (discovery.cloud)`,
}

async function tryStep(source: (typeof sources)[number], input: DiscoveryInput): Promise<Discovery> {
  let looked: Looked | undefined
  try {
    looked = await look(source, input)
  } catch (error) {
    if (!isRightsError(error)) throw error
    return { steps: [brokenStep({ source, lookedAt: placeOf(source, input) }, 'failed', error)] }
  }
  if (looked === undefined) return { steps: [{ source, lookedAt: 'nothing', outcome: 'off', why: offReasons[source] }] }
  const steps: DiscoveryStep[] = []
  for (const candidate of looked.candidates) {
    const { lookedAt, found } = candidate
    try {
      const { url, admission } = await admitted(source, candidate, input)
      const reason = admission === 'allowed-host' ? 'its host is allowed' : 'a pinned key certifies its host'
      const why = candidate.remark === undefined ? reason : `${reason}; ${candidate.remark}`
      steps.push({ source, lookedAt, found, outcome: 'taken', why })
      const { serviceLocation } = candidate
      return {
        steps,
        service: { url, source, admission, ...(serviceLocation === undefined ? {} : { serviceLocation }) },
      }
    } catch (error) {
      if (!isRightsError(error)) throw error
      steps.push(brokenStep({ source, lookedAt, found }, 'refused', error))
    }
  }
  if (steps.length > 0) return { steps }
  return { steps: [{ source, lookedAt: looked.nothingAt, outcome: 'nothing', why: 'nothing is there' }] }
}

async function admitted(
  source: DiscoverySource,
  { url }: Candidate,
  input: DiscoveryInput,
): Promise<{ readonly url: string; readonly admission: Admission }> {
  // What an entry names is the certification (MS-RMPR 3.1.4.4); licensing is beside it.
  const service = serviceUrlOf(url)
  // Whoever allows the cloud has named its host.
  return { url: service, admission: source === 'cloud' ? 'allowed-host' : await admit(url, input) }
}

/** @returns nothing if the configuration does not allow the step */
async function look(source: (typeof sources)[number], input: DiscoveryInput): Promise<Looked | undefined> {
  const { scp, srv, cloud } = input.settings
  if (source === 'scp') return scp === undefined ? undefined : lookInForest(scp)
  if (source === 'srv') return srv === undefined ? undefined : lookForRecords(input, srv)
  const place = { lookedAt: 'the fixed address', found: cloudUrl, url: cloudUrl }
  return cloud === true ? { candidates: [place], nothingAt: cloudUrl } : undefined
}

async function lookInForest(settings: ForestSettings): Promise<Looked> {
  const points = await findConnectionPoints(settings)
  return {
    candidates: points.map(({ dn, url }) => ({
      lookedAt: dn,
      found: url,
      url,
      serviceLocation: { certification: url, found: true },
      ...(points.length > 1 ? { remark: `the forest has ${points.length} entries and should have one` } : {}),
    })),
    nothingAt: settings.servers.join(', '),
  }
}

async function lookForRecords({ user, allowedHosts }: DiscoveryInput, nameServers: NameServers): Promise<Looked> {
  if (user === undefined) return { candidates: [], nothingAt: 'no domain, since no user is named' }
  const domain = domainOf(user)
  const { asked, record } = await findServiceRecord(domain, nameServers)
  const nothingAt = asked.length === 0 ? `${domain}, which is no domain` : asked.join(', ')
  if (record === undefined) return { candidates: [], nothingAt }
  return { candidates: [{ lookedAt: nothingAt, ...recordCandidate(record, allowedHosts) }], nothingAt }
}

/**
 * The protocol's clients ignore the port of the record and use 443, so records carry any number. Here another port counts
 * if the configuration allows the host with this very port.
 */
export function recordCandidate(
  { target, port }: ServiceRecord,
  allowedHosts: readonly string[],
): Pick<Candidate, 'found' | 'url' | 'remark'> {
  const found = `${target}:${port}`
  if (port === 443) return { found, url: `https://${target}` }
  if (allowedHosts.some((each) => each.toLowerCase() === found)) return { found, url: `https://${found}` }
  return { found, url: `https://${target}`, remark: `port ${port} of the record is ignored, as all clients do` }
}

function placeOf(source: DiscoverySource, { settings, user }: DiscoveryInput): string {
  if (source === 'scp') return settings.scp?.servers.join(', ') ?? ''
  return user === undefined ? '' : domainOf(user)
}

/** What follows the first @, as the protocol's clients read it. */
function domainOf(user: string): string {
  return user.slice(user.indexOf('@') + 1)
}

/** @throws RightsError `service-not-discovered` with the codes on the way */
export function requireDiscovered({ steps, service }: Discovery): DiscoveredService {
  if (service !== undefined) return service
  const detail = steps.map(({ source, outcome, code }) => `${source}: ${code ?? outcome}`).join('; ')
  throw new RightsError('service-not-discovered', { detail })
}
