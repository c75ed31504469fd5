/**
 * SOAP faults (MS-RMPR 2.2.4, 3.1.4): the fault string begins with the full name of a .NET exception, and that name is
 * all that clients look at. The sources disagree about the namespaces of several names, so readers go by the last
 * segment alone.
 */
import { descendant, element, textElement, type XmlElement } from '@sealward/xrml'
import { writeEnvelope, type SoapVersion } from './envelope.ts'

const root = 'Microsoft.DigitalRightsManagement'
const licensing = `${root}.Licensing`

/** The exception names that servers send, in the namespaces that are written. */
export const faultNames = {
  adEntrySearchFailed: `${root}.Utilities.ADEntrySearchFailedException`,
  acquirePreLicenseInvalidLicensee: `${licensing}.AcquirePreLicenseInvalidLicenseeException`,
  argumentNull: 'System.ArgumentNullException',
  blackBoxIsInvalid: `${licensing}.BlackBoxIsInvalidException`,
  clusterDecommissioned: 'Microsoft.RightsManagementServices.ClusterDecommissionedException',
  clusterNotDecommissioned: `${root}.Utilities.ClusterNotDecommissionedException`,
  credentialCreationTime: `${licensing}.CredentialCreationTimeException`,
  cryptoUnsupportedSymKey: `${root}.Cryptography.CryptoUnsupportedSymKeyException`,
  drmsArgument: `${root}.Core.DRMSArgumentException`,
  drmacIsExcluded: `${licensing}.DrmacIsExcludedException`,
  enablingBitsHashDoesNotMatch: 'Microsoft.RightsManagementServices.EnablingBitsHashDoesNotMatchException',
  invalidOfficialRightsTemplate: `${licensing}.InvalidOfficialRightsTemplateException`,
  invalidOperation: 'System.InvalidOperationException',
  invalidPersonaCertSignature: `${licensing}.InvalidPersonaCertSignatureException`,
  invalidPersonaCertTime: `${licensing}.InvalidPersonaCertTimeException`,
  invalidSignedIssuanceLicense: `${licensing}.InvalidSignedIssuanceLicenseException`,
  invalidRightsLabelSignature: `${licensing}.InvalidRightsLabelSignatureException`,
  issuanceLicenseIsNotWithinValidTimeRange: `${licensing}.IssuanceLicenseIsNotWithinValidTimeRangeException`,
  malformedDataVersion: `${root}.Core.MalformedDataVersionException`,
  noRightsForRequestedPrincipal: `${licensing}.NoRightsForRequestedPrincipalException`,
  onlinePublishingDisabled: `${licensing}.OnlinePublishingDisabledException`,
  rightsLabelNoMatchingIssuedPrincipal: `${licensing}.RightsLabelNoMatchingIssuedPrincipalException`,
  serverRepublishIllegal: `${root}.ServerRepublishIllegalException`,
  unauthorizedAccess: 'System.UnauthorizedAccessException',
  unexpectedPersonaCert: `${licensing}.UnexpectedPersonaCertException`,
  unsignedIssuanceLicenseNoMatchingIssuedPrincipal: `${licensing}.UnsignedIssuanceLicenseNoMatchingIssuedPrincipalException`,
  unspecifiedError: `${root}.Utilities.UnspecifiedErrorException`,
  unsupportedCryptographicSet: `${root}.Cryptography.UnsupportedCryptographicSetException`,
  unsupportedDataVersion: `${root}.Core.UnsupportedDataVersionException`,
  untrustedPersonaCert: `${licensing}.UntrustedPersonaCertException`,
  verifyEmailAddressFailed: `${root}.Core.VerifyEmailAddressFailedException`,
  verifyMachineCertificateChainFailed: `${root}.Core.VerifyMachineCertificateChainFailedException`,
} as const

export type FaultName = (typeof faultNames)[keyof typeof faultNames]

export interface Fault {
  /** The last segment of the exception's name; empty if the fault names none. */
  readonly name: string
  /** The name as the server wrote it. */
  readonly full: string
  /** What follows the name, up to the next inner exception. Written by the server: show it as foreign text. */
  readonly message: string
}

const readableLength = 8_192
const knownNames = new Set(Object.values(faultNames).map(lastSegment))

/** A complete fault message. Windows servers send faults without VersionData, and so do we. */
export function writeFault(soapVersion: SoapVersion, name: FaultName, text?: string): string {
  return writeEnvelope(soapVersion, undefined, faultElement(soapVersion, writeFaultString(name, text)))
}

/** The text must be fit for strangers: no inner workings. */
export function writeFaultString(name: FaultName, text?: string): string {
  return text === undefined ? name : `${name}: ${text}`
}

function faultElement(soapVersion: SoapVersion, faultString: string): string {
  if (soapVersion === '1.1') {
    return element(
      'soap:Fault',
      {},
      textElement('faultcode', {}, 'soap:Server'),
      textElement('faultstring', {}, faultString),
      element('detail'),
    )
  }
  return element(
    'soap:Fault',
    {},
    element('soap:Code', {}, textElement('soap:Value', {}, 'soap:Receiver')),
    element('soap:Reason', {}, textElement('soap:Text', { 'xml:lang': 'en' }, faultString)),
    element('soap:Detail'),
  )
}

/** The fault in a message's body, or nothing if the body holds something else. Takes any fault of any server. */
export function parseFault(content: XmlElement, soapVersion: SoapVersion): Fault | undefined {
  if (content.local !== 'Fault') return undefined
  const reason = soapVersion === '1.1' ? descendant(content, 'faultstring') : descendant(content, 'Reason', 'Text')
  return parseFaultString(reason?.text ?? '')
}

/**
 * Finds the exception in a fault string. Frameworks wrap it into exceptions of their own, so a known name wins over the
 * first one.
 */
export function parseFaultString(faultString: string): Fault {
  const text = faultString.slice(0, readableLength)
  const names = text.split(/[^\w.]+/).filter((word) => word.endsWith('Exception'))
  const full = names.find((name) => knownNames.has(lastSegment(name))) ?? names[0]
  if (full === undefined) return { name: '', full: '', message: text.trim() }
  const [rest = ''] = text.slice(text.indexOf(full) + full.length).split('--->')
  return { name: lastSegment(full), full, message: rest.replace(/^[-:\s]+/, '').trim() }
}

/** The part of an exception's name that all sources agree on. */
export function lastSegment(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1)
}
