/**
 * AcquirePreLicense (MS-RMSI 3.5.4.1): a mail server fetches use licences for the recipients of a message, so that they can
 * open it without asking. Each recipient's licence, or the reason why there is none, stands in its place.
 */
import { child, element, RightsError, textElement, type XmlElement } from '@sealward/xrml'
import { readChain, writeCertificates, writeXrml, readXrml } from '../certificates.ts'
import { filledListOf, optionalElement, requiredCount, requiredElement } from '../elements.ts'
import { atMostOnce, chainIn, listIn, stringsIn } from '../message-shape.ts'
import type { SoapOperation } from '../operation.ts'

export interface AcquirePreLicenseItem {
  /** Mail addresses. */
  readonly licenseeIdentities: readonly string[]
  /** Publishing licence first, then the CLC that signed it if it was published offline. */
  readonly issuanceLicense: readonly string[]
}

export interface AcquirePreLicenseRequest {
  readonly requests: readonly AcquirePreLicenseItem[]
}

export type PreLicenseOutcome =
  | { readonly outcome: 'licensed'; readonly license: string }
  | {
      readonly outcome: 'refused'
      /** In the grammar of a fault string; read it with `parseFaultString`. */
      readonly exceptionString: string
      readonly batchIndex: number
    }

export interface AcquirePreLicenseAnswer {
  /** One per identity, in the same order. */
  readonly outcomes: readonly PreLicenseOutcome[]
  /** The server's chain, once for all licences. */
  readonly certificateChain: readonly string[]
}

export interface AcquirePreLicenseResponse {
  /** One per request, in the same order. */
  readonly responses: readonly AcquirePreLicenseAnswer[]
}

const addressLengthMost = 1_024

export const acquirePreLicense: SoapOperation<AcquirePreLicenseRequest, AcquirePreLicenseResponse> = {
  name: 'AcquirePreLicense',
  service: 'LicensingService',
  file: 'license.asmx',
  shape: {
    call: [
      listIn('RequestParams', 'AcquirePreLicenseParams', [
        stringsIn('LicenseeIdentities'),
        chainIn('IssuanceLicense'),
        atMostOnce('ApplicationData', 'markup'),
      ]),
    ],
    answer: [
      listIn('AcquirePreLicenseResult', 'AcquirePreLicenseResponse', [
        chainIn('Licenses'),
        chainIn('CertificateChain'),
        chainIn('ReferenceCertificates'),
      ]),
    ],
  },
  parseRequest(call, _versions, { items, xml, issuanceLicense: bytes }) {
    const list = filledListOf(requiredElement(call, 'RequestParams'), 'AcquirePreLicenseParams', items)
    const requests = list.map((item) => ({
      licenseeIdentities: readIdentities(requiredElement(item, 'LicenseeIdentities'), items),
      issuanceLicense: readChain(requiredElement(item, 'IssuanceLicense'), { items, xml, bytes }),
    }))
    // Each identity is a licence.
    const licenses = requests.reduce((total, { licenseeIdentities }) => total + licenseeIdentities.length, 0)
    if (licenses > items) throw new RightsError('soap-limit-exceeded', { detail: `${licenses} licences in one call` })
    return { requests }
  },
  writeRequest: ({ requests }) =>
    element(
      'RequestParams',
      {},
      ...requests.map(({ licenseeIdentities, issuanceLicense }) =>
        element(
          'AcquirePreLicenseParams',
          {},
          element('LicenseeIdentities', {}, ...licenseeIdentities.map((address) => textElement('string', {}, address))),
          writeCertificates('IssuanceLicense', issuanceLicense),
        ),
      ),
    ),
  parseResponse: (answer) => ({
    responses: filledListOf(requiredElement(answer, 'AcquirePreLicenseResult'), 'AcquirePreLicenseResponse').map(
      (item) => ({
        outcomes: filledListOf(requiredElement(item, 'Licenses'), 'Certificate').map(readOutcome),
        certificateChain: readChain(requiredElement(item, 'CertificateChain')),
      }),
    ),
  }),
  writeResponse: ({ responses }) =>
    element(
      'AcquirePreLicenseResult',
      {},
      ...responses.map(({ outcomes, certificateChain }) =>
        element(
          'AcquirePreLicenseResponse',
          {},
          element('Licenses', {}, ...outcomes.map(writeOutcome)),
          writeCertificates('CertificateChain', certificateChain),
          element('ReferenceCertificates'),
        ),
      ),
    ),
}

function readIdentities(list: XmlElement, items: number): readonly string[] {
  const addresses = filledListOf(list, 'string', items).map(({ text }) => text.trim())
  const long = addresses.find((address) => address.length > addressLengthMost)
  if (long === undefined) return addresses
  throw new RightsError('soap-limit-exceeded', { detail: `an address above ${addressLengthMost} characters` })
}

function readOutcome(holder: XmlElement): PreLicenseOutcome {
  const exception = child(holder, 'AcquirePreLicenseException')
  if (exception === undefined) return { outcome: 'licensed', license: readXrml(holder)[0] ?? '' }
  return {
    outcome: 'refused',
    exceptionString: requiredElement(exception, 'ExceptionString').text,
    batchIndex: optionalElement(exception, 'batchindex') === undefined ? 0 : requiredCount(exception, 'batchindex'),
  }
}

function writeOutcome(outcome: PreLicenseOutcome): string {
  if (outcome.outcome === 'licensed') return writeXrml('Certificate', outcome.license)
  const exception = element(
    'AcquirePreLicenseException',
    {},
    textElement('ExceptionString', {}, outcome.exceptionString),
    textElement('batchindex', {}, String(outcome.batchIndex)),
  )
  return element('Certificate', {}, exception)
}
