/**
 * From the bytes of a SOAP call to the bytes of its answer. The element in the body decides what is carried out; which
 * operations exist is the table of the protocol, and every one has its handler here.
 */
import {
  readSoapCall,
  writeSoapAnswer,
  writeSoapHeaders,
  type SoapCall,
  type SoapCallOf,
  type SoapHeaders,
  type SoapOperationName,
  type SoapService,
} from '@sealward/protocol'
import { isRightsError } from '@sealward/xrml'
import { soapLimits } from '../../core/limits.ts'
import type { CoreContext, RequestInfo, Sender } from '../../core/ports.ts'
import { directoryCallerOf } from '../../core/sender.ts'
import { requireService } from '../../core/service-state.ts'
import type { ClosedDoor } from '../../core/settings.ts'
import { soapOperationName } from '../operation-names.ts'
import { requireCaller, type SoapHandler } from './handler.ts'
import { answerAcquireContentKey } from './handlers/acquire-content-key.ts'
import { answerAcquireIssuanceLicense } from './handlers/acquire-issuance-license.ts'
import { answerAcquireLicense } from './handlers/acquire-license.ts'
import { answerAcquirePreLicense } from './handlers/acquire-pre-license.ts'
import { answerAcquireTemplateInformation } from './handlers/acquire-template-information.ts'
import { answerAcquireTemplates } from './handlers/acquire-templates.ts'
import { answerCertify } from './handlers/certify.ts'
import { answerEditIssuanceLicense } from './handlers/edit-issuance-license.ts'
import { answerFindServiceLocations, answerFindServiceLocationsForUser } from './handlers/find-service-locations.ts'
import { answerGetClientLicensorCert } from './handlers/get-client-licensor-cert.ts'
import { answerGetLicensorCertificate } from './handlers/get-licensor-certificate.ts'
import { answerGetServerInfo } from './handlers/get-server-info.ts'
import { answerIsPrincipalMemberOf } from './handlers/is-principal-member-of.ts'
import { answerPrecertify } from './handlers/precertify.ts'
import { answerSubEnroll } from './handlers/sub-enroll.ts'

const handlers: { readonly [Name in SoapOperationName]: SoapHandler<Name> } = {
  AcquireContentKey: answerAcquireContentKey,
  AcquireIssuanceLicense: answerAcquireIssuanceLicense,
  AcquireLicense: answerAcquireLicense,
  AcquirePreLicense: answerAcquirePreLicense,
  AcquireTemplateInformation: answerAcquireTemplateInformation,
  AcquireTemplates: answerAcquireTemplates,
  Certify: answerCertify,
  EditIssuanceLicense: answerEditIssuanceLicense,
  FindServiceLocations: answerFindServiceLocations,
  FindServiceLocationsForUser: answerFindServiceLocationsForUser,
  GetClientLicensorCert: answerGetClientLicensorCert,
  GetLicensorCertificate: answerGetLicensorCertificate,
  GetServerInfo: answerGetServerInfo,
  IsPrincipalMemberOf: answerIsPrincipalMemberOf,
  Precertify: answerPrecertify,
  SubEnroll: answerSubEnroll,
}

export interface SoapRequest {
  readonly service: SoapService
  readonly body: Uint8Array
  readonly headers: SoapHeaders
  readonly sender: Sender | undefined
  /** Whether it came to an address for federated people. */
  readonly federated: boolean
  /** Of that address; the sender was admitted there. */
  readonly door: ClosedDoor | undefined
  readonly info: RequestInfo
  /** Is told what the client wants as soon as that is known. */
  readonly named: (operation: SoapOperationName) => void
}

export interface SoapAnswer {
  readonly contentType: string
  readonly body: string
}

/** @throws RightsError with the codes of `readSoapCall` and of the core */
export async function answerSoap(context: CoreContext, request: SoapRequest): Promise<SoapAnswer> {
  const call = await readCall(context, request)
  return {
    contentType: writeSoapHeaders(call.soapVersion).contentType,
    body: await carryOut(context, call, request),
  }
}

/** The state of the service, and for Certify the caller, are checked before what is missing (MS-RMPR 3.3.4.1). */
async function readCall(
  context: CoreContext,
  { body, headers, service, sender, named }: SoapRequest,
): Promise<SoapCall> {
  let operation: SoapOperationName | undefined
  try {
    return readSoapCall(body, headers, service, {
      limits: soapLimits(context.cluster.limits),
      named(name) {
        operation = name
        named(name)
      },
    })
  } catch (error) {
    if (operation !== undefined && isRightsError(error, 'soap-argument-missing')) {
      await requireService(context, soapOperationName[operation])
      if (operation === 'Certify') requireCaller(sender)
    }
    throw error
  }
}

async function carryOut<Name extends SoapOperationName>(
  context: CoreContext,
  call: SoapCallOf<Name>,
  { info, sender, federated, door }: SoapRequest,
): Promise<string> {
  const response = await handlers[call.operation]({
    context,
    request: call.request,
    info,
    caller: directoryCallerOf(sender),
    sender,
    federated,
    door,
  })
  return writeSoapAnswer(call.operation, response, call.soapVersion)
}
