/** The doors of an opened service: sign-in, administration and request log joined to the servers that listen. */
import { resolve } from 'node:path'
import { RightsError } from '@sealward/xrml'
import { synchroniseRepeatedly } from './administration/synchronise-repeatedly.ts'
import { openWindowsAuthentication } from './auth/windows/open.ts'
import type { WindowsAuthentication } from './auth/windows/windows.ts'
import type { Config } from './config.ts'
import { personalities } from './core/personality.ts'
import type { CoreContext } from './core/ports.ts'
import type { AdminDoor } from './http/admin/routes.ts'
import { openAdminTokens } from './http/admin/tokens.ts'
import { createAdmission, type Admission } from './http/admission.ts'
import { watchEventLoop } from './http/event-loop-watch.ts'
import { defaultHttpLimits } from './http/limits.ts'
import type { RequestLog } from './http/request-log.ts'
import { createRequestRows } from './http/request-rows.ts'
import { startServer, type HttpInput, type RunningServer } from './http/server.ts'
import { startTakeover, withTakeover } from './http/takeover-listener.ts'
import { openSignIn } from './open-sign-in.ts'
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
  const tls = listenerCertificate(listener, service.folder, service.context.clock)
  const doors = await openDoors(service, {
    listener: { host, port, encryptedByProxy, ...(tls === undefined ? {} : { tls }) },
    trustedProxies,
    certificate: tls?.certificate,
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
 * Everything of the doors but the listening.
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
  const rows = createRequestRows(context.store)
  // In an installation the services listen where it says, not where their own configurations say.
  const { host, encryptedByProxy } = on.listener
  const reach = { ...config.listener, host, encryptedByProxy, trustedProxies: [...on.trustedProxies] }
  const settings: HttpInput = {
    context,
    rows,
    admission: on.admission,
    administration: {
      tokens: await openAdminTokens(files, random),
      administration,
      settled: () => rows.settled(),
    },
    ...(await openSignIn(context, { ...config, listener: reach }, folder)),
    listener: on.listener,
    licensingNeedsCaller: authentication.licensingNeedsCaller,
    trustedProxies: on.trustedProxies,
    log: on.log,
  }
  const windows = openWindowsAuthentication(
    { directory, clock, certificate: on.certificate },
    authentication.windows,
    folder,
  )
  const synchronised = synchroniseRepeatedly(administration('service'), on.log)
  return {
    settings: windows === undefined ? settings : withWindows(settings, windows),
    async close() {
      windows?.close()
      await synchronised?.close()
    },
  }
}

function withWindows(settings: HttpInput, windows: WindowsAuthentication): HttpInput {
  return { ...settings, authentication: { ...settings.authentication, windows } }
}
