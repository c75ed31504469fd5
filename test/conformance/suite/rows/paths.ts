/**
 * Which operation is spoken at which path below the base path (fact sheet 2), written down here once more and read from
 * nowhere: each is called with nothing in it, so the answer tells whether it was understood there.
 */
import type { Expected, Row, Sent } from '../row.ts'

const incomplete: Expected = { fault: 'ArgumentNullException' }
const admitted: Sent = { caller: 'admitted' }

interface Spoken {
  readonly path: string
  readonly service: string
  readonly operation: string
  readonly sent?: Sent
  /** `ArgumentNullException` unless the operation needs nothing, or is for other callers. */
  readonly expected?: Expected
}

const call = (service: string, operation: string): string =>
  `<${operation} xmlns="http://microsoft.com/DRM/${service}" />`

const chain: Expected = { holds: [/<GetLicensorCertificateResult>[^]*<XrML[ >]/] }

const servers = ['certification', 'licensing'].flatMap((folder): readonly Spoken[] => [
  ...['GetServerInfo', 'FindServiceLocations'].map((operation) => ({
    path: `${folder}/server.asmx`,
    service: 'ServerService',
    operation,
  })),
  { path: `${folder}/server.asmx`, service: 'ServerService', operation: 'GetLicensorCertificate', expected: chain },
  { path: `${folder}/ServiceLocator.asmx`, service: 'ServerService', operation: 'FindServiceLocationsForUser' },
])

const devices = ['ServerCertification', 'MobileCertification', 'MobileDeviceCertification', 'MacCertification'].map(
  (file): Spoken => ({
    path: `certification/${file}.asmx`,
    service: 'CertificationService',
    operation: 'Certify',
    sent: admitted,
  }),
)

/** Without federation nobody is certified here; the rest is answered as at the other addresses. */
const federated: readonly Spoken[] = [
  {
    path: 'certificationexternal/certification.asmx',
    service: 'CertificationService',
    operation: 'Certify',
    expected: { fault: 'UnauthorizedAccessException' },
  },
  { path: 'licensingexternal/license.asmx', service: 'LicensingService', operation: 'AcquireLicense' },
  ...['GetClientLicensorCert', 'AcquireIssuanceLicense'].map((operation) => ({
    path: 'licensingexternal/publish.asmx',
    service: 'PublishingService',
    operation,
  })),
  ...['certificationexternal', 'licensingexternal'].flatMap((folder): readonly Spoken[] => [
    { path: `${folder}/server.asmx`, service: 'ServerService', operation: 'GetLicensorCertificate', expected: chain },
    { path: `${folder}/ServiceLocator.asmx`, service: 'ServerService', operation: 'FindServiceLocationsForUser' },
  ]),
]

const spoken: readonly Spoken[] = [
  { path: 'certification/certification.asmx', service: 'CertificationService', operation: 'Certify' },
  ...devices,
  {
    path: 'certification/Precertification.asmx',
    service: 'CertificationService',
    operation: 'Precertify',
    sent: admitted,
  },
  ...servers,
  { path: 'licensing/license.asmx', service: 'LicensingService', operation: 'AcquireLicense' },
  { path: 'licensing/license.asmx', service: 'LicensingService', operation: 'AcquirePreLicense', sent: admitted },
  { path: 'licensing/publish.asmx', service: 'PublishingService', operation: 'AcquireIssuanceLicense' },
  { path: 'licensing/publish.asmx', service: 'PublishingService', operation: 'GetClientLicensorCert' },
  {
    path: 'licensing/templateDistribution.asmx',
    service: 'TemplateDistributionService',
    operation: 'AcquireTemplateInformation',
    expected: { holds: [/<ServerPublicKey>MI/] },
  },
  {
    path: 'licensing/templateDistribution.asmx',
    service: 'TemplateDistributionService',
    operation: 'AcquireTemplates',
  },
  {
    path: 'licensing/editissuancelicense.asmx',
    service: 'EditIssuanceLicenseService',
    operation: 'EditIssuanceLicense',
    sent: admitted,
  },
  {
    path: 'groupexpansion/GroupExpansion.asmx',
    service: 'GroupExpansionWebService',
    operation: 'IsPrincipalMemberOf',
    sent: admitted,
  },
  {
    path: 'decommission/decommission.asmx',
    service: 'DecommissionService',
    operation: 'AcquireContentKey',
    sent: { caller: 'admitted', states: ['decommissioned'] },
  },
  ...federated,
]

/** Who is not named is sent away before anything is read. */
const closed: readonly Row[] = devices.map(({ path, service, operation }) => ({
  id: `2/${path}/closed`,
  what: 'a caller who is not named',
  operation,
  sent: { raw: { path, body: call(service, operation) } },
  expected: { fault: 'UnauthorizedAccessException' },
}))

const answered: readonly Row[] = spoken.map(({ path, service, operation, sent, expected = incomplete }) => ({
  id: `2/${path}/${operation}`,
  what: 'the operation is spoken at the path',
  operation,
  sent: { ...sent, raw: { path, body: call(service, operation) } },
  expected,
}))

export const pathRows: readonly Row[] = [...answered, ...closed]
