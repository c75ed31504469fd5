/** GetLicensorCertificate (MS-RMPR 3.7.4.1): the service's own licensor certificate chain. */
import { element } from '@sealward/xrml'
import { readChain, writeCertificates } from '../certificates.ts'
import { requiredElement } from '../elements.ts'
import { atMostOnce, chainIn } from '../message-shape.ts'
import type { SoapOperation } from '../operation.ts'

export type GetLicensorCertificateRequest = Readonly<Record<never, never>>

export interface GetLicensorCertificateResponse {
  /** Server licensor certificate (SLC) first. */
  readonly certificateChain: readonly string[]
}

export const getLicensorCertificate: SoapOperation<GetLicensorCertificateRequest, GetLicensorCertificateResponse> = {
  name: 'GetLicensorCertificate',
  service: 'ServerService',
  file: 'server.asmx',
  shape: {
    call: [],
    answer: [atMostOnce('GetLicensorCertificateResult', [chainIn('CertificateChain')])],
  },
  parseRequest: () => ({}),
  writeRequest: () => '',
  parseResponse: (answer) => ({
    certificateChain: readChain(
      requiredElement(requiredElement(answer, 'GetLicensorCertificateResult'), 'CertificateChain'),
    ),
  }),
  writeResponse: ({ certificateChain }) =>
    element('GetLicensorCertificateResult', {}, writeCertificates('CertificateChain', certificateChain)),
}
