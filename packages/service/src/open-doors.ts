/** The doors of an opened service: sign-in, administration and request log joined to the servers that listen. */
import { resolve } from 'node:path'
import { RightsError } from '@sealward/xrml'
import { synchroniseRepeatedly } from './administration/synchronise-repeatedly.ts'
import {
  createCertificateAuthentication,
  type CertificateAuthentication,
} from './auth/client-certificates/client-certificates.ts'
import { openWindowsAuthentication } from './auth/windows/open.ts'
import type { Config } from './config.ts'
import { personalities } from './core/personality.ts'
import type { CoreContext } from './core/ports.ts'
import type { AdminDoor } from './http/admin/routes.ts'
import { openAdminTokens } from './http/admin/tokens.ts'
import { createAdmission, type Admission } from './http/admission.ts'
import { watchEventLoop } from './http/event-loop-watch.ts'
import { defaultHttpLimits, httpLimitsOf } from './http/limits.ts'
import type { RequestLog } from './http/request-log.ts'
import { createRequestRows } from './http/request-rows.ts'
import { startServer, type HttpInput, type RunningServer } from './http/server.ts'
import { startTakeover, withTakeover } from './http/takeover-listener.ts'
import { openSignIn } from './open-sign-in.ts'
import { limitWarnings } from './limit-settings.ts'
import { openClientAuthorities, type ClientAuthorities } from './tls/client-authorities.ts'
import { listenerCertificate } from './tls/listener-certificate.ts'

export interface DoorsInput {
  readonly context: CoreContext
  readonly administration: AdminDoor['administration']
  readonly config: Config
  /** Relative paths in the configuration start here. */
  readonly folder: string
}

/** What the doors of a service have to know of their listener, which may be that of several services. */
export interface ListenerOfDoors {
  readonly listener: HttpInput['listener']
  readonly trustedProxies: readonly string[]
  /** PEM text of what clients of this service are shown. */
  readonly certificate: string | undefined
  /** Of this service; absent where it believes no certificates of clients. */
  readonly clients: ClientAuthorities | undefined
  readonly log: RequestLog
  readonly admission: Admission
}

export interface OpenedDoors {
  readonly settings: HttpInput
  /** To be called when nobody listens any more. */
  close(): Promise<void>
}

/** The doors of a service on its own listeners. @throws RightsError `listener-refused`, and those of openDoors */
export async function listen(service: DoorsInput, log: RequestLog): Promise<RunningServer> {
  const { listener, takeoverListener } = service.config
  const { host, port, encryptedByProxy, trustedProxies } = listener
  const pair = listenerCertificate(listener, service.folder, service.context.clock)
  const clients = clientAuthoritiesOf(service, { encrypted: pair !== undefined, log })
  const tls = pair === undefined || clients === undefined ? pair : { ...pair, clients }
  const doors = await openDoors(service, {
    listener: { host, port, encryptedByProxy, ...(tls === undefined ? {} : { tls }) },
    trustedProxies,
    certificate: pair?.certificate,
    clients,
    log,
    admission: createAdmission(defaultHttpLimits),
  })
  const endWatch = watchEventLoop(log)
  try {
    const running = await startServer(doors.settings)
    const all =
      takeoverListener === undefined
        ? running
        : await withTakeover(running, () => startTakeover(doors.settings, takeoverListener))
    return {
      ...all,
      async close() {
        await all.close()
        await doors.close()
        endWatch()
      },
    }
  } catch (error) {
    endWatch()
    await doors.close()
    throw error
  }
}

/**
 * The authorities whose certificates a service believes, if it believes any.
 * @param on.encrypted whether TLS ends at the listener @throws RightsError `configuration-invalid`
 */
export function clientAuthoritiesOf(
  { config, folder }: Pick<DoorsInput, 'config' | 'folder'>,
  { encrypted, log }: { readonly encrypted: boolean; readonly log: RequestLog },
): ClientAuthorities | undefined {
  const { clientCertificates } = config.authentication
  if (clientCertificates === undefined) return undefined
  if (!encrypted) {
    const detail =
      'authentication.clientCertificates: TLS has to end at the service, which needs listener.certificateFile'
    throw new RightsError('configuration-invalid', { detail })
  }
  return openClientAuthorities(clientCertificates, folder, {
    warn: (warning) => log.warn({ tenant: config.tenant, ...warning }),
  })
}

/**
 * Everything of the doors but the listening. What closes them closes the authorities of client certificates too.
 * @throws RightsError `no-active-key`, `admin-token-file-refused`, `embedded-provider-refused`, `configuration-invalid`
 */
export async function openDoors(
  { context, administration, config, folder }: DoorsInput,
  on: ListenerOfDoors,
): Promise<OpenedDoors> {
  const { authentication } = config
  const { clock, directory, cluster, random } = context
  const { startsWithKey } = personalities[cluster.personality]
  if (startsWithKey && (await context.configuration()).activeKey === undefined) throw new RightsError('no-active-key')
  const { tokenFile, readerTokenFile } = config.administration
  const files = { administer: resolve(folder, tokenFile), read: resolve(folder, readerTokenFile) }
  for (const warning of limitWarnings(config)) on.log.warn({ tenant: cluster.tenant, ...warning })
  const rows = createRequestRows(context.store)
  // In an installation the services listen where it says, not where their own configurations say.
  const { host, encryptedByProxy } = on.listener
  const reach = { ...config.listener, host, encryptedByProxy, trustedProxies: [...on.trustedProxies] }
  const signIn = await openSignIn(context, { ...config, listener: reach }, folder)
  const certificates = certificateAuthenticationOf(context, config, on.clients)
  const windows = openWindowsAuthentication(
    { directory, clock, certificate: on.certificate },
    authentication.windows,
    folder,
  )
  const settings: HttpInput = {
    context,
    rows,
    admission: on.admission,
    administration: {
      tokens: await openAdminTokens(files, random),
      administration,
      settled: () => rows.settled(),
    },
    ...signIn,
    authentication: {
      ...signIn.authentication,
      ...(windows === undefined ? {} : { windows }),
      ...(certificates === undefined ? {} : { certificates }),
    },
    listener: on.listener,
    licensingNeedsCaller: authentication.licensingNeedsCaller,
    trustedProxies: on.trustedProxies,
    log: on.log,
    limits: httpLimitsOf(config.limits),
  }
  const synchronised = synchroniseRepeatedly(administration('service'), on.log)
  return {
    settings,
    async close() {
      windows?.close()
      await on.clients?.close()
      await synchronised?.close()
    },
  }
}

function certificateAuthenticationOf(
  { directory, clock }: CoreContext,
  { authentication: { clientCertificates } }: Config,
  authorities: ClientAuthorities | undefined,
): CertificateAuthentication | undefined {
  if (clientCertificates === undefined || authorities === undefined) return undefined
  return createCertificateAuthentication({ directory, clock, authorities, entries: clientCertificates.accounts })
}
