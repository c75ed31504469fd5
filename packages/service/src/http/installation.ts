/**
 * The HTTP server of several services: one listener, one dispatch, and for each service the same server that it would have
 * alone. What protects the machine is shared: connections, places, large bodies. What is data belongs to a service.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { ClientAuthorities } from '../tls/client-authorities.ts'
import type { CertificatePair, NamedServer } from '../tls/listener-tls.ts'
import { createSharedAdmission } from './admission.ts'
import { createBrokenRequestAnswer } from './broken-request.ts'
import { createConnections } from './connection.ts'
import { createDispatch } from './dispatch.ts'
import { bodiesOf, defaultHttpLimits, type HttpLimits } from './limits.ts'
import { createNodeServer, requireSafeListener, type Listener } from './node-server.ts'
import { residentOf } from './resident.ts'
import { createResidentNames, type ResidentNames } from './resident-names.ts'
import { createServer, type HttpInput, type RunningServer } from './server.ts'

export interface InstallationInput {
  /** At least one; each with the common listener, the common proxies and the common log. */
  readonly services: readonly HttpInput[]
  readonly listener: Listener
  readonly trustedProxies: readonly string[]
  /** Canonical host names on which all services are found by REST clients. */
  readonly discoveryNames: readonly string[]
  /** Only answers for names of former services, over plain HTTP. */
  readonly takeover?: boolean
  /** Certificates by tenant; those without are shown that of the listener. */
  readonly certificates: ReadonlyMap<string, CertificatePair>
  /** Authorities of client certificates by tenant; those without believe none. */
  readonly clients?: ReadonlyMap<string, ClientAuthorities>
  readonly limits?: HttpLimits
}

/** @throws RightsError `listener-refused`, `challenge-invalid`, `configuration-invalid` */
export async function startInstallation(input: InstallationInput): Promise<RunningServer> {
  const { services, discoveryNames, trustedProxies, takeover = false, limits = defaultHttpLimits } = input
  const housed = services.map((service) => ({
    service,
    resident: residentOf(service.context, service.administration?.tokens),
  }))
  const residents = housed.map(({ resident }) => resident)
  const names = createResidentNames(residents, takeover)
  const listener = listenerOf(input, names)
  if (!takeover) requireSafeListener(listener)
  const connections = createConnections(listener, trustedProxies)
  const dispatch = createDispatch({
    residents,
    names,
    discoveryNames: takeover ? [] : discoveryNames,
    isProxy: (address) => connections.isProxy(address),
  })
  const admission = createSharedAdmission(limits, services.length)
  const apps = new Map(
    housed.map(({ service, resident }) => {
      const own = {
        listener,
        trustedProxies,
        limits: { ...limits, ...bodiesOf(service.context.cluster.limits) },
        takeover,
        admission: service.admission ?? admission(),
      }
      return [resident, createServer({ ...service, ...own, hosts: dispatch.hostsOf(resident) })] as const
    }),
  )
  await Promise.all([...apps.values()].map((app) => app.ready()))
  // What is nobody's is refused by whoever is asked; each answers only what is assigned to it.
  const [first] = apps.values()
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const resident = await dispatch.assign(request)
    const app = (resident === undefined ? undefined : apps.get(resident)) ?? first
    app?.routing(request, response)
  }
  const server = createNodeServer(listener, limits, (request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  const [one] = services
  if (one !== undefined) server.on('clientError', createBrokenRequestAnswer(one.log))
  await listen(server, listener)
  return {
    url: urlOf(server, listener),
    async close() {
      await close(server, [...apps.values()], limits.closingTime)
      await Promise.all(services.map(({ rows }) => rows.settled()))
    },
  }
}

/** Whose certificate is shown, and whose authorities count, follows from the name that a client connects to. */
function listenerOf({ listener, certificates, clients }: InstallationInput, names: ResidentNames): Listener {
  const { tls } = listener
  if (tls === undefined) return listener
  const forServerName = async (name: string): Promise<NamedServer | undefined> => {
    const owner = await names.ownerOfServerName(name)
    if (owner === undefined) return undefined
    return { pair: certificates.get(owner.tenant) ?? tls, clients: clients?.get(owner.tenant) }
  }
  return { ...listener, tls: { ...tls, forServerName, clientsOfServices: [...(clients?.values() ?? [])] } }
}

function listen(server: Server, { host, port }: Listener): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function urlOf(server: Server, { tls }: Listener): string {
  const { address, family, port } = server.address() as AddressInfo
  const host = family === 'IPv6' ? `[${address}]` : address
  return `${tls === undefined ? 'http' : 'https'}://${host}:${port}`
}

/** Services that close refuse what still comes over connections that are kept; one slow sender is not waited for. */
async function close(server: Server, apps: readonly FastifyInstance[], closingTime: number): Promise<void> {
  const force = setTimeout(() => server.closeAllConnections(), closingTime)
  try {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    server.closeIdleConnections()
    await Promise.all([closed, ...apps.map((app) => app.close())])
  } finally {
    clearTimeout(force)
  }
}
