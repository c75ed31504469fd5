/**
 * The messages of the rights management services as values, in both directions: SOAP (MS-RMPR) and the JSON protocol of
 * mobile clients. Pure: text and bytes in, values out, and back.
 */
export { certificationUrlOf, clusterUrl, isBasePath, licensingUrlOf, serviceUrlOf, usualBasePath } from './base-path.ts'
export { isLoopbackHost } from './loopback-host.ts'
export { decommissionUrl, licensingUrlSpellings, normalizeLicensingUrl, operationUrl } from './licensing-url.ts'

export { readSoapAnswer, readSoapCall, versionsOfCall, writeSoapAnswer, writeSoapCall } from './soap/call.ts'
export type { SoapAnswer, SoapCall, SoapCallOf, WrittenSoapCall } from './soap/call.ts'
export { templatesMost } from './templates-most.ts'
export { standardSoapLimits } from './soap/limits.ts'
export type { SoapLimits } from './soap/limits.ts'
export type { SoapVersion } from './soap/envelope.ts'
export { faultNames, lastSegment, parseFaultString, writeFault, writeFaultString } from './soap/fault.ts'
export type { Fault, FaultName } from './soap/fault.ts'
export { actionOf } from './soap/operation.ts'
export type { SoapOperation } from './soap/operation.ts'
export { soapOperationNames, soapOperations } from './soap/operations.ts'
export type { SoapOperationName, SoapRequestOf, SoapResponseOf } from './soap/operations.ts'
export { endpointPaths, matchEndpoint } from './soap/paths.ts'
export type { SoapEndpoint } from './soap/paths.ts'
export { writeServiceDescription } from './soap/service-description.ts'
export { serviceNamespace, soapServices } from './soap/service.ts'
export type { SoapService } from './soap/service.ts'
export { soapVersionOfContentType, writeSoapHeaders } from './soap/transport.ts'
export type { SoapHeaders } from './soap/transport.ts'
export {
  batchVersion,
  clientVersionData,
  firstVersion,
  highestVersion,
  serverVersionData,
  versionsUpTo,
} from './soap/version-data.ts'
export type { VersionData } from './soap/version-data.ts'

export type { AcquireContentKeyRequest, AcquireContentKeyResponse } from './soap/operations/acquire-content-key.ts'
export type {
  AcquireLicenseItem,
  AcquireLicenseOutcome,
  AcquireLicenseRequest,
  AcquireLicenseResponse,
} from './soap/operations/acquire-license.ts'
export type {
  AcquireIssuanceLicenseRequest,
  AcquireIssuanceLicenseResponse,
} from './soap/operations/acquire-issuance-license.ts'
export type {
  AcquireTemplateInformationResponse,
  TemplateHash,
} from './soap/operations/acquire-template-information.ts'
export type {
  AcquirePreLicenseAnswer,
  AcquirePreLicenseItem,
  AcquirePreLicenseRequest,
  AcquirePreLicenseResponse,
  PreLicenseOutcome,
} from './soap/operations/acquire-pre-license.ts'
export { templatesPerCall } from './soap/operations/acquire-templates.ts'
export type {
  AcquiredTemplate,
  AcquireTemplatesRequest,
  AcquireTemplatesResponse,
} from './soap/operations/acquire-templates.ts'
export type { CertifyRequest, CertifyResponse } from './soap/operations/certify.ts'
export type {
  EditIssuanceLicenseRequest,
  EditIssuanceLicenseResponse,
} from './soap/operations/edit-issuance-license.ts'
export { serviceTypes } from './soap/operations/find-service-locations.ts'
export type {
  FindServiceLocationsRequest,
  FindServiceLocationsResponse,
  ServiceLocation,
  ServiceType,
} from './soap/operations/find-service-locations.ts'
export type {
  GetClientLicensorCertRequest,
  GetClientLicensorCertResponse,
} from './soap/operations/get-client-licensor-cert.ts'
export type { GetLicensorCertificateResponse } from './soap/operations/get-licensor-certificate.ts'
export type {
  GetServerInfoRequest,
  GetServerInfoResponse,
  ServerInfo,
  ServerInfoType,
} from './soap/operations/get-server-info.ts'
export type {
  IsPrincipalMemberOfRequest,
  IsPrincipalMemberOfResponse,
} from './soap/operations/is-principal-member-of.ts'
export type { PrecertifyRequest, PrecertifyResponse } from './soap/operations/precertify.ts'
export type { SubEnrollRequest, SubEnrollResponse } from './soap/operations/sub-enroll.ts'

export { parseChallenge, writeChallenge } from './rest/challenge.ts'
export type { Challenge, ChallengeForm } from './rest/challenge.ts'
export { writeClientLogReceipt } from './rest/client-logs.ts'
export type { DeliveredKey } from './rest/content-key.ts'
export {
  parseDiscovery,
  parseDiscoveryQuery,
  servicesAt,
  writeDiscovery,
  writeDiscoveryQuery,
} from './rest/discovery.ts'
export type { DiscoveredServices, DiscoverySubject } from './rest/discovery.ts'
export {
  parseEndUserLicenseRequest,
  parseEndUserLicenseResponse,
  writeEndUserLicenseRequest,
  writeEndUserLicenseResponse,
} from './rest/end-user-license.ts'
export type {
  EndUserLicenseDetails,
  EndUserLicenseRequest,
  EndUserLicenseResponse,
  GrantedEndUserLicense,
  RefusedEndUserLicense,
} from './rest/end-user-license.ts'
export {
  parseLicenseHint,
  parsePlatform,
  parseRequestIdentity,
  writeLicenseHint,
  writePlatform,
  writeRequestIdentity,
} from './rest/headers.ts'
export type { HeaderValues, LicenseHint, Platform, RequestIdentity } from './rest/headers.ts'
export { isJsonLicense, parseJsonLicense } from './rest/json-license.ts'
export type { EncryptedKey, JsonLicense } from './rest/json-license.ts'
export { parseOfflinePolicy } from './rest/offline-policy.ts'
export type { OfflinePolicy } from './rest/offline-policy.ts'
export { matchRestTarget, restResources, restUri } from './rest/paths.ts'
export type { RestResource, RestTarget } from './rest/paths.ts'
export type { CustomPolicy, PolicyDescriptor, UserRights, UserRoles } from './rest/policy.ts'
export { parseProblem, problemNames, writeProblem } from './rest/problem.ts'
export type { Problem } from './rest/problem.ts'
export {
  parsePublishingLicenseRequest,
  parsePublishingLicenseResponse,
  writePublishingLicenseRequest,
  writePublishingLicenseResponse,
} from './rest/publishing-license.ts'
export type { PublishingLicenseRequest, PublishingLicenseResponse } from './rest/publishing-license.ts'
export { licenseOfFile, serializeLicense } from './rest/serialized-license.ts'
export type { SerializedLicense } from './rest/serialized-license.ts'
export { verifySignedJson } from './rest/signed-json.ts'
export type { SignedJson } from './rest/signed-json.ts'
export { parseTemplates, writeTemplates } from './rest/templates.ts'
export type { ListedTemplate } from './rest/templates.ts'
export {
  parseThinCertificateRequest,
  thinCertificate,
  thinCertificateNames,
  writeThinCertificateResponse,
} from './rest/thin-certificate.ts'
