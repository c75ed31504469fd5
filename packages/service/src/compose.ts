/** The only file that joins adapters to the core: store, directory, clock and randomness, doors. */
import { generateKeyPair, randomBytes, randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { assertImplicitRejection, type MasterKey } from '@sealward/keys'
import { RightsError } from '@sealward/xrml'
import type { AdministrationContext } from './administration/change.ts'
import { createBasicAuthentication } from './auth/basic.ts'
import { createBearerAuthentication } from './auth/bearer.ts'
import { configuredIssuers } from './auth/configured-issuers.ts'
import { createFederatedAuthentication } from './auth/federated.ts'
import { issueToken, localTokenIssuer } from './auth/local-token-issuer.ts'
import { openWindowsAuthentication } from './auth/windows/open.ts'
import type { WindowsAuthentication } from './auth/windows/windows.ts'
import { clusterOf, type Config } from './config.ts'
import { createAccountCache } from './core/account-cache.ts'
import { openForests } from './core/forests.ts'
import { configurationOf } from './core/load-configuration.ts'
import { personalities } from './core/personality.ts'
import type { Clock, CoreContext, Random } from './core/ports.ts'
import { createThrottle } from './core/throttle.ts'
import { openDirectory } from './directory/open-directory.ts'
import { openForest } from './forests/open-forest.ts'
import { absoluteForest } from './forests/settings.ts'
import type { AdminDoor } from './http/admin/routes.ts'
import { openAdminTokens } from './http/admin/tokens.ts'
import { createRequestLog, type RequestLog } from './http/request-log.ts'
import { createRequestRows } from './http/request-rows.ts'
import { startServer, type HttpInput, type RunningServer } from './http/server.ts'
import { startTakeover, withTakeover } from './http/takeover-listener.ts'
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
  /** @throws RightsError `listener-refused`, `admin-token-file-refused`, `no-active-key` for a cluster without one */
  listen(): Promise<RunningServer>
  /** Close what listens first. */
  close(): Promise<void>
}

/** What the doors of a service have to know of their listener, which may be that of several services. */
export interface ListenerOfDoors {
  readonly listener: HttpInput['listener']
  readonly trustedProxies: readonly string[]
  /** PEM text of what clients of this service are shown. */
  readonly certificate: string | undefined
  readonly log: RequestLog
}

export interface OpenedDoors {
  readonly settings: HttpInput
  /** To be called when nobody listens any more. */
  close(): void
}

export interface OpenedService extends Service {
  readonly input: OpenServiceInput
  /** Everything but the listening. @throws RightsError as listen */
  doors(on: ListenerOfDoors): Promise<OpenedDoors>
}

export const machineClock: Clock = { now: () => new Date() }

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
export function openService(input: OpenServiceInput): Promise<Service> {
  return openAmong(input, undefined)
}

/**
 * A service that may be one of several in this process.
 * @param neighbours the others @throws RightsError as openService
 */
export async function openAmong(
  input: OpenServiceInput,
  neighbours: AdministrationContext['neighbours'],
): Promise<OpenedService> {
  assertImplicitRejection()
  const { config, folder, clock = machineClock } = input
  const cluster = clusterOf(config)
  // What is noticed while nobody serves has nobody to tell: commands write their own answers to standard output.
  let log: RequestLog | undefined
  const directory = await openDirectory({
    settings: config.directory,
    folder,
    clock,
    report: (contest) => log?.warn({ tenant: cluster.tenant, code: 'address-collision', ...contest }),
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
    forests: openForests(
      config.forests.map((forest) => openForest(absoluteForest(forest, resolve(folder)), clock)),
      config.forestSeconds * 1_000,
    ),
  }
  const administration = (actor: string): AdministrationContext => ({
    cluster,
    store,
    clock,
    random: machineRandom,
    actor,
    ...(neighbours === undefined ? {} : { neighbours }),
  })
  return {
    input,
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
    doors(on) {
      log = on.log
      return openDoors(context, administration, input, on)
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
  const { listener, takeoverListener } = input.config
  const { host, port, encryptedByProxy, trustedProxies } = listener
  const tls = listenerCertificate(listener, input.folder, context.clock)
  const doors = await openDoors(context, administration, input, {
    listener: { host, port, encryptedByProxy, ...(tls === undefined ? {} : { tls }) },
    trustedProxies,
    certificate: tls?.certificate,
    log,
  })
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
        doors.close()
      },
    }
  } catch (error) {
    doors.close()
    throw error
  }
}

async function openDoors(
  context: CoreContext,
  administration: AdminDoor['administration'],
  { config, folder }: OpenServiceInput,
  on: ListenerOfDoors,
): Promise<OpenedDoors> {
  const { authentication } = config
  const { clock, directory, cluster, random } = context
  const { startsWithKey } = personalities[cluster.personality]
  if (startsWithKey && (await context.configuration()).activeKey === undefined) throw new RightsError('no-active-key')
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
    authentication: {
      ...(authentication.basic ? { basic: createBasicAuthentication({ directory, clock, realm: 'Sealward' }) } : {}),
      bearer: createBearerAuthentication({
        directory,
        clock,
        serviceUrl: config.publicUrl,
        issuers: [localTokenIssuer(context), ...(await configuredIssuers(authentication.issuers, folder))],
      }),
      ...(config.federation === undefined
        ? {}
        : {
            federated: createFederatedAuthentication(context, {
              serviceUrl: config.publicUrl,
              issuers: await configuredIssuers(config.federation.issuers, folder),
            }),
          }),
    },
    listener: on.listener,
    authorizationUrl: authentication.authorizationUrl ?? `${config.publicUrl}/sealward/authorize`,
    licensingNeedsCaller: authentication.licensingNeedsCaller,
    trustedProxies: on.trustedProxies,
    log: on.log,
  }
  const windows = openWindowsAuthentication(
    { directory, clock, certificate: on.certificate },
    authentication.windows,
    folder,
  )
  return {
    settings: windows === undefined ? settings : withWindows(settings, windows),
    close: () => windows?.close(),
  }
}

function withWindows(settings: HttpInput, windows: WindowsAuthentication): HttpInput {
  return { ...settings, authentication: { ...settings.authentication, windows } }
}
