/** What the operations of the two protocols are to the core, and to the logs. */
import type { RestResource, SoapOperationName } from '@sealward/protocol'
import type { OperationName } from '../core/operations.ts'

export const soapOperationName: Readonly<Record<SoapOperationName, OperationName>> = {
  AcquireContentKey: 'acquire-content-key',
  AcquireIssuanceLicense: 'sign-draft',
  AcquireLicense: 'acquire-license',
  AcquirePreLicense: 'acquire-pre-license',
  AcquireTemplateInformation: 'template-information',
  AcquireTemplates: 'acquire-templates',
  Certify: 'certify',
  EditIssuanceLicense: 'edit-issuance-license',
  FindServiceLocations: 'find-services-for-server',
  FindServiceLocationsForUser: 'find-service-locations',
  GetClientLicensorCert: 'issue-client-licensor',
  GetLicensorCertificate: 'licensor-certificate',
  GetServerInfo: 'server-info',
  IsPrincipalMemberOf: 'group-membership',
  Precertify: 'precertify',
  SubEnroll: 'sub-enrol',
}

export const restOperationName: Readonly<Record<RestResource, OperationName>> = {
  serviceDiscovery: 'discover-services',
  templates: 'list-templates',
  publishingLicenses: 'publish',
  endUserLicenses: 'acquire-end-user-license',
  clientDebugLogs: 'client-logs',
  clientPerformanceLogs: 'client-logs',
  clientLicensorCertificates: 'issue-client-licensor',
}

/** Those of the resources whose bodies are no licences. */
export const otherRestOperations: readonly OperationName[] = [
  ...new Set(Object.values(restOperationName).filter((name) => name !== restOperationName.endUserLicenses)),
]
