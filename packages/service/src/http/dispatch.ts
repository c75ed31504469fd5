/**
 * Several services on one listener. The host that a request names decides which one answers; host, connection, token and
 * key must all belong to the same one (threats P12, P13). Besides its names two ways lead to a service: discovery on a name
 * that all share, and administration from this machine, where the token says whose it is.
 */
import type { IncomingMessage } from 'node:http'
import { RightsError } from '@sealward/xrml'
import { answersFor, bareHostName } from '../core/host-names.ts'
import { doorOf, type Door } from './door.ts'
import type { HostCheck } from './host-check.ts'
import { isLoopback } from './loopback.ts'
import type { Resident } from './resident.ts'
import type { ResidentNames } from './resident-names.ts'
import { discoveredTenant } from './rest/discovered-tenant.ts'

export interface Dispatch {
  /** Whose request it is; undefined where it is nobody's. To be called once for each, before anything else. */
  assign(request: IncomingMessage): Promise<Resident | undefined>
  /** Lets a service answer nothing but what is assigned to it. */
  hostsOf(resident: Resident): HostCheck
}

export interface DispatchInput {
  readonly residents: readonly Resident[]
  readonly names: ResidentNames
  /** Canonical host names on which all services are found by REST clients. */
  readonly discoveryNames: readonly string[]
  /** Whether the address is that of a proxy whose X-Forwarded-Host is believed. */
  readonly isProxy: (address: string) => boolean
}

/** Which door each way leads to; a name of its own leads to all doors of a service. */
export const doorOfWay = { discovery: 'rest', administration: 'admin' } as const satisfies Record<string, Door>

interface Assignment {
  readonly resident: Resident
  readonly host: string
  readonly way: 'name' | keyof typeof doorOfWay
  /** The connection was made for another service (RFC 9110, 15.5.20). */
  readonly misdirected: boolean
}

export function createDispatch(input: DispatchInput): Dispatch {
  const { names, isProxy } = input
  const assignments = new WeakMap<IncomingMessage, Assignment>()

  async function connectedElsewhere(request: IncomingMessage, resident: Resident): Promise<boolean> {
    const { socket } = request
    // A proxy keeps its connections for everybody.
    if (isProxy(socket.remoteAddress ?? '')) return false
    const serverName = 'servername' in socket ? socket.servername : undefined
    if (typeof serverName !== 'string' || serverName === '') return false
    const owner = await names.ownerOfServerName(serverName)
    return owner !== undefined && owner !== resident
  }

  return {
    async assign(request) {
      const host = hostOf(request, isProxy)
      const found = host === undefined ? undefined : await find(input, host, request)
      if (host === undefined || found === undefined) return undefined
      const misdirected = await connectedElsewhere(request, found.resident)
      assignments.set(request, { ...found, host, misdirected })
      return found.resident
    },
    hostsOf: (resident) => ({
      async require({ host, door, raw }) {
        const assignment = assignments.get(raw)
        if (assignment?.resident !== resident || assignment.host !== host) throw new RightsError('resource-unknown')
        if (assignment.misdirected) throw new RightsError('request-misdirected')
        if (assignment.way !== 'name' && door !== doorOfWay[assignment.way]) throw new RightsError('resource-unknown')
      },
    }),
  }
}

async function find(
  { residents, names, discoveryNames }: DispatchInput,
  host: string,
  request: IncomingMessage,
): Promise<Pick<Assignment, 'resident' | 'way'> | undefined> {
  const owner = await names.ownerOf(host)
  if (owner !== undefined) return { resident: owner, way: 'name' }
  const target = request.url ?? ''
  if (answersFor(discoveryNames, host)) {
    const resident = await discoveredTenant({ residents, names }, target, request.headers)
    return resident === undefined ? undefined : { resident, way: 'discovery' }
  }
  const name = bareHostName(host)?.replace(/^\[|\]$/g, '')
  if (name === undefined || !isLoopback(name) || doorOf(target, []) !== 'admin') return undefined
  const [, token = ''] = /^Bearer +(\S{1,200})$/i.exec(request.headers.authorization ?? '') ?? []
  const holders = residents.filter(({ tokens }) => tokens?.roleOf(token) !== undefined)
  return holders[0] === undefined || holders.length > 1 ? undefined : { resident: holders[0], way: 'administration' }
}

/** As the framework reads it; nothing where a request names two. */
function hostOf({ headers, rawHeaders, socket }: IncomingMessage, isProxy: (address: string) => boolean) {
  const lines = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host')
  if (lines.length > 1) return undefined
  const forwarded = headers['x-forwarded-host']
  if (forwarded === undefined || !isProxy(socket.remoteAddress ?? '')) return headers.host
  return [forwarded].flat().join(',').split(',').at(-1)?.trim()
}
