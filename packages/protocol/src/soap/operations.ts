/**
 * Every SOAP operation that is spoken here. The router of the service and the calls of the client derive from this
 * table; a new operation is one file in `operations/` and one line here.
 */
import type { SoapOperation } from './operation.ts'
import { acquireContentKey } from './operations/acquire-content-key.ts'
import { acquireIssuanceLicense } from './operations/acquire-issuance-license.ts'
import { acquireLicense } from './operations/acquire-license.ts'
import { acquirePreLicense } from './operations/acquire-pre-license.ts'
import { acquireTemplateInformation } from './operations/acquire-template-information.ts'
import { acquireTemplates } from './operations/acquire-templates.ts'
import { certify } from './operations/certify.ts'
import { editIssuanceLicense } from './operations/edit-issuance-license.ts'
import { findServiceLocations, findServiceLocationsForUser } from './operations/find-service-locations.ts'
import { getClientLicensorCert } from './operations/get-client-licensor-cert.ts'
import { getLicensorCertificate } from './operations/get-licensor-certificate.ts'
import { getServerInfo } from './operations/get-server-info.ts'
import { isPrincipalMemberOf } from './operations/is-principal-member-of.ts'
import { precertify } from './operations/precertify.ts'
import { subEnroll } from './operations/sub-enroll.ts'

const table = {
  AcquireContentKey: acquireContentKey,
  AcquireIssuanceLicense: acquireIssuanceLicense,
  AcquireLicense: acquireLicense,
  AcquirePreLicense: acquirePreLicense,
  AcquireTemplateInformation: acquireTemplateInformation,
  AcquireTemplates: acquireTemplates,
  Certify: certify,
  EditIssuanceLicense: editIssuanceLicense,
  FindServiceLocations: findServiceLocations,
  FindServiceLocationsForUser: findServiceLocationsForUser,
  GetClientLicensorCert: getClientLicensorCert,
  GetLicensorCertificate: getLicensorCertificate,
  GetServerInfo: getServerInfo,
  IsPrincipalMemberOf: isPrincipalMemberOf,
  Precertify: precertify,
  SubEnroll: subEnroll,
}

export type SoapOperationName = keyof typeof table

type Messages = {
  readonly [Name in SoapOperationName]: (typeof table)[Name] extends SoapOperation<infer Request, infer Response>
    ? { readonly request: Request; readonly response: Response }
    : never
}

export type SoapRequestOf<Name extends SoapOperationName> = Messages[Name]['request']
export type SoapResponseOf<Name extends SoapOperationName> = Messages[Name]['response']

export const soapOperations: {
  readonly [Name in SoapOperationName]: SoapOperation<SoapRequestOf<Name>, SoapResponseOf<Name>>
} = table

export const soapOperationNames = Object.keys(table) as readonly SoapOperationName[]
