/** The listeners of an installation, and the certificates that clients of its services are shown. */
import { RightsError } from '@sealward/xrml'
import { machineClock, type OpenedService, type OpenServiceInput } from './compose.ts'
import { clientAuthoritiesOf, type OpenedDoors } from './open-doors.ts'
import { createSharedAdmission } from './http/admission.ts'
import { watchEventLoop } from './http/event-loop-watch.ts'
import { startInstallation, type InstallationInput } from './http/installation.ts'
import { defaultHttpLimits, timesOf } from './http/limits.ts'
import type { Listener } from './http/node-server.ts'
import { createRequestLog } from './http/request-log.ts'
import type { RunningServer } from './http/server.ts'
import { withTakeover } from './http/takeover-listener.ts'
import type { InstallationConfig } from './installation-config.ts'
import { limitWarnings } from './limit-settings.ts'
import type { ClientAuthorities } from './tls/client-authorities.ts'
import { listenerCertificate } from './tls/listener-certificate.ts'
import type { CertificatePair } from './tls/listener-tls.ts'

export interface OpenInstallationInput extends Pick<OpenServiceInput, 'requestLog' | 'clock'> {
  readonly installation: InstallationConfig
  /** Relative paths in its configuration start here. */
  readonly folder: string
  readonly services: readonly Omit<OpenServiceInput, 'requestLog' | 'clock'>[]
}

/** @throws RightsError `listener-refused`, `configuration-invalid`, and those of the doors of each service */
export async function listenInstallation(
  opened: readonly OpenedService[],
  input: OpenInstallationInput,
): Promise<RunningServer> {
  const { listener: settings, takeoverListener, discoveryNames } = input.installation
  const { host, port, encryptedByProxy, trustedProxies } = settings
  const certificates = certificatesOf(opened)
  const tls = certificateOfListener(opened, input, certificates)
  const listener: Listener = { host, port, encryptedByProxy, ...(tls === undefined ? {} : { tls }) }
  const log = createRequestLog(input.requestLog)
  const clients = clientsOf(opened, { encrypted: tls !== undefined, log })
  for (const warning of limitWarnings(input.installation)) log.warn({ tenant: 'all', ...warning })
  const admission = createSharedAdmission(defaultHttpLimits, opened.length)
  const doors: OpenedDoors[] = []
  const endWatch = watchEventLoop(log)
  const close = async (): Promise<void> => {
    endWatch()
    for (const each of doors) await each.close()
  }
  try {
    for (const service of opened) {
      const { tenant } = service.context.cluster
      const certificate = certificates.get(tenant)?.certificate ?? tls?.certificate
      doors.push(
        await service.doors({
          listener,
          trustedProxies,
          certificate,
          clients: clients.get(tenant),
          log,
          admission: admission(),
        }),
      )
    }
    const all: InstallationInput = {
      services: doors.map((each) => each.settings),
      listener,
      trustedProxies,
      discoveryNames,
      certificates,
      clients,
      limits: { ...defaultHttpLimits, ...timesOf(input.installation.limits) },
    }
    const running = await startInstallation(all)
    const both =
      takeoverListener === undefined
        ? running
        : await withTakeover(running, () => startInstallation(forFormerNames(all, takeoverListener)))
    return {
      ...both,
      async close() {
        await both.close()
        await close()
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

function forFormerNames(all: InstallationInput, { host, port }: Pick<Listener, 'host' | 'port'>): InstallationInput {
  return { ...all, takeover: true, listener: { host, port, encryptedByProxy: false } }
}

/** By tenant, of those that believe certificates of clients. @throws RightsError `configuration-invalid` */
function clientsOf(
  opened: readonly OpenedService[],
  on: Parameters<typeof clientAuthoritiesOf>[1],
): ReadonlyMap<string, ClientAuthorities> {
  const clients = new Map<string, ClientAuthorities>()
  for (const { input, context } of opened) {
    const authorities = clientAuthoritiesOf(input, on)
    if (authorities !== undefined) clients.set(context.cluster.tenant, authorities)
  }
  return clients
}

/** By tenant, of those that have one of their own. */
function certificatesOf(opened: readonly OpenedService[]): ReadonlyMap<string, CertificatePair> {
  const certificates = new Map<string, CertificatePair>()
  for (const { input, context } of opened) {
    const pair = listenerCertificate(input.config.listener, input.folder, context.clock)
    if (pair !== undefined) certificates.set(context.cluster.tenant, pair)
  }
  return certificates
}

/** For clients that name no server, and services without a certificate of their own. */
function certificateOfListener(
  opened: readonly OpenedService[],
  { installation, folder, clock = machineClock }: OpenInstallationInput,
  certificates: ReadonlyMap<string, CertificatePair>,
): CertificatePair | undefined {
  const common = listenerCertificate(installation.listener, folder, clock)
  if (common !== undefined || certificates.size === 0) return common
  const without = opened.find(({ context }) => !certificates.has(context.cluster.tenant))
  if (without === undefined) return [...certificates.values()][0]
  const detail = `listener: ${without.context.cluster.tenant} has no certificate, and there is none for all`
  throw new RightsError('configuration-invalid', { detail })
}
