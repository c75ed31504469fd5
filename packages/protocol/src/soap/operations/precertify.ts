/**
 * Precertify (MS-RMSI 3.4.4.1): a server fetches the public half of a user's account certificate, in order to license
 * content for that user in advance. The user is named by mail address, by security identifier, or by both.
 */
import { element, RightsError, textElement, type XmlElement } from '@sealward/xrml'
import { readXrml, writeXrml } from '../certificates.ts'
import { filledListOf, invalidMessage, optionalElement, requiredElement, requiredText } from '../elements.ts'
import { atMostOnce, listIn, once, stringsIn } from '../message-shape.ts'
import type { SoapOperation } from '../operation.ts'

export interface PrecertifyRequest {
  /** Mail address. */
  readonly userName?: string
  /** Windows security identifier. */
  readonly securityIdentifier?: string
}

export interface PrecertifyResponse {
  /** An account certificate that is sealed to no machine. */
  readonly certificate: string
}

const nameLengthMost = 1_024

export const precertify: SoapOperation<PrecertifyRequest, PrecertifyResponse> = {
  name: 'Precertify',
  service: 'CertificationService',
  file: 'Precertification.asmx',
  shape: {
    call: [
      listIn('requestParams', 'PrecertifyParams', [
        atMostOnce('UserName', 'string'),
        atMostOnce('Identification', [
          once('AuthenticationMode', { words: ['Windows'] }),
          atMostOnce('Id', 'string'),
          atMostOnce('Email', 'string'),
          stringsIn('ProxyAddresses'),
        ]),
      ]),
    ],
    answer: [listIn('PrecertifyResult', 'PrecertifyResponse', [atMostOnce('Certificate', 'markup')])],
  },
  parseRequest(call) {
    const items = filledListOf(requiredElement(call, 'requestParams'), 'PrecertifyParams')
    const [item] = items
    if (item === undefined || items.length > 1) {
      throw new RightsError('precertify-arguments-refused', { detail: `${items.length} users in one call` })
    }
    return readUser(item)
  },
  writeRequest: ({ userName, securityIdentifier }) =>
    element(
      'requestParams',
      {},
      element(
        'PrecertifyParams',
        {},
        userName === undefined ? undefined : textElement('UserName', {}, userName),
        securityIdentifier === undefined
          ? undefined
          : element(
              'Identification',
              {},
              textElement('AuthenticationMode', {}, 'Windows'),
              textElement('Id', {}, securityIdentifier),
            ),
      ),
    ),
  parseResponse(answer) {
    const [response] = filledListOf(requiredElement(answer, 'PrecertifyResult'), 'PrecertifyResponse')
    const [certificate] = response === undefined ? [] : readXrml(requiredElement(response, 'Certificate'))
    if (certificate === undefined) throw invalidMessage('PrecertifyResult holds no certificate')
    return { certificate }
  },
  writeResponse: ({ certificate }) =>
    element('PrecertifyResult', {}, element('PrecertifyResponse', {}, writeXrml('Certificate', certificate))),
}

/** @throws RightsError `precertify-arguments-refused` when neither name is given, or the mode of identification is unknown */
function readUser(item: XmlElement): PrecertifyRequest {
  const userName = optionalElement(item, 'UserName')?.text.trim() || undefined
  const identification = optionalElement(item, 'Identification')
  if (identification !== undefined && requiredText(identification, 'AuthenticationMode').trim() !== 'Windows') {
    throw new RightsError('precertify-arguments-refused', { detail: 'the AuthenticationMode is not Windows' })
  }
  const securityIdentifier = optionalElement(identification, 'Id')?.text.trim() || undefined
  const given = [userName, securityIdentifier].filter((name) => name !== undefined)
  if (given.length === 0 || given.some((name) => name.length > nameLengthMost)) {
    throw new RightsError('precertify-arguments-refused')
  }
  return {
    ...(userName === undefined ? {} : { userName }),
    ...(securityIdentifier === undefined ? {} : { securityIdentifier }),
  }
}
