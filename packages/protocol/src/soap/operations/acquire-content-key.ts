/**
 * AcquireContentKey (MS-RMSI 3.2.4.1): a publishing licence in, its content key out, from a cluster that is taken out of
 * operation. Only the first licence of a call counts; the others are not even read.
 */
import { decodeBase64, element, encodeBase64, RightsError, textElement } from '@sealward/xrml'
import { readChain, writeCertificates } from '../certificates.ts'
import { filledListOf, invalidMessage, requiredElement, requiredText } from '../elements.ts'
import { chainIn, listIn, once, atMostOnce } from '../message-shape.ts'
import type { SoapOperation } from '../operation.ts'

const keyTypes = ['AES', 'DES', 'RSA', 'Unknown'] as const

type ContentKeyType = (typeof keyTypes)[number]

export interface AcquireContentKeyRequest {
  /** Publishing licence first, then the CLC that signed it if it was published offline. */
  readonly issuanceLicense: readonly string[]
}

export interface AcquireContentKeyResponse {
  readonly contentKey: Uint8Array
  readonly contentKeyType: ContentKeyType
}

const itemName = 'AcquireContentKeyParams'
const licenseName = 'IssuanceLicense'
const answerName = 'AcquireContentKeyResponse'

export const acquireContentKey: SoapOperation<AcquireContentKeyRequest, AcquireContentKeyResponse> = {
  name: 'AcquireContentKey',
  service: 'DecommissionService',
  file: 'decommission.asmx',
  shape: {
    call: [listIn('paramsSoap', 'AcquireContentKeyParams', [chainIn('IssuanceLicense')])],
    answer: [
      listIn('AcquireContentKeyResult', 'AcquireContentKeyResponse', [
        atMostOnce('ContentKey', 'base64Binary'),
        once('ContentKeyType', { words: keyTypes }),
      ]),
    ],
  },
  parseRequest(call, _versions, { items, xml, issuanceLicense: bytes }) {
    const [first] = filledListOf(requiredElement(call, 'paramsSoap'), itemName, items)
    if (first === undefined) throw new RightsError('soap-argument-missing', { detail: itemName })
    return { issuanceLicense: readChain(requiredElement(first, licenseName), { items, xml, bytes }) }
  },
  writeRequest: ({ issuanceLicense }) =>
    element('paramsSoap', {}, element(itemName, {}, writeCertificates(licenseName, issuanceLicense))),
  parseResponse(answer) {
    const [first] = filledListOf(requiredElement(answer, 'AcquireContentKeyResult'), answerName)
    if (first === undefined) throw new RightsError('soap-argument-missing', { detail: answerName })
    const type = requiredText(first, 'ContentKeyType').trim()
    const contentKeyType = keyTypes.find((known) => known === type)
    if (contentKeyType === undefined) throw invalidMessage('ContentKeyType is none of the known ones')
    return { contentKey: readKey(requiredText(first, 'ContentKey')), contentKeyType }
  },
  writeResponse: ({ contentKey, contentKeyType }) =>
    element(
      'AcquireContentKeyResult',
      {},
      element(
        answerName,
        {},
        textElement('ContentKey', {}, encodeBase64(contentKey)),
        textElement('ContentKeyType', {}, contentKeyType),
      ),
    ),
}

function readKey(text: string): Uint8Array {
  try {
    return decodeBase64(text.trim(), 'ContentKey')
  } catch (cause) {
    throw new RightsError('soap-message-invalid', { detail: 'ContentKey is not base64', cause })
  }
}
