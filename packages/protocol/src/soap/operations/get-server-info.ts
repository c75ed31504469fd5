/**
 * GetServerInfo (MS-RMPR 3.7.4.3): version, features, licensor certificate and service locations of a server. Unlike
 * every other answer it puts its values into attributes of elements without namespace.
 */
import { element, RightsError, textElement, type XmlElement } from '@sealward/xrml'
import { present } from '../../present.ts'
import { readXrml, writeXrml } from '../certificates.ts'
import { filledListOf, invalidMessage, listOf, optionalElement, requiredElement, requiredText } from '../elements.ts'
import { atMostOnce, listIn, once } from '../message-shape.ts'
import type { SoapOperation } from '../operation.ts'

const infoTypes = ['VersionInfo', 'ServerFeatureInfo', 'ServerLicensorCertificate', 'ServiceLocations'] as const

export type ServerInfoType = (typeof infoTypes)[number]

export interface GetServerInfoRequest {
  readonly requests: readonly { readonly type: ServerInfoType; readonly additionalInfo?: string }[]
}

export type ServerInfo =
  | { readonly type: 'VersionInfo'; readonly version: string }
  | {
      readonly type: 'ServerFeatureInfo'
      readonly features: readonly { readonly name: string; readonly value: string }[]
    }
  | { readonly type: 'ServerLicensorCertificate'; readonly certificateChain: readonly string[] }
  | {
      readonly type: 'ServiceLocations'
      /** An empty URL says that there is no such service. */
      readonly locations: readonly { readonly type: string; readonly url: string }[]
    }

export interface GetServerInfoResponse {
  /** One per request, in the same order. */
  readonly results: readonly ServerInfo[]
}

export const getServerInfo: SoapOperation<GetServerInfoRequest, GetServerInfoResponse> = {
  name: 'GetServerInfo',
  service: 'ServerService',
  file: 'server.asmx',
  withoutVersionData: true,
  shape: {
    call: [
      listIn('requests', 'ServerInfoRequest', [
        once('Type', { words: infoTypes }),
        atMostOnce('AdditionalInfo', 'string'),
      ]),
    ],
    answer: [atMostOnce('GetServerInfoResult', 'markup')],
  },
  parseRequest: (call) => ({
    requests: filledListOf(requiredElement(call, 'requests'), 'ServerInfoRequest').map((item) =>
      present({
        type: readInfoType(requiredText(item, 'Type').trim()),
        additionalInfo: optionalElement(item, 'AdditionalInfo')?.text,
      }),
    ),
  }),
  writeRequest: ({ requests }) =>
    element(
      'requests',
      {},
      ...requests.map(({ type, additionalInfo }) =>
        element(
          'ServerInfoRequest',
          {},
          textElement('Type', {}, type),
          additionalInfo === undefined ? undefined : textElement('AdditionalInfo', {}, additionalInfo),
        ),
      ),
    ),
  parseResponse: (answer) => ({
    results: listOf(
      requiredElement(requiredElement(answer, 'GetServerInfoResult'), 'Results'),
      'ServerInfoRequest',
    ).map((item) => readInfo(readInfoType(attribute(item, 'Type')), item)),
  }),
  writeResponse: ({ results }) =>
    element('GetServerInfoResult', {}, element('Results', { xmlns: '' }, ...results.map(writeInfo))),
}

function readInfoType(text: string): ServerInfoType {
  const type = infoTypes.find((known) => known === text)
  if (type === undefined) throw new RightsError('service-type-unknown', { detail: text.slice(0, 60) })
  return type
}

function readInfo(type: ServerInfoType, item: XmlElement): ServerInfo {
  switch (type) {
    case 'VersionInfo':
      return { type, version: attribute(requiredElement(item, 'VersionInfo'), 'Version') }
    case 'ServerFeatureInfo': {
      const features = listOf(requiredElement(item, 'ServerFeatureInfo'), 'Feature')
      return {
        type,
        features: features.map((one) => ({ name: attribute(one, 'Name'), value: attribute(one, 'Value') })),
      }
    }
    case 'ServerLicensorCertificate':
      return { type, certificateChain: readXrml(requiredElement(item, 'ServerLicensorCertificateChain')) }
    case 'ServiceLocations': {
      const locations = listOf(requiredElement(item, 'ServiceLocations'), 'ServiceLocation')
      return { type, locations: locations.map((one) => ({ type: attribute(one, 'Type'), url: attribute(one, 'Url') })) }
    }
  }
}

function attribute(item: XmlElement, name: string): string {
  const value = item.attributes.get(name)
  if (value === undefined) throw invalidMessage(`${item.local} without ${name}`)
  return value
}

function writeInfo(info: ServerInfo): string {
  return element('ServerInfoRequest', { Type: info.type, AdditionalInfo: '' }, writeInfoContent(info))
}

function writeInfoContent(info: ServerInfo): string {
  switch (info.type) {
    case 'VersionInfo':
      return element('VersionInfo', { Version: info.version })
    case 'ServerFeatureInfo':
      return element(
        'ServerFeatureInfo',
        {},
        ...info.features.map(({ name, value }) => element('Feature', { Name: name, Value: value })),
      )
    case 'ServerLicensorCertificate':
      return writeXrml('ServerLicensorCertificateChain', info.certificateChain.join(''))
    case 'ServiceLocations':
      return element(
        'ServiceLocations',
        {},
        ...info.locations.map(({ type, url }) => element('ServiceLocation', { Type: type, Url: url })),
      )
  }
}
