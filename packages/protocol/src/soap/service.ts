/**
 * The SOAP services: their namespaces and the files under which a cluster answers them (MS-RMPR 2.1, MS-RMPRS 2.1, MS-RMSI 2.1). One service may
 * answer on several paths, and one file name may exist in several directories.
 */

const namespaceRoot = 'http://microsoft.com/DRM/'

export const soapServices = [
  'CertificationService',
  'DecommissionService',
  'EditIssuanceLicenseService',
  'GroupExpansionWebService',
  'LicensingService',
  'PublishingService',
  'ServerService',
  'SubEnrollmentService',
  'TemplateDistributionService',
] as const

export type SoapService = (typeof soapServices)[number]

export function serviceNamespace(service: SoapService): string {
  return namespaceRoot + service
}
