/** What the service says about itself: where its parts are, its licensor certificate, its version (MS-RMPR 3.7.4). */
import type { DiscoverySubject, ServiceType } from '@sealward/protocol'
import { RightsError } from '@sealward/xrml'
import { forestOfAddress } from './forests.ts'
import { requireOwnTenant } from './own-tenant.ts'
import type { CoreContext, Sender } from './ports.ts'
import { isAccount } from './sender.ts'
import { requireService, serviceState } from './service-state.ts'

export interface Location {
  readonly type: ServiceType
  /** Absent if there is no such service. */
  readonly url?: string
}

/**
 * One answer per type, in the order asked. URLs are directories, without trailing slash. The services of somebody of another
 * forest are those that its cluster names (MS-RMPR 3.7.4.2).
 * @throws RightsError `cluster-decommissioned`, `forest-unavailable`
 */
export async function findServiceLocations(
  context: CoreContext,
  { caller, types }: { readonly caller: Sender; readonly types: readonly ServiceType[] },
): Promise<readonly Location[]> {
  await requireService(context, 'find-service-locations')
  if (caller.authentication === 'federated') return locationsOf(context, types).map(federatedLocation)
  const forest = isAccount(caller) ? undefined : forestOfAddress(context.forests, caller.user.address)
  if (forest === undefined) return locationsOf(context, types)
  const known = await forest.findServiceLocations(typesForServers.filter((type) => types.includes(type)))
  // What servers do not ask each other for has no address anywhere.
  return types.map((type) => known.find((location) => location.type === type) ?? { type })
}

/** Federated people sign in at addresses of their own (MS-RMPR 2.1). */
function federatedLocation({ type, url }: Location): Location {
  return url === undefined ? { type } : { type, url: `${url}external` }
}

/** What one server may ask another one for (MS-RMPRS 3.2.4.1). */
const typesForServers: readonly ServiceType[] = [
  'LicensingService',
  'CertificationService',
  'DrmRemoteDirectoryServices',
  'GroupExpansionService',
  'LicensingInternalService',
  'CertificationInternalService',
]

/** @throws RightsError `cluster-decommissioned`, `service-type-unknown` */
export async function findLocationsForServer(
  context: CoreContext,
  { types }: { readonly types: readonly ServiceType[] },
): Promise<readonly Location[]> {
  await requireService(context, 'find-services-for-server')
  const refused = types.find((type) => !typesForServers.includes(type))
  if (refused !== undefined) throw new RightsError('service-type-unknown', { detail: refused })
  return locationsForServer(context, types)
}

/**
 * The one service there is, for clients that ask by an address or a licensing URL.
 * @throws RightsError `cluster-decommissioned`, `tenant-unknown`
 */
export async function discoverService(
  context: CoreContext,
  subject: DiscoverySubject,
): Promise<{ readonly baseUrl: string; readonly offlinePublishing: boolean }> {
  const configuration = await requireService(context, 'discover-services')
  if (subject.kind === 'service') requireOwnTenant(context, configuration, subject.url)
  return { baseUrl: context.cluster.baseUrl, offlinePublishing: configuration.settings.offlinePublishing }
}

/** Logs of clients are taken with success, because clients ask for it. @throws RightsError `cluster-decommissioned` */
export async function takeClientLogs(context: CoreContext): Promise<void> {
  await requireService(context, 'client-logs')
}

function locationsOf({ cluster }: CoreContext, types: readonly ServiceType[]): readonly Location[] {
  const urls: Partial<Record<ServiceType, string | undefined>> = {
    CertificationInternalService: cluster.certificationUrl,
    CertificationService: cluster.externalCertificationUrl,
    LicensingInternalService: cluster.licensingUrl,
    LicensingService: cluster.externalLicensingUrl,
    ActivationService: cluster.certificationUrl,
  }
  return types.map((type) => {
    const url = urls[type]
    return url === undefined ? { type } : { type, url }
  })
}

/** Group expansion is the one service that is named by its file (MS-RMPR 3.7.4.3). */
function locationsForServer(context: CoreContext, types: readonly ServiceType[]): readonly Location[] {
  const url = `${context.cluster.baseUrl}/groupexpansion/GroupExpansion.asmx`
  return locationsOf(context, types).map((location) =>
    location.type === 'GroupExpansionService' ? { ...location, url } : location,
  )
}

/** @throws RightsError `cluster-decommissioned`, `no-active-key` */
export async function licensorCertificate(context: CoreContext): Promise<{ readonly chain: readonly string[] }> {
  const { activeKey } = await serviceState(context, 'licensor-certificate')
  return { chain: activeKey.chain }
}

export interface ServerDescription {
  readonly version: string
  readonly features: readonly { readonly name: string; readonly value: string }[]
  readonly licensorChain: readonly string[]
  readonly locations: readonly Location[]
}

/** The version that clients know as the last one of the product whose protocol this service speaks. */
const serverVersion = '6.0.0.0'

/** @throws RightsError `cluster-decommissioned`, `no-active-key` */
export async function serverInfo(context: CoreContext): Promise<ServerDescription> {
  const { activeKey } = await serviceState(context, 'server-info')
  return {
    version: serverVersion,
    features: [
      { name: 'GroupExpansionWebService', value: 'true' },
      { name: 'ActiveDirectoryServicesRemoting', value: 'false' },
      { name: 'FederatedServicesEnabled', value: context.cluster.federation === undefined ? '0' : '1' },
    ],
    licensorChain: activeKey.chain,
    locations: locationsForServer(context, typesForServers),
  }
}
