/**
 * Where a cluster answers its SOAP services, below its base path (MS-RMPR 2.1, MS-RMPRS 2.1, MS-RMSI 2.1). Clients spell the
 * paths in several cases, so they are matched without case. A cluster that only licenses does not answer the certification
 * directory.
 */
import { usualBasePath } from '../base-path.ts'
import type { SoapService } from './service.ts'

export interface SoapEndpoint {
  /** Folder and file below the base path, as Windows servers spell them. */
  readonly path: string
  readonly service: SoapService
  /** Only root clusters answer here. */
  readonly rootOnly: boolean
}

export const endpointPaths: readonly SoapEndpoint[] = [
  { path: 'certification/certification.asmx', service: 'CertificationService', rootOnly: true },
  { path: 'certification/Precertification.asmx', service: 'CertificationService', rootOnly: true },
  { path: 'certification/SubEnrollService.asmx', service: 'SubEnrollmentService', rootOnly: true },
  { path: 'certification/server.asmx', service: 'ServerService', rootOnly: true },
  { path: 'certification/ServiceLocator.asmx', service: 'ServerService', rootOnly: true },
  { path: 'licensing/license.asmx', service: 'LicensingService', rootOnly: false },
  { path: 'licensing/publish.asmx', service: 'PublishingService', rootOnly: false },
  { path: 'licensing/templateDistribution.asmx', service: 'TemplateDistributionService', rootOnly: false },
  { path: 'licensing/server.asmx', service: 'ServerService', rootOnly: false },
  { path: 'licensing/ServiceLocator.asmx', service: 'ServerService', rootOnly: false },
  { path: 'decommission/decommission.asmx', service: 'DecommissionService', rootOnly: false },
  { path: 'licensing/editissuancelicense.asmx', service: 'EditIssuanceLicenseService', rootOnly: false },
  { path: 'groupexpansion/GroupExpansion.asmx', service: 'GroupExpansionWebService', rootOnly: false },
]

const endpointByPath = new Map(endpointPaths.map((endpoint) => [endpoint.path.toLowerCase(), endpoint]))

/** The endpoint of a request target; the query, if any, is ignored. */
export function matchEndpoint(target: string, basePath: string = usualBasePath): SoapEndpoint | undefined {
  const query = target.indexOf('?')
  const path = (query < 0 ? target : target.slice(0, query)).toLowerCase()
  const base = `${basePath.toLowerCase()}/`
  return path.startsWith(base) ? endpointByPath.get(path.slice(base.length)) : undefined
}
