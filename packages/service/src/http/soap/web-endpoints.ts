/**
 * The addresses below `/_wmcs` that clients, partners and administrators of a cluster know (MS-RMPR 2.1, MS-RMPRS 2.1,
 * MS-RMSI 2.1). Clients of former services ask at all of them, so each has an answer: the operations that are spoken
 * here, a refusal, or at least a page with its name.
 */
import { endpointPaths, type SoapEndpoint, type SoapService } from '@sealward/protocol'

export interface WebEndpoint {
  readonly path: string
  /** What its page is called. */
  readonly title: string
  /** Absent where no operation is spoken. */
  readonly service?: SoapService
  /** Only root clusters answer here. */
  readonly rootOnly: boolean
  /** Nobody is admitted: for servers and devices that an administrator would have to name. */
  readonly closed?: true
}

/** The pipelines for federated people have the same services at other addresses. */
const federated: readonly WebEndpoint[] = endpointPaths
  .filter(({ service }) => service !== 'TemplateDistributionService' && service !== 'DecommissionService')
  .map((endpoint) => ({
    ...spoken(endpoint),
    path: endpoint.path.replace(/^\/_wmcs\/(certification|licensing)\//, '/_wmcs/$1external/'),
  }))

const closed = (file: string, title: string): WebEndpoint => ({
  path: `/_wmcs/certification/${file}`,
  title,
  service: 'CertificationService',
  rootOnly: true,
  closed: true,
})

const silent = (path: string, title: string, rootOnly: boolean): WebEndpoint => ({ path, title, rootOnly })

export const webEndpoints: readonly WebEndpoint[] = [
  ...endpointPaths.map(spoken),
  ...federated,
  closed('ServerCertification.asmx', 'ServerCertificationWebService'),
  closed('MobileCertification.asmx', 'MobileCertificationWebService'),
  closed('MobileDeviceCertification.asmx', 'MobileDeviceCertificationWebService'),
  closed('MacCertification.asmx', 'MacCertificationWebService'),
  silent('/_wmcs/certification/Precertification.asmx', 'PrecertificationWebService', true),
  silent('/_wmcs/certification/Activation.asmx', 'ActivationWebService', true),
  silent('/_wmcs/certification/SubEnrollService.asmx', 'SubEnrollmentWebService', true),
  silent('/_wmcs/licensing/editissuancelicense.asmx', 'EditIssuanceLicenseWebService', false),
  silent('/_wmcs/groupexpansion/GroupExpansion.asmx', 'GroupExpansionWebService', false),
]

/** Pages by which people try whether a service is there. */
export const webDirectories = ['/_wmcs', '/_wmcs/licensing', '/_wmcs/certification'] as const

function spoken({ path, service, rootOnly }: SoapEndpoint): WebEndpoint {
  return { path, title: service, service, rootOnly }
}
