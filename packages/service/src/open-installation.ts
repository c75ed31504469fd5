/**
 * Several services in one process: each is opened as it would be alone, and they share a listener. Nothing is served while
 * two of them claim what may belong to one alone (threat P13).
 */
import { resolve } from 'node:path'
import { RightsError } from '@sealward/xrml'
import { requireFreeHostNames } from './administration/neighbours.ts'
import { openAmong, type OpenedService, type Service } from './compose.ts'
import type { Config } from './config.ts'
import { bareHostName, ownHostNames } from './core/host-names.ts'
import type { Neighbour } from './core/neighbours.ts'
import { listenInstallation, type OpenInstallationInput } from './listen-installation.ts'
import type { RunningServer } from './http/server.ts'

export interface Installation {
  /** In the order of the configuration. */
  readonly services: readonly Service[]
  /** @throws RightsError `host-name-claimed`, and as the listening of each service */
  listen(): Promise<RunningServer>
  /** Close what listens first. */
  close(): Promise<void>
}

/** @throws RightsError `configuration-invalid` for what two services claim, and as the opening of each service */
export async function openInstallation(input: OpenInstallationInput): Promise<Installation> {
  requireSeparate(input)
  const { clock } = input
  const opened: OpenedService[] = []
  const neighboursOf = async (tenant: string): Promise<readonly Neighbour[]> =>
    Promise.all(opened.filter(({ context }) => context.cluster.tenant !== tenant).map(asNeighbour))
  const close = async (): Promise<void> => {
    for (const service of opened) await service.close()
  }
  try {
    for (const service of input.services) {
      const whole = { ...service, ...(clock === undefined ? {} : { clock }) }
      opened.push(await openAmong(whole, () => neighboursOf(service.config.tenant)))
    }
  } catch (error) {
    await close()
    throw error
  }
  return {
    services: opened,
    async listen() {
      for (const { context } of opened) {
        const { settings } = await context.configuration()
        requireFreeHostNames(await neighboursOf(context.cluster.tenant), settings.hostNames)
      }
      return listenInstallation(opened, input)
    },
    close,
  }
}

async function asNeighbour({ context }: OpenedService): Promise<Neighbour> {
  const { cluster } = context
  const { settings, keys } = await context.configuration()
  return {
    tenant: cluster.tenant,
    hostNames: [...ownHostNames([cluster.baseUrl, cluster.externalLicensingUrl]), ...settings.hostNames],
    keys: [...keys.keys()],
    activated: [...keys.values()].filter((key) => key.activatedAt !== undefined).map(({ id }) => id),
  }
}

/** What each service must have for itself, by the setting that names it. */
const claims: Readonly<Record<string, (service: OpenInstallationInput['services'][number]) => readonly string[]>> = {
  tenant: ({ config }) => [config.tenant],
  domains: ({ config }) => config.domains,
  'publicUrl and externalUrl': ({ config }) => [...new Set(ownHostNames([config.publicUrl, config.externalUrl]))],
  // One token would let its holder administer two tenants.
  administration: ({ config, folder }) => tokenFiles(config).map((file) => resolve(folder, file)),
}

function tokenFiles({ administration: { tokenFile, readerTokenFile } }: Config): readonly string[] {
  return [tokenFile, readerTokenFile]
}

function requireSeparate({ installation, services }: OpenInstallationInput): void {
  for (const [setting, claimed] of Object.entries(claims)) {
    const owners = new Map<string, string>()
    for (const service of services) {
      for (const value of claimed(service)) {
        const owner = owners.get(value)
        if (owner !== undefined) throw invalid(`${setting}: ${value} is that of ${owner} and ${service.config.tenant}`)
        owners.set(value, service.config.tenant)
      }
    }
  }
  const shared = new Set(installation.discoveryNames.map(bareHostName))
  for (const service of services) {
    const own = ownHostNames([service.config.publicUrl, service.config.externalUrl]).find((name) => shared.has(name))
    if (own !== undefined) throw invalid(`discoveryNames: ${own} is that of ${service.config.tenant}`)
    if (service.config.takeoverListener !== undefined) {
      throw invalid(`takeoverListener of ${service.config.tenant}: it is common to all services`)
    }
  }
}

function invalid(detail: string): RightsError {
  return new RightsError('configuration-invalid', { detail })
}
