/** Joins adapters to the core: store, directory, clock and randomness; `open-doors.ts` joins the doors. */
import { generateKeyPair, randomBytes, randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { assertImplicitRejection, type MasterKey } from '@sealward/keys'
import { RightsError } from '@sealward/xrml'
import type { AdministrationContext } from './administration/change.ts'
import { issueToken } from './auth/local-token-issuer.ts'
import { clusterOf, type Config } from './config.ts'
import { createAccountCache } from './core/account-cache.ts'
import { openForests } from './core/forests.ts'
import { configurationOf } from './core/load-configuration.ts'
import type { Clock, CoreContext, Random } from './core/ports.ts'
import { createRateLimits } from './core/rate-limits.ts'
import { createUnsealThrottle } from './core/throttle.ts'
import { openConfiguredDirectory } from './directory/open-configured-directory.ts'
import { openForest } from './forests/open-forest.ts'
import { absoluteForest } from './forests/settings.ts'
import { createRequestLog, type RequestLog } from './http/request-log.ts'
import type { RunningServer } from './http/server.ts'
import { listen, openDoors, type ListenerOfDoors, type OpenedDoors } from './open-doors.ts'
import { openStore } from './store/open-store.ts'

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
  const store = await openStore({
    file: resolve(folder, config.database),
    tenant: cluster.tenant,
    masterKey: input.masterKey,
  })
  const { directory, synchronisation } = await openConfiguredDirectory({
    settings: config.directory,
    folder,
    clock,
    repository: store.synchronisedDirectory,
    limits: config.limits,
    report: (contest) => log?.warn({ tenant: cluster.tenant, code: 'address-collision', ...contest }),
  }).catch(async (error: unknown) => {
    await store.close()
    throw error
  })
  const context: CoreContext = {
    cluster,
    directory,
    store,
    clock,
    random: machineRandom,
    configuration: configurationOf(store),
    unsealFailures: createUnsealThrottle(),
    rateLimits: createRateLimits(config.rateLimits),
    accountCache: createAccountCache(),
    forests: openForests(
      config.forests.map((forest) => openForest(absoluteForest(forest, resolve(folder)), clock, config.limits)),
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
    explain: (name) => directory.explain(name),
    synchronisation,
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
      return listen({ context, administration, config, folder }, log)
    },
    doors(on) {
      log = on.log
      return openDoors({ context, administration, config, folder }, on)
    },
    async close() {
      await directory.close()
      await store.close()
    },
  }
}
