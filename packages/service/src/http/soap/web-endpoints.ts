/**
 * The addresses below the base path that clients, partners and administrators of a cluster know (MS-RMPR 2.1, MS-RMPRS 2.1,
 * MS-RMSI 2.1). Clients of former services ask at all of them, so each has an answer: the operations that are spoken
 * here, a refusal, or at least a page with its name.
 */
import { endpointPaths, type SoapEndpoint, type SoapService } from '@sealward/protocol'
import type { ClosedDoor } from '../../core/settings.ts'

export interface WebEndpoint {
  /** Folder and file below the base path. */
  readonly path: string
  /** What its page is called. */
  readonly title: string
  /** Absent where no operation is spoken. */
  readonly service?: SoapService
  /** Only root clusters answer here. */
  readonly rootOnly: boolean
  /** Federated people sign in here. */
  readonly federated?: 'too' | 'alone'
  /** Only those whom an administrator has named may call: servers and devices. */
  readonly closedDoor?: ClosedDoor
}

/** What federated people may ask for (MS-RMPR 2.1). */
const federatedFiles = /\/(?:certification|server|servicelocator|license|publish)\.asmx$/i

/** The pipelines for federated people have the same services at other addresses. */
const federated: readonly WebEndpoint[] = endpointPaths
  .filter(({ path }) => federatedFiles.test(path))
  .map((endpoint) => ({
    ...spoken(endpoint),
    // Whoever is of the directory is certified elsewhere, and licensed at either address.
    federated: /\/certification\.asmx$/i.test(endpoint.path) ? 'alone' : 'too',
    path: endpoint.path.replace('/', 'external/'),
  }))

const closed = (file: string, title: string, closedDoor: ClosedDoor): WebEndpoint => ({
  path: `certification/${file}`,
  title,
  service: 'CertificationService',
  rootOnly: true,
  closedDoor,
})

const silent = (path: string, title: string, rootOnly: boolean): WebEndpoint => ({ path, title, rootOnly })

export const webEndpoints: readonly WebEndpoint[] = [
  ...endpointPaths.map(spoken),
  ...federated,
  closed('ServerCertification.asmx', 'ServerCertificationWebService', 'server-certification'),
  closed('MobileCertification.asmx', 'MobileCertificationWebService', 'mobile-certification'),
  closed('MobileDeviceCertification.asmx', 'MobileDeviceCertificationWebService', 'mobile-certification'),
  closed('MacCertification.asmx', 'MacCertificationWebService', 'mobile-certification'),
  silent('certification/Activation.asmx', 'ActivationWebService', true),
]

/** The base path and folders below it, where people try with a browser whether a service is there. */
export const webDirectories = ['', 'licensing', 'certification'] as const

function spoken({ path, service, rootOnly }: SoapEndpoint): WebEndpoint {
  return { path, title: service, service, rootOnly }
}
