/**
 * SubEnroll (MS-RMPRS 3.4.4.1): a root cluster certifies the key of a cluster that only licenses. The certificates of the
 * answer are text in elements, not inline as everywhere else, and there is no SOAP 1.2.
 */
import { decodeBase64, element, encodeBase64, textElement } from '@sealward/xrml'
import { filledListOf, invalidMessage, optionalElement, requiredElement, requiredText } from '../elements.ts'
import { escapeSignedText } from '../escaped-document.ts'
import { atMostOnce, once, stringsIn } from '../message-shape.ts'
import type { SoapOperation } from '../operation.ts'
import { present } from '../../present.ts'

export interface SubEnrollRequest {
  /** RSAPublicKey of PKCS #1. */
  readonly publicKey: Uint8Array
  /** Of the certificate's principal, without braces. */
  readonly guid: string
  readonly sku?: string
  readonly version?: string
  readonly name?: string
  readonly url?: string
}

export interface SubEnrollResponse {
  /** The new server licensor certificate, then the chain of the cluster that issued it. */
  readonly licensorChain: readonly string[]
}

/** An RSA key of 4096 bits has some 530 bytes. */
const keyBytesMost = 1_024
const textLengthMost = 2_048
const chainMost = 16
const guidForm = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export const subEnroll: SoapOperation<SubEnrollRequest, SubEnrollResponse> = {
  name: 'SubEnroll',
  service: 'SubEnrollmentService',
  file: 'SubEnrollService.asmx',
  firstSoapOnly: true,
  shape: {
    call: [
      once('oInput', [
        once('CertificatePublicKey', [atMostOnce('aPublicKeyBytes', 'base64Binary'), once('Guid', 'string')]),
        once(
          'EnrolleeInformation',
          ['SKU', 'Version', 'Name', 'URL'].map((name) => atMostOnce(name, 'string')),
        ),
      ]),
    ],
    answer: [once('SubEnrollResult', [stringsIn('LicensorCertificateChain')])],
  },
  parseRequest(call) {
    const input = requiredElement(call, 'oInput')
    const key = requiredElement(input, 'CertificatePublicKey')
    const enrollee = requiredElement(input, 'EnrolleeInformation')
    const guid = requiredText(key, 'Guid').trim()
    if (!guidForm.test(guid)) throw invalidMessage('Guid is none')
    const named = (name: string): string | undefined => optionalElement(enrollee, name)?.text.trim() || undefined
    const texts = { sku: named('SKU'), version: named('Version'), name: named('Name'), url: named('URL') }
    if (Object.values(texts).some((text) => (text?.length ?? 0) > textLengthMost)) {
      throw invalidMessage('EnrolleeInformation is too long')
    }
    return present({ publicKey: readKey(requiredText(key, 'aPublicKeyBytes')), guid, ...texts })
  },
  writeRequest: ({ publicKey, guid, sku, version, name, url }) =>
    element(
      'oInput',
      {},
      element(
        'CertificatePublicKey',
        {},
        textElement('aPublicKeyBytes', {}, encodeBase64(publicKey)),
        textElement('Guid', {}, guid),
      ),
      element(
        'EnrolleeInformation',
        {},
        ...Object.entries({ SKU: sku, Version: version, Name: name, URL: url }).map(([tag, text]) =>
          text === undefined ? undefined : textElement(tag, {}, text),
        ),
      ),
    ),
  parseResponse(answer) {
    const chain = requiredElement(requiredElement(answer, 'SubEnrollResult'), 'LicensorCertificateChain')
    return { licensorChain: filledListOf(chain, 'string', chainMost).map(({ text }) => text) }
  },
  writeResponse: ({ licensorChain }) =>
    element(
      'SubEnrollResult',
      {},
      element(
        'LicensorCertificateChain',
        {},
        ...licensorChain.map((certificate) => element('string', {}, escapeSignedText(certificate))),
      ),
    ),
}

function readKey(text: string): Uint8Array {
  if (text.length > 2 * keyBytesMost) throw invalidMessage('aPublicKeyBytes is too long')
  try {
    return decodeBase64(text.replaceAll(/\s/g, ''), 'aPublicKeyBytes')
  } catch {
    throw invalidMessage('aPublicKeyBytes is not base64')
  }
}
