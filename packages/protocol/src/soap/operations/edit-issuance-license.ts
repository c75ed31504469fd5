/**
 * EditIssuanceLicense (MS-RMSI 3.3.4.1): a trusted server gives a published document another policy without its author,
 * where the author has allowed that. Signed licence and new draft in, new licence out; the content key stays.
 */
import { element, RightsError } from '@sealward/xrml'
import { readXrml, readChain, writeCertificates, writeXrml } from '../certificates.ts'
import { filledListOf, requiredElement } from '../elements.ts'
import { atMostOnce, chainIn, listIn } from '../message-shape.ts'
import type { SoapOperation } from '../operation.ts'

export interface EditIssuanceLicenseRequest {
  readonly signedIssuanceLicense: string
  readonly unsignedIssuanceLicense: string
}

export interface EditIssuanceLicenseResponse {
  /** The new licence alone: its issuer is the server that signed the former one. */
  readonly certificateChain: readonly string[]
}

export const editIssuanceLicense: SoapOperation<EditIssuanceLicenseRequest, EditIssuanceLicenseResponse> = {
  name: 'EditIssuanceLicense',
  service: 'EditIssuanceLicenseService',
  file: 'editissuancelicense.asmx',
  shape: {
    call: [
      listIn('RequestParams', 'EditIssuanceLicenseParams', [
        atMostOnce('SignedIssuanceLicense', 'markup'),
        atMostOnce('UnsignedIssuanceLicense', 'markup'),
      ]),
    ],
    answer: [listIn('EditIssuanceLicenseResult', 'EditIssuanceLicenseResponse', [chainIn('CertificateChain')])],
  },
  parseRequest(call, _versions, { xml }) {
    const items = filledListOf(requiredElement(call, 'RequestParams'), 'EditIssuanceLicenseParams')
    const [item] = items
    if (item === undefined || items.length > 1) {
      throw new RightsError('soap-limit-exceeded', { detail: `${items.length} licences in one call` })
    }
    const [signedIssuanceLicense] = readXrml(requiredElement(item, 'SignedIssuanceLicense'), xml)
    const [unsignedIssuanceLicense] = readXrml(requiredElement(item, 'UnsignedIssuanceLicense'), xml)
    if (signedIssuanceLicense === undefined || unsignedIssuanceLicense === undefined) {
      throw new RightsError('soap-argument-missing')
    }
    return { signedIssuanceLicense, unsignedIssuanceLicense }
  },
  writeRequest: ({ signedIssuanceLicense, unsignedIssuanceLicense }) =>
    element(
      'RequestParams',
      {},
      element(
        'EditIssuanceLicenseParams',
        {},
        writeXrml('SignedIssuanceLicense', signedIssuanceLicense),
        writeXrml('UnsignedIssuanceLicense', unsignedIssuanceLicense),
      ),
    ),
  parseResponse(answer) {
    const [response] = filledListOf(requiredElement(answer, 'EditIssuanceLicenseResult'), 'EditIssuanceLicenseResponse')
    if (response === undefined) throw new RightsError('soap-argument-missing')
    return { certificateChain: readChain(requiredElement(response, 'CertificateChain')) }
  },
  writeResponse: ({ certificateChain }) =>
    element(
      'EditIssuanceLicenseResult',
      {},
      element('EditIssuanceLicenseResponse', {}, writeCertificates('CertificateChain', certificateChain)),
    ),
}
