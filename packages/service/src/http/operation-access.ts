/**
 * Who may call each operation: the endpoint alone does not say it, since one endpoint has operations for everybody and
 * for few. The core refuses everybody else, at whatever address it is called; `operation-access.test.ts` asks all of them.
 */
import { soapOperationNames, soapOperations, type SoapOperationName, type SoapService } from '@sealward/protocol'
import type { OperationName } from '../core/operations.ts'
import type { ClosedDoor } from '../core/settings.ts'
import { soapOperationName } from './operation-names.ts'

export type OperationAccess =
  /** Public, like the certificates of the service. */
  | 'everybody'
  /** Whom the account certificate in the message names (MS-RMPR 3.4.4.1): what comes back is sealed to its key. */
  | 'account'
  /** Whoever has signed in. */
  | 'person'
  /** Whom an administrator has admitted there (MS-RMSI 2.1). */
  | ClosedDoor

export const soapAccess: Readonly<Record<SoapOperationName, OperationAccess>> = {
  AcquireContentKey: 'decommissioning',
  AcquireIssuanceLicense: 'person',
  AcquireLicense: 'account',
  AcquirePreLicense: 'pre-licensing',
  AcquireTemplateInformation: 'person',
  AcquireTemplates: 'person',
  Certify: 'person',
  EditIssuanceLicense: 'republishing',
  // Servers ask before they are known to each other.
  FindServiceLocations: 'everybody',
  FindServiceLocationsForUser: 'person',
  GetClientLicensorCert: 'account',
  GetLicensorCertificate: 'everybody',
  GetServerInfo: 'everybody',
  IsPrincipalMemberOf: 'group-expansion',
  Precertify: 'precertification',
  SubEnroll: 'sub-enrolment',
}

/** Whether a service has operations for admitted accounts alone, so that nobody else has to be heard out. */
export function isForAdmitted(service: SoapService): boolean {
  const open: readonly OperationAccess[] = ['everybody', 'account', 'person']
  return soapOperationNames.every(
    (name) => soapOperations[name].service !== service || !open.includes(soapAccess[name]),
  )
}

/**
 * What an endpoint of a SOAP service carries out.
 * @param service absent where no operation is spoken
 * @throws TypeError for an operation that does not say whom it is for, which stops the start (threat P11)
 */
export function operationsAt(
  service: SoapService | undefined,
  access: Readonly<Partial<Record<SoapOperationName, OperationAccess>>> = soapAccess,
): readonly OperationName[] {
  const names = soapOperationNames.filter((name) => soapOperations[name].service === service)
  for (const name of names) {
    if (access[name] === undefined) throw new TypeError(`the operation ${name} does not say whom it is for`)
  }
  return names.map((name) => soapOperationName[name])
}
