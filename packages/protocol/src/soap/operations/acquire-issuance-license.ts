/**
 * AcquireIssuanceLicense (MS-RMPR 3.5.4.1), online publishing: an unsigned publishing licence in, the same licence sealed
 * to the server and signed by it out.
 */
import { element } from '@sealward/xrml'
import { readChain, readXrml, writeCertificates, writeXrml } from '../certificates.ts'
import { filledListOf, invalidMessage, requiredElement } from '../elements.ts'
import { atMostOnce, chainIn, listIn } from '../message-shape.ts'
import type { SoapOperation } from '../operation.ts'

export interface AcquireIssuanceLicenseRequest {
  readonly requests: readonly { readonly unsignedIssuanceLicense: string }[]
}

export interface AcquireIssuanceLicenseResponse {
  /** One per request, in the same order. */
  readonly responses: readonly {
    /** Publishing licence first, then the server's chain. */
    readonly certificateChain: readonly string[]
  }[]
}

const itemName = 'AcquireIssuanceLicenseParams'
const licenseName = 'UnsignedIssuanceLicense'

export const acquireIssuanceLicense: SoapOperation<AcquireIssuanceLicenseRequest, AcquireIssuanceLicenseResponse> = {
  name: 'AcquireIssuanceLicense',
  service: 'PublishingService',
  file: 'publish.asmx',
  shape: {
    call: [listIn('RequestParams', 'AcquireIssuanceLicenseParams', [atMostOnce('UnsignedIssuanceLicense', 'markup')])],
    answer: [listIn('AcquireIssuanceLicenseResult', 'AcquireIssuanceLicenseResponse', [chainIn('CertificateChain')])],
  },
  parseRequest: (call, _versions, limits) => ({
    requests: filledListOf(requiredElement(call, 'RequestParams'), itemName, limits.items).map((item) => {
      const [unsignedIssuanceLicense, ...more] = readXrml(requiredElement(item, licenseName), limits.xml)
      if (unsignedIssuanceLicense === undefined || more.length > 0) {
        throw invalidMessage(`${licenseName} holds several documents`)
      }
      return { unsignedIssuanceLicense }
    }),
  }),
  writeRequest: ({ requests }) =>
    element(
      'RequestParams',
      {},
      ...requests.map((item) => element(itemName, {}, writeXrml(licenseName, item.unsignedIssuanceLicense))),
    ),
  parseResponse: (answer) => ({
    responses: filledListOf(
      requiredElement(answer, 'AcquireIssuanceLicenseResult'),
      'AcquireIssuanceLicenseResponse',
    ).map((item) => ({ certificateChain: readChain(requiredElement(item, 'CertificateChain')) })),
  }),
  writeResponse: ({ responses }) =>
    element(
      'AcquireIssuanceLicenseResult',
      {},
      ...responses.map(({ certificateChain }) =>
        element('AcquireIssuanceLicenseResponse', {}, writeCertificates('CertificateChain', certificateChain)),
      ),
    ),
}
