/**
 * Certify (MS-RMPR 3.3.4.1): a machine's certificate chain in, the caller's rights account certificate (RAC) out. Who
 * the caller is comes from the authentication of the connection, not from the message.
 */
import { element, textElement } from '@sealward/xrml'
import { readChain, writeCertificates } from '../certificates.ts'
import { requiredBoolean, requiredElement } from '../elements.ts'
import { atMostOnce, chainIn, once } from '../message-shape.ts'
import type { SoapOperation } from '../operation.ts'

export interface CertifyRequest {
  /** Security processor certificate (SPC) first. */
  readonly machineCertificateChain: readonly string[]
  /**
   * True asks for a RAC of the usual lifetime, false for one of minutes. The prose of MS-RMPR 3.3.4.1.3.1 says the
   * opposite of the element's name and of the RAC's type; the name is followed.
   */
  readonly persistent: boolean
}

export interface CertifyResponse {
  /** RAC first, then the server's chain. */
  readonly certificateChain: readonly string[]
}

// Every server sends these constants and no client looks at them (MS-RMPR 3.3.4.1.3.4).
const quota = element(
  'Quota',
  {},
  textElement('Verified', {}, 'true'),
  textElement('CurrentConsumption', {}, '5'),
  textElement('Maximum', {}, '10'),
)

export const certify: SoapOperation<CertifyRequest, CertifyResponse> = {
  name: 'Certify',
  service: 'CertificationService',
  file: 'certification.asmx',
  shape: {
    call: [atMostOnce('requestParams', [chainIn('MachineCertificateChain'), once('Persistent', 'boolean')])],
    answer: [
      atMostOnce('CertifyResult', [
        chainIn('CertificateChain'),
        atMostOnce('Quota', [once('Verified', 'boolean'), once('CurrentConsumption', 'int'), once('Maximum', 'int')]),
      ]),
    ],
  },
  parseRequest(call, _versions, limits) {
    const parameters = requiredElement(call, 'requestParams')
    return {
      machineCertificateChain: readChain(requiredElement(parameters, 'MachineCertificateChain'), limits),
      persistent: requiredBoolean(parameters, 'Persistent'),
    }
  },
  writeRequest: (request) =>
    element(
      'requestParams',
      {},
      writeCertificates('MachineCertificateChain', request.machineCertificateChain),
      textElement('Persistent', {}, String(request.persistent)),
    ),
  parseResponse: (answer) => ({
    certificateChain: readChain(requiredElement(requiredElement(answer, 'CertifyResult'), 'CertificateChain')),
  }),
  writeResponse: (response) =>
    element('CertifyResult', {}, writeCertificates('CertificateChain', response.certificateChain), quota),
}
