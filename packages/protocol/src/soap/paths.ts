/**
 * Where a cluster answers its SOAP services, below `/_wmcs/` (MS-RMPR 2.1, MS-RMPRS 2.1, MS-RMSI 2.1). Clients spell the
 * paths in several cases, so they are matched without case. A cluster that only licenses does not answer the certification
 * directory.
 */
import type { SoapService } from './service.ts'

export interface SoapEndpoint {
  /** Below the web root, as Windows servers spell it. */
  readonly path: string
  readonly service: SoapService
  /** Only root clusters answer here. */
  readonly rootOnly: boolean
}

export const endpointPaths: readonly SoapEndpoint[] = [
  { path: '/_wmcs/certification/certification.asmx', service: 'CertificationService', rootOnly: true },
  { path: '/_wmcs/certification/Precertification.asmx', service: 'CertificationService', rootOnly: true },
  { path: '/_wmcs/certification/SubEnrollService.asmx', service: 'SubEnrollmentService', rootOnly: true },
  { path: '/_wmcs/certification/server.asmx', service: 'ServerService', rootOnly: true },
  { path: '/_wmcs/certification/ServiceLocator.asmx', service: 'ServerService', rootOnly: true },
  { path: '/_wmcs/licensing/license.asmx', service: 'LicensingService', rootOnly: false },
  { path: '/_wmcs/licensing/publish.asmx', service: 'PublishingService', rootOnly: false },
  { path: '/_wmcs/licensing/templateDistribution.asmx', service: 'TemplateDistributionService', rootOnly: false },
  { path: '/_wmcs/licensing/server.asmx', service: 'ServerService', rootOnly: false },
  { path: '/_wmcs/licensing/ServiceLocator.asmx', service: 'ServerService', rootOnly: false },
  { path: '/_wmcs/decommission/decommission.asmx', service: 'DecommissionService', rootOnly: false },
  { path: '/_wmcs/licensing/editissuancelicense.asmx', service: 'EditIssuanceLicenseService', rootOnly: false },
  { path: '/_wmcs/groupexpansion/GroupExpansion.asmx', service: 'GroupExpansionWebService', rootOnly: false },
]

const endpointByPath = new Map(endpointPaths.map((endpoint) => [endpoint.path.toLowerCase(), endpoint]))

/** The endpoint of a request target; the query, if any, is ignored. */
export function matchEndpoint(target: string): SoapEndpoint | undefined {
  const query = target.indexOf('?')
  const path = query < 0 ? target : target.slice(0, query)
  return endpointByPath.get(path.toLowerCase())
}
