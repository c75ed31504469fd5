/** Where each operation is asked, and which printed service description has it (fact sheet, section 2). */
import { NotApplicable } from './tester.ts'

interface Endpoint {
  /** Below the base path. */
  readonly path: string
  /** Printed descriptions, the first one that has the operation. */
  readonly printed: string
  readonly namespace: string
}

const drm = 'http://microsoft.com/DRM'

function endpoint(path: string, printed: string, service: string): Endpoint {
  return { path, printed, namespace: `${drm}/${service}` }
}

const certification = 'certification/certification.asmx'
const license = 'licensing/license.asmx'
const publish = 'licensing/publish.asmx'
const templates = 'licensing/templateDistribution.asmx'

export const endpoints: Readonly<Record<string, Endpoint>> = {
  Certify: endpoint(certification, 'ms-rmpr-certification.wsdl', 'CertificationService'),
  SubEnroll: endpoint('certification/SubEnrollService.asmx', 'ms-rmprs-subenroll.wsdl', 'SubEnrollmentService'),
  Precertify: endpoint('certification/Precertification.asmx', 'ms-rmsi-precertification.wsdl', 'CertificationService'),
  AcquireLicense: endpoint(license, 'ms-rmpr-license.wsdl', 'LicensingService'),
  AcquirePreLicense: endpoint(license, 'ms-rmsi-license-prelicense.wsdl', 'LicensingService'),
  GetClientLicensorCert: endpoint(publish, 'ms-rmpr-publish.wsdl', 'PublishingService'),
  AcquireIssuanceLicense: endpoint(publish, 'ms-rmpr-publish.wsdl', 'PublishingService'),
  AcquireTemplateInformation: endpoint(templates, 'ms-rmpr-templatedistribution.wsdl', 'TemplateDistributionService'),
  AcquireTemplates: endpoint(templates, 'ms-rmpr-templatedistribution.wsdl', 'TemplateDistributionService'),
  FindServiceLocationsForUser: endpoint('certification/ServiceLocator.asmx', 'ms-rmpr-server.wsdl', 'ServerService'),
  GetServerInfo: endpoint('certification/server.asmx', 'ms-rmpr-server.wsdl', 'ServerService'),
  GetLicensorCertificate: endpoint(
    'certification/server.asmx',
    'ms-rmprs-server-getlicensorcertificate.wsdl',
    'ServerService',
  ),
  FindServiceLocations: endpoint(
    'certification/server.asmx',
    'ms-rmprs-server-findservicelocations.wsdl',
    'ServerService',
  ),
  IsPrincipalMemberOf: endpoint(
    'groupexpansion/GroupExpansion.asmx',
    'ms-rmprs-groupexpansion.wsdl',
    'GroupExpansionWebService',
  ),
  EditIssuanceLicense: endpoint(
    'licensing/editissuancelicense.asmx',
    'ms-rmsi-editissuancelicense.wsdl',
    'EditIssuanceLicenseService',
  ),
  AcquireContentKey: endpoint('decommission/decommission.asmx', 'ms-rmsi-decommission.wsdl', 'DecommissionService'),
}

/** Enrolment is older than SOAP 1.2, and was never given it (fact sheet 1). */
export function isSpoken(operation: string, soap: '1.1' | '1.2'): boolean {
  return soap === '1.1' || operation !== 'SubEnroll'
}

/** @throws NotApplicable for an operation that this suite does not know */
export function endpointOf(operation: string): Endpoint {
  const found = endpoints[operation]
  if (found === undefined) throw new NotApplicable(`no description of ${operation}`)
  return found
}
