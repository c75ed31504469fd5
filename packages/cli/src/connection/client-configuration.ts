/** What options and connection file together say to the client: where to look, whom to trust, what may be asked. */
import { resolve } from 'node:path'
import {
  lastKnownService,
  type AdmissionRules,
  type ClientOptions,
  type DiscoveredService,
  type DiscoveryInput,
} from '@sealward/client'
import { RightsError } from '@sealward/xrml'
import { readAnchor } from '../exports/trusted-roots.ts'
import { connectionFilePath, readConnectionFile, type ConnectionFile } from './connection-file.ts'
import { discoverySettings } from './discovery-file.ts'
import { ownFolder } from './own-folder.ts'

export interface ConnectionCommandOptions {
  readonly connection?: string
  readonly service?: string
  readonly store?: string
  readonly trust?: readonly string[]
  readonly anchor?: readonly string[]
}

export interface ClientConfiguration {
  /** Absent if there is no connection file. */
  readonly path?: string
  readonly file?: ConnectionFile
  /** The service that an option names. */
  readonly service?: string
  /** Fingerprints. */
  readonly anchors: readonly string[]
  readonly storeDirectory: string
  readonly rules: AdmissionRules
}

/** @throws RightsError `connection-file-invalid`, `anchor-file-invalid` */
export function clientConfiguration(options: ConnectionCommandOptions): ClientConfiguration {
  const path = connectionFilePath(options.connection)
  const file = path === undefined ? undefined : readConnectionFile(path)
  const anchors = [
    ...(file?.anchors ?? []),
    ...(options.trust ?? []),
    ...(options.anchor ?? []).map((each) => readAnchor(each).fingerprint),
  ]
  return {
    ...(path === undefined ? {} : { path }),
    ...(file === undefined ? {} : { file }),
    ...(options.service === undefined ? {} : { service: options.service }),
    anchors,
    storeDirectory: resolve(options.store ?? file?.store ?? ownFolder()),
    rules: { allowedHosts: file?.allowedHosts ?? [], anchors, askHosts: true, now: () => new Date() },
  }
}

/** @throws RightsError `service-missing` where there is neither a service nor a way to look for one */
export function discoveryInput({ path, file, service, rules }: ClientConfiguration): DiscoveryInput {
  const url = service ?? file?.service
  if (url === undefined && file?.discovery === undefined) throw new RightsError('service-missing')
  const from = service === undefined ? (path ?? '') : '--service'
  return {
    ...rules,
    settings: {
      ...(file?.discovery === undefined ? {} : discoverySettings(file.discovery)),
      ...(url === undefined ? {} : { configured: { url, from } }),
    },
  }
}

/** The same, with the service that this machine has known last: what is kept of it opens while no step finds a service. */
export function discoveryOf(configuration: ClientConfiguration, user: string | undefined): DiscoveryInput {
  const { settings, ...input } = discoveryInput(configuration)
  if (user === undefined) return { ...input, settings }
  const lastKnown = () => lastKnownService(configuration.storeDirectory, user)
  return { ...input, user, settings: { ...settings, lastKnown } }
}

/** What the connection file says besides the address. */
export function configuredOptions(
  { file, service }: ClientConfiguration,
  discovered: DiscoveredService,
): Partial<ClientOptions> {
  if (file === undefined) return { ...locationOf(discovered.serviceLocation) }
  const { redirections, allowedHosts = [], trustedServers, trustedServersOnly, protectionDisabledBy } = file
  // Where the services of another one are says nothing about the one that an option names.
  const configured = service === undefined ? file.serviceLocation : undefined
  return {
    redirections,
    allowedHosts,
    ...locationOf(configured ?? discovered.serviceLocation),
    ...(trustedServers === undefined ? {} : { trustedServers }),
    ...(trustedServersOnly === undefined ? {} : { trustedServersOnly }),
    ...(protectionDisabledBy === undefined ? {} : { protectionDisabledBy }),
  }
}

function locationOf(location: ClientOptions['serviceLocation']): Pick<ClientOptions, 'serviceLocation'> {
  return location === undefined ? {} : { serviceLocation: location }
}
