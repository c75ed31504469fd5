/**
 * Certificates inside a SOAP message (MS-RMPR 2.2.4, ArrayOfXmlNode): each `Certificate` holds XrML as inline XML. The
 * signed form of XrML is its characters, so a certificate is cut out of the message and put into one as it stands, never
 * rebuilt. Some clients send the XrML as escaped text instead; that is accepted.
 */
import { element, rawElement, readXmlFragments, RightsError, type XmlElement } from '@sealward/xrml'
import { invalidMessage, listOf } from './elements.ts'
import { standardSoapLimits, type SoapLimits } from './limits.ts'

export interface CertificateLimits extends Partial<Pick<SoapLimits, 'items' | 'xml'>> {
  /** UTF-8 bytes of one certificate. */
  readonly bytes?: number
}

/** The texts of all certificates below the list element, leaf first; none if the list is absent. */
export function readCertificates(list: XmlElement | undefined, limits: CertificateLimits = {}): readonly string[] {
  if (list === undefined) return []
  const { items = standardSoapLimits.items, xml } = limits
  const certificates = listOf(list, 'Certificate', items).flatMap((item) => readXrml(item, xml))
  if (certificates.length > items) {
    throw new RightsError('soap-limit-exceeded', { detail: `${certificates.length} certificates in ${list.local}` })
  }
  for (const certificate of certificates) {
    if (limits.bytes !== undefined && Buffer.byteLength(certificate, 'utf8') > limits.bytes) {
      throw new RightsError('soap-limit-exceeded', { detail: `a certificate above ${limits.bytes} bytes` })
    }
  }
  return certificates
}

/** Like `readCertificates`, for a list that must not be empty. */
export function readChain(list: XmlElement, limits: CertificateLimits = {}): readonly string[] {
  const certificates = readCertificates(list, limits)
  if (certificates.length === 0) throw new RightsError('soap-argument-missing', { detail: `${list.local} is empty` })
  return certificates
}

/** The XrML texts directly inside an element: inline, or as escaped text. */
export function readXrml(holder: XmlElement, xml: SoapLimits['xml'] = {}): readonly string[] {
  const inline = holder.children.length > 0
  if (inline && holder.text.trim() !== '') throw invalidMessage(`text between the elements of ${holder.local}`)
  const documents = inline ? holder.children : readXmlFragments(holder.text.trim(), { limits: xml })
  if (documents.length === 0) throw invalidMessage(`${holder.local} is empty`)
  return documents.map((document) => {
    if (document.name !== 'XrML') throw invalidMessage(`${holder.local} holds ${document.local} instead of XrML`)
    return rawElement(document)
  })
}

/** A list of certificates as markup. */
export function writeCertificates(name: string, certificates: readonly string[]): string {
  return element(name, {}, ...certificates.map((certificate) => writeXrml('Certificate', certificate)))
}

/**
 * One certificate inside its element, character by character.
 * @throws RightsError `certificate-not-insertable` for a text that could end its element or swallow what follows.
 */
export function writeXrml(name: string, certificate: string): string {
  const whole = certificate.startsWith('<XrML') && certificate.endsWith('>')
  if (!whole || certificate.includes(`</${name}`) || /<[!?]/.test(certificate)) {
    throw new RightsError('certificate-not-insertable')
  }
  return element(name, {}, certificate)
}
