/**
 * AcquireLicense (MS-RMPR 3.4.4.1): a RAC and a publishing licence in, a use licence out. From version 1.1 a call may
 * carry several requests; one that fails is then answered by an exception in its place (3.4.4.1.3.5).
 */
import {
  child,
  element,
  rawContent,
  rawElement,
  readXml,
  RightsError,
  textElement,
  type XmlElement,
} from '@sealward/xrml'
import { readCertificates, readChain, writeCertificates } from '../certificates.ts'
import { filledListOf, invalidMessage, optionalElement, requiredCount, requiredElement } from '../elements.ts'
import type { SoapLimits } from '../limits.ts'
import { atMostOnce, chainIn, listIn } from '../message-shape.ts'
import type { SoapOperation } from '../operation.ts'
import { batchVersion, clientVersionData, compareVersions, firstVersion, type VersionData } from '../version-data.ts'

export interface AcquireLicenseItem {
  /** RAC first, then its issuer's chain if the client sends it. */
  readonly licenseeCertificates: readonly string[]
  /** Publishing licence first, then the CLC that signed it if it was published offline. */
  readonly issuanceLicense: readonly string[]
  /** Markup of the application's own, opaque to the service. */
  readonly applicationData?: string
}

export interface AcquireLicenseRequest {
  readonly requests: readonly AcquireLicenseItem[]
}

export type AcquireLicenseOutcome =
  | {
      readonly outcome: 'licensed'
      /** Use licence first, then the server's chain. */
      readonly certificateChain: readonly string[]
    }
  | {
      readonly outcome: 'refused'
      /** In the grammar of a fault string; read it with `parseFaultString`. */
      readonly exceptionString: string
      readonly batchIndex: number
    }

export interface AcquireLicenseResponse {
  /** One per request, in the same order. */
  readonly responses: readonly AcquireLicenseOutcome[]
}

export const acquireLicense: SoapOperation<AcquireLicenseRequest, AcquireLicenseResponse> = {
  name: 'AcquireLicense',
  service: 'LicensingService',
  file: 'license.asmx',
  shape: {
    call: [
      listIn('RequestParams', 'AcquireLicenseParams', [
        chainIn('LicenseeCerts'),
        chainIn('IssuanceLicense'),
        atMostOnce('ApplicationData', 'markup'),
      ]),
    ],
    answer: [
      listIn('AcquireLicenseResult', 'AcquireLicenseResponse', [
        chainIn('CertificateChain'),
        chainIn('ReferenceCertificates'),
      ]),
    ],
  },
  versionsOf: ({ requests }) =>
    requests.length > 1 ? { minimum: firstVersion, maximum: batchVersion } : clientVersionData,
  parseRequest: (call, versions, limits) => ({
    requests: readItems(
      filledListOf(requiredElement(call, 'RequestParams'), 'AcquireLicenseParams', limits.items),
      versions,
      limits,
    ),
  }),
  writeRequest: ({ requests }) => element('RequestParams', {}, ...requests.map(writeItem)),
  parseResponse: (answer) => ({
    responses: filledListOf(requiredElement(answer, 'AcquireLicenseResult'), 'AcquireLicenseResponse').map(readOutcome),
  }),
  writeResponse: ({ responses }) =>
    element(
      'AcquireLicenseResult',
      {},
      ...responses.map((outcome) =>
        element('AcquireLicenseResponse', {}, writeOutcome(outcome), element('ReferenceCertificates')),
      ),
    ),
}

function readItems(
  items: readonly XmlElement[],
  versions: VersionData,
  limits: SoapLimits,
): readonly AcquireLicenseItem[] {
  if (items.length > 1 && compareVersions(versions.maximum, batchVersion) < 0) {
    throw invalidMessage(`${items.length} requests in a call of version ${versions.maximum}`)
  }
  const requests: AcquireLicenseItem[] = []
  for (const item of items) requests.push(readItem(item, requests[requests.length - 1]?.issuanceLicense, limits))
  return requests
}

/** In a batch, a request without publishing licence means the one before it. */
function readItem(
  item: XmlElement,
  previous: readonly string[] | undefined,
  { items, xml, ...bytes }: SoapLimits,
): AcquireLicenseItem {
  const licenseeCertificates = readChain(requiredElement(item, 'LicenseeCerts'), {
    items,
    xml,
    bytes: bytes.licenseeCertificate,
  })
  const own = readCertificates(optionalElement(item, 'IssuanceLicense'), { items, xml, bytes: bytes.issuanceLicense })
  const issuanceLicense = own.length > 0 ? own : previous
  if (issuanceLicense === undefined) throw new RightsError('soap-argument-missing', { detail: 'IssuanceLicense' })
  const data = optionalElement(item, 'ApplicationData')
  if (data === undefined) return { licenseeCertificates, issuanceLicense }
  const applicationData = rawContent(data)
  if (Buffer.byteLength(applicationData, 'utf8') > bytes.applicationData) {
    throw new RightsError('soap-limit-exceeded', { detail: `ApplicationData above ${bytes.applicationData} bytes` })
  }
  return { licenseeCertificates, issuanceLicense, applicationData }
}

function writeItem(item: AcquireLicenseItem, index: number, items: readonly AcquireLicenseItem[]): string {
  const previous = items[index - 1]?.issuanceLicense
  const repeated =
    previous?.length === item.issuanceLicense.length &&
    item.issuanceLicense.every((certificate, at) => certificate === previous[at])
  return element(
    'AcquireLicenseParams',
    {},
    writeCertificates('LicenseeCerts', item.licenseeCertificates),
    repeated ? undefined : writeCertificates('IssuanceLicense', item.issuanceLicense),
    item.applicationData === undefined ? undefined : writeApplicationData(item.applicationData),
  )
}

/** Markup from the application, read once so that it cannot end its element. */
function writeApplicationData(data: string): string {
  return rawElement(readXml(element('ApplicationData', {}, data)))
}

function readOutcome(item: XmlElement): AcquireLicenseOutcome {
  const chain = requiredElement(item, 'CertificateChain')
  const exception = chain.children.map((holder) => child(holder, 'AcquireLicenseException')).find(Boolean)
  if (exception === undefined) return { outcome: 'licensed', certificateChain: readChain(chain) }
  return {
    outcome: 'refused',
    exceptionString: requiredElement(exception, 'ExceptionString').text,
    batchIndex: requiredCount(exception, 'batchindex'),
  }
}

function writeOutcome(outcome: AcquireLicenseOutcome): string {
  if (outcome.outcome === 'licensed') return writeCertificates('CertificateChain', outcome.certificateChain)
  const exception = element(
    'AcquireLicenseException',
    {},
    textElement('ExceptionString', {}, outcome.exceptionString),
    textElement('batchindex', {}, String(outcome.batchIndex)),
  )
  return element('CertificateChain', {}, element('Certificate', {}, exception))
}
