/**
 * AcquireTemplateInformation (MS-RMPR 3.6.4.1): which templates the service publishes, so that a client fetches only
 * those that changed. Clients keep their template store by the server's public key.
 */
import { decodeBase64, element, encodeBase64, RightsError, textElement, type XmlElement } from '@sealward/xrml'
import { templatesMost } from '../../templates-most.ts'
import { invalidMessage, listOf, requiredCount, requiredElement, requiredText } from '../elements.ts'
import { anyNumber, atMostOnce, once } from '../message-shape.ts'
import type { SoapOperation } from '../operation.ts'

export type AcquireTemplateInformationRequest = Readonly<Record<never, never>>

export interface TemplateHash {
  readonly guid: string
  /** The DIGEST value of the template's signature, base64. */
  readonly hash: string
}

export interface AcquireTemplateInformationResponse {
  /** DER of the PKCS#1 RSAPublicKey of the server's licensor certificate. */
  readonly serverPublicKey: Uint8Array
  readonly templates: readonly TemplateHash[]
}

export const acquireTemplateInformation: SoapOperation<
  AcquireTemplateInformationRequest,
  AcquireTemplateInformationResponse
> = {
  name: 'AcquireTemplateInformation',
  service: 'TemplateDistributionService',
  file: 'templateDistribution.asmx',
  shape: {
    call: [],
    answer: [
      atMostOnce('AcquireTemplateInformationResult', [
        atMostOnce('ServerPublicKey', 'string'),
        once('GuidHashCount', 'int'),
        anyNumber('GuidHash', [atMostOnce('Guid', 'string'), atMostOnce('Hash', 'string')]),
      ]),
    ],
  },
  parseRequest: () => ({}),
  writeRequest: () => '',
  parseResponse(answer) {
    const result = requiredElement(answer, 'AcquireTemplateInformationResult')
    const templates = listOf(result, 'GuidHash', templatesMost).map((item) => ({
      guid: requiredText(item, 'Guid'),
      hash: requiredText(item, 'Hash'),
    }))
    if (requiredCount(result, 'GuidHashCount') !== templates.length) throw invalidMessage('GuidHashCount is wrong')
    return { serverPublicKey: readPublicKey(result), templates }
  },
  writeResponse: ({ serverPublicKey, templates }) =>
    element(
      'AcquireTemplateInformationResult',
      {},
      textElement('ServerPublicKey', {}, encodeBase64(serverPublicKey)),
      textElement('GuidHashCount', {}, String(templates.length)),
      ...templates.map(({ guid, hash }) =>
        element('GuidHash', {}, textElement('Guid', {}, guid), textElement('Hash', {}, hash)),
      ),
    ),
}

function readPublicKey(result: XmlElement): Uint8Array {
  try {
    return decodeBase64(requiredText(result, 'ServerPublicKey').trim(), 'ServerPublicKey')
  } catch (cause) {
    throw new RightsError('soap-message-invalid', { detail: 'ServerPublicKey is not base64', cause })
  }
}
