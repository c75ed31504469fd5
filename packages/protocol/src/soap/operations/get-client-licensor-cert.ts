/**
 * GetClientLicensorCert (MS-RMPR 3.5.4.2): a RAC in, the certificate with which its owner publishes offline (CLC) out.
 */
import { element } from '@sealward/xrml'
import { readChain, writeCertificates } from '../certificates.ts'
import { filledListOf, requiredElement } from '../elements.ts'
import { chainIn, listIn } from '../message-shape.ts'
import type { SoapOperation } from '../operation.ts'

export interface GetClientLicensorCertRequest {
  readonly requests: readonly {
    /** RAC first, then its issuer's chain. */
    readonly personaCertificates: readonly string[]
  }[]
}

export interface GetClientLicensorCertResponse {
  /** One per request, in the same order. */
  readonly responses: readonly {
    /** CLC first, then the server's chain. */
    readonly certificateChain: readonly string[]
  }[]
}

export const getClientLicensorCert: SoapOperation<GetClientLicensorCertRequest, GetClientLicensorCertResponse> = {
  name: 'GetClientLicensorCert',
  service: 'PublishingService',
  file: 'publish.asmx',
  shape: {
    call: [listIn('RequestParams', 'GetClientLicensorCertParams', [chainIn('PersonaCerts')])],
    answer: [listIn('GetClientLicensorCertResult', 'GetClientLicensorCertResponse', [chainIn('CertificateChain')])],
  },
  parseRequest(call, _versions, limits) {
    const items = filledListOf(requiredElement(call, 'RequestParams'), 'GetClientLicensorCertParams', limits.items)
    return {
      requests: items.map((item) => ({
        personaCertificates: readChain(requiredElement(item, 'PersonaCerts'), limits),
      })),
    }
  },
  writeRequest: ({ requests }) =>
    element(
      'RequestParams',
      {},
      ...requests.map(({ personaCertificates }) =>
        element('GetClientLicensorCertParams', {}, writeCertificates('PersonaCerts', personaCertificates)),
      ),
    ),
  parseResponse: (answer) => ({
    responses: filledListOf(
      requiredElement(answer, 'GetClientLicensorCertResult'),
      'GetClientLicensorCertResponse',
    ).map((item) => ({ certificateChain: readChain(requiredElement(item, 'CertificateChain')) })),
  }),
  writeResponse: ({ responses }) =>
    element(
      'GetClientLicensorCertResult',
      {},
      ...responses.map(({ certificateChain }) =>
        element('GetClientLicensorCertResponse', {}, writeCertificates('CertificateChain', certificateChain)),
      ),
    ),
}
