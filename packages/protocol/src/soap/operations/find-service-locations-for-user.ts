/**
 * FindServiceLocationsForUser (MS-RMPR 3.7.4.2): where the services of the caller are. URLs name a directory
 * (`…/_wmcs/licensing`), not a file.
 */
import { element, RightsError, textElement, type XmlElement } from '@sealward/xrml'
import { present } from '../../present.ts'
import { filledListOf, optionalElement, requiredElement, requiredText } from '../elements.ts'
import type { SoapOperation } from '../operation.ts'

/** MS-RMPR 3.7.4.2.4.1; the printed service description lacks the two internal ones. */
export const serviceTypes = [
  'EnrollmentService',
  'LicensingService',
  'PublishingService',
  'CertificationService',
  'ActivationService',
  'PrecertificationService',
  'ServerService',
  'DrmRemoteDirectoryServices',
  'GroupExpansionService',
  'LicensingInternalService',
  'CertificationInternalService',
] as const

export type ServiceType = (typeof serviceTypes)[number]

export interface ServiceLocation {
  readonly type: ServiceType
  /** Absent if there is no such service. */
  readonly url?: string
}

export interface FindServiceLocationsForUserRequest {
  readonly serviceTypes: readonly ServiceType[]
}

export interface FindServiceLocationsForUserResponse {
  /** One per requested type, in the same order. */
  readonly locations: readonly ServiceLocation[]
}

export const findServiceLocationsForUser: SoapOperation<
  FindServiceLocationsForUserRequest,
  FindServiceLocationsForUserResponse
> = {
  name: 'FindServiceLocationsForUser',
  service: 'ServerService',
  file: 'ServiceLocator.asmx',
  parseRequest: (call) => ({
    serviceTypes: filledListOf(requiredElement(call, 'ServiceNames'), 'ServiceLocationRequest').map(readType),
  }),
  writeRequest: (request) =>
    element(
      'ServiceNames',
      {},
      ...request.serviceTypes.map((type) => element('ServiceLocationRequest', {}, textElement('Type', {}, type))),
    ),
  parseResponse: (answer) => ({
    locations: filledListOf(
      requiredElement(answer, 'FindServiceLocationsForUserResult'),
      'ServiceLocationResponse',
    ).map((item) => present({ type: readType(item), url: optionalElement(item, 'URL')?.text.trim() || undefined })),
  }),
  writeResponse: ({ locations }) =>
    element(
      'FindServiceLocationsForUserResult',
      {},
      ...locations.map(({ url, type }) =>
        element(
          'ServiceLocationResponse',
          {},
          url === undefined ? undefined : textElement('URL', {}, url),
          textElement('Type', {}, type),
        ),
      ),
    ),
}

function readType(item: XmlElement): ServiceType {
  const text = requiredText(item, 'Type').trim()
  const type = serviceTypes.find((known) => known === text)
  if (type === undefined) throw new RightsError('service-type-unknown', { detail: text.slice(0, 60) })
  return type
}
