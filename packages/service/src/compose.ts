/** The only file that joins adapters to the core: store, directory, clock and randomness, doors. */
import { generateKeyPair, randomBytes, randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { assertImplicitRejection, type MasterKey } from '@sealward/keys'
import { RightsError } from '@sealward/xrml'
import type { AdministrationContext } from './administration/change.ts'
import { issueToken } from './auth/local-token-issuer.ts'
import { openWindowsAuthentication } from './auth/windows/open.ts'
import type { WindowsAuthentication } from './auth/windows/windows.ts'
import { clusterOf, type Config } from './config.ts'
import { createAccountCache } from './core/account-cache.ts'
import { configurationOf } from './core/load-configuration.ts'
import type { Clock, CoreContext, Random } from './core/ports.ts'
import { createThrottle } from './core/throttle.ts'
import { openDirectory } from './directory/open-directory.ts'
import type { AdminDoor } from './http/admin/routes.ts'
import { openAdminTokens } from './http/admin/tokens.ts'
import { createRequestLog, type RequestLog } from './http/request-log.ts'
import { createRequestRows } from './http/request-rows.ts'
import { startServer, type HttpInput, type RunningServer } from './http/server.ts'
import { openSignIn } from './open-sign-in.ts'
import { openStore } from './store/open-store.ts'
import { listenerCertificate } from './tls/listener-certificate.ts'

export interface OpenServiceInput {
  readonly config: Config
  readonly masterKey: MasterKey
  /** Relative paths in the configuration start here. */
  readonly folder: string
  /** Where request lines go; standard output unless given. */
  readonly requestLog?: { write(line: string): void }
  /** The time; that of the machine unless given. */
  readonly clock?: Clock
}

export interface Service {
  readonly context: CoreContext
  /** For the use cases of `administration/`. @param actor who does it, for the administration log */
  administration(actor: string): AdministrationContext
  /** A bearer token for a user of the directory. @throws RightsError `user-not-in-directory`, `user-disabled` */
  issueToken(address: string, lifetimeMilliseconds: number): Promise<string>
  /** @throws RightsError `listener-refused`, `admin-token-file-refused`, `embedded-provider-refused`, `no-active-key` for a cluster without one */
  listen(): Promise<RunningServer>
  /** Close what listens first. */
  close(): Promise<void>
}

const machineClock: Clock = { now: () => new Date() }

const machineRandom: Random = {
  bytes: (count) => randomBytes(count),
  guid: () => `{${randomUUID()}}`,
  async keyPair(bits) {
    const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: bits, publicExponent: 65_537 })
    return privateKey
  },
}

/**
 * @throws RightsError `runtime-unsafe`, `store-refused`, `sealed-record-invalid` for a wrong master key, the codes of the
 * directory, `configuration-invalid`
 */
export async function openService(input: OpenServiceInput): Promise<Service> {
  assertImplicitRejection()
  const { config, folder, clock = machineClock } = input
  const cluster = clusterOf(config)
  // What is noticed while nobody serves has nobody to tell: commands write their own answers to standard output.
  let log: RequestLog | undefined
  const directory = await openDirectory({
    settings: config.directory,
    folder,
    clock,
    report: (contest) => log?.warn({ code: 'address-collision', ...contest }),
  })
  const store = await openStore({
    file: resolve(folder, config.database),
    tenant: cluster.tenant,
    masterKey: input.masterKey,
  })
  const context: CoreContext = {
    cluster,
    directory,
    store,
    clock,
    random: machineRandom,
    configuration: configurationOf(store),
    unsealFailures: createThrottle(),
    accountCache: createAccountCache(),
  }
  const administration = (actor: string): AdministrationContext => ({
    cluster,
    store,
    clock,
    random: machineRandom,
    actor,
  })
  return {
    context,
    administration,
    async issueToken(address, lifetime) {
      const user = await directory.findByAddress(address)
      if (user === undefined) throw new RightsError('user-not-in-directory', { detail: address })
      if (user.disabled) throw new RightsError('user-disabled', { detail: address })
      return issueToken(context, { user, lifetime })
    },
    listen: () => {
      log ??= createRequestLog(input.requestLog)
      return listen(context, administration, input, log)
    },
    async close() {
      await directory.close()
      await store.close()
    },
  }
}

async function listen(
  context: CoreContext,
  administration: AdminDoor['administration'],
  input: OpenServiceInput,
  log: RequestLog,
): Promise<RunningServer> {
  const { config, folder } = input
  const { listener, authentication, takeoverListener } = config
  const { clock, directory, cluster, random } = context
  // A tenant gets its keys while it is not activated yet, over the administration interface.
  const needsKey = cluster.personality === 'cluster'
  if (needsKey && (await context.configuration()).activeKey === undefined) throw new RightsError('no-active-key')
  const tls = listenerCertificate(listener, folder, clock)
  const { tokenFile, readerTokenFile } = config.administration
  const files = { administer: resolve(folder, tokenFile), read: resolve(folder, readerTokenFile) }
  const rows = createRequestRows(context.store)
  const settings: HttpInput = {
    context,
    rows,
    administration: {
      tokens: await openAdminTokens(files, random),
      administration,
      settled: () => rows.settled(),
    },
    ...(await openSignIn(context, config, folder)),
    listener: {
      host: listener.host,
      port: listener.port,
      encryptedByProxy: listener.encryptedByProxy,
      ...(tls === undefined ? {} : { tls }),
    },
    licensingNeedsCaller: authentication.licensingNeedsCaller,
    trustedProxies: listener.trustedProxies,
    log,
  }
  const windows = openWindowsAuthentication(
    { directory, clock, certificate: tls?.certificate },
    authentication.windows,
    folder,
  )
  try {
    const whole = windows === undefined ? settings : withWindows(settings, windows)
    const running = await startServer(whole)
    const all = takeoverListener === undefined ? running : await withTakeover(running, whole, takeoverListener)
    return {
      ...all,
      async close() {
        await all.close()
        windows?.close()
      },
    }
  } catch (error) {
    windows?.close()
    throw error
  }
}

function withWindows(settings: HttpInput, windows: WindowsAuthentication): HttpInput {
  return { ...settings, authentication: { ...settings.authentication, windows } }
}

/** A second listener, for licences that name a former service with plain HTTP. */
async function withTakeover(
  running: RunningServer,
  settings: HttpInput,
  { host, port }: NonNullable<Config['takeoverListener']>,
): Promise<RunningServer> {
  const { administration: _, ...rest } = settings
  try {
    const plain = await startServer({ ...rest, takeover: true, listener: { host, port, encryptedByProxy: false } })
    return {
      url: running.url,
      takeoverUrl: plain.url,
      async close() {
        await plain.close()
        await running.close()
      },
    }
  } catch (error) {
    await running.close()
    throw error
  }
}
