/** What the service says about itself: where its parts are, its licensor certificate, its version (MS-RMPR 3.7.4). */
import type { ServiceType } from '@sealward/protocol'
import type { CoreContext } from './ports.ts'
import { requireService, serviceState } from './service-state.ts'

export interface Location {
  readonly type: ServiceType
  /** Absent if there is no such service. */
  readonly url?: string
}

/**
 * One answer per type, in the order asked. URLs are directories, without trailing slash.
 * @throws RightsError `cluster-decommissioned`
 */
export async function findServiceLocations(
  context: CoreContext,
  request: { readonly types: readonly ServiceType[] },
): Promise<readonly Location[]> {
  await requireService(context, 'find-service-locations')
  return locationsOf(context, request.types)
}

/** The one service there is, for clients that ask by an address or a licensing URL. @throws RightsError `cluster-decommissioned` */
export async function discoverService(context: CoreContext): Promise<{ readonly baseUrl: string }> {
  await requireService(context, 'discover-services')
  return { baseUrl: context.cluster.baseUrl }
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
      { name: 'GroupExpansionWebService', value: 'false' },
      { name: 'ActiveDirectoryServicesRemoting', value: 'false' },
      { name: 'FederatedServicesEnabled', value: '0' },
    ],
    licensorChain: activeKey.chain,
    locations: locationsOf(context, [
      'LicensingService',
      'CertificationService',
      'DrmRemoteDirectoryServices',
      'GroupExpansionService',
      'LicensingInternalService',
      'CertificationInternalService',
    ]),
  }
}
