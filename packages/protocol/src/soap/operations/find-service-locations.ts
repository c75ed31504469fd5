/**
 * FindServiceLocationsForUser (MS-RMPR 3.7.4.2), where the services of the caller are, and FindServiceLocations (MS-RMPRS
 * 3.2.4.1), by which servers ask each other. URLs name a directory (`…/_wmcs/licensing`), not a file.
 */
import { element, RightsError, textElement, type XmlElement } from '@sealward/xrml'
import { present } from '../../present.ts'
import { filledListOf, optionalElement, requiredElement, requiredText } from '../elements.ts'
import { atMostOnce, listIn, once } from '../message-shape.ts'
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

const typeShape = once('Type', { words: serviceTypes })

export interface ServiceLocation {
  readonly type: ServiceType
  /** Absent if there is no such service. */
  readonly url?: string
}

export interface FindServiceLocationsRequest {
  readonly serviceTypes: readonly ServiceType[]
}

export interface FindServiceLocationsResponse {
  /** One per requested type, in the same order. */
  readonly locations: readonly ServiceLocation[]
}

export const findServiceLocationsForUser = locationsOperation({
  name: 'FindServiceLocationsForUser',
  file: 'ServiceLocator.asmx',
  unknown: undefined,
})

/** Where there is no service, servers expect an empty address. */
export const findServiceLocations = locationsOperation({
  name: 'FindServiceLocations',
  file: 'server.asmx',
  unknown: textElement('URL', {}, ''),
})

function locationsOperation({
  name,
  file,
  unknown,
}: {
  readonly name: string
  readonly file: string
  /** What stands for the address of a service that does not exist. */
  readonly unknown: string | undefined
}): SoapOperation<FindServiceLocationsRequest, FindServiceLocationsResponse> {
  return {
    name,
    service: 'ServerService',
    file,
    shape: {
      call: [listIn('ServiceNames', 'ServiceLocationRequest', [typeShape])],
      answer: [listIn(`${name}Result`, 'ServiceLocationResponse', [atMostOnce('URL', 'string'), typeShape])],
    },
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
      locations: filledListOf(requiredElement(answer, `${name}Result`), 'ServiceLocationResponse').map((item) =>
        present({ type: readType(item), url: optionalElement(item, 'URL')?.text.trim() || undefined }),
      ),
    }),
    writeResponse: ({ locations }) =>
      element(
        `${name}Result`,
        {},
        ...locations.map(({ url, type }) =>
          element(
            'ServiceLocationResponse',
            {},
            url === undefined ? unknown : textElement('URL', {}, url),
            textElement('Type', {}, type),
          ),
        ),
      ),
  }
}

function readType(item: XmlElement): ServiceType {
  const text = requiredText(item, 'Type').trim()
  const type = serviceTypes.find((known) => known === text)
  if (type === undefined) throw new RightsError('service-type-unknown', { detail: text.slice(0, 60) })
  return type
}
