/**
 * The SOAP envelope, versions 1.1 and 1.2; the namespace of the envelope tells them apart. Exactly one element stands in
 * the body (document/literal, MS-RMPR 2.1), and that element alone decides what is called.
 */
import { children, element, readXml, RightsError, type XmlElement, type XmlLimits } from '@sealward/xrml'

export type SoapVersion = '1.1' | '1.2'

export interface Envelope {
  readonly soapVersion: SoapVersion
  readonly headers: readonly XmlElement[]
  /** The one element of the body: a call, an answer or a fault. */
  readonly content: XmlElement
}

const envelopeNamespaces: Readonly<Record<SoapVersion, string>> = {
  '1.1': 'http://schemas.xmlsoap.org/soap/envelope/',
  '1.2': 'http://www.w3.org/2003/05/soap-envelope',
}

/** @throws RightsError `soap-envelope-invalid`, `xml-not-well-formed`, `xml-dtd-refused`, `xml-limit-exceeded` */
export function readEnvelope(text: string, limits: Partial<XmlLimits> = {}): Envelope {
  const root = readXml(text, { limits })
  const soapVersion = versionOf(root)
  const header = onlyPart(root, 'Header')
  const body = onlyPart(root, 'Body')
  if (body === undefined) throw invalidEnvelope('there is no Body')
  const [content] = body.children
  if (content === undefined || body.children.length !== 1) {
    throw invalidEnvelope(`${body.children.length} elements in the Body where one belongs`)
  }
  return { soapVersion, headers: header?.children ?? [], content }
}

function versionOf(root: XmlElement): SoapVersion {
  if (root.local === 'Envelope' && root.namespace === envelopeNamespaces['1.1']) return '1.1'
  if (root.local === 'Envelope' && root.namespace === envelopeNamespaces['1.2']) return '1.2'
  throw invalidEnvelope('the root element is not a SOAP Envelope')
}

function onlyPart(root: XmlElement, name: string): XmlElement | undefined {
  const parts = children(root, name).filter((part) => part.namespace === root.namespace)
  if (parts.length > 1) throw invalidEnvelope(`${name} stands ${parts.length} times`)
  return parts[0]
}

function invalidEnvelope(detail: string): RightsError {
  return new RightsError('soap-envelope-invalid', { detail })
}

/** A complete message, to be sent as UTF-8. Without a header the Header element is left out. */
export function writeEnvelope(soapVersion: SoapVersion, header: string | undefined, content: string): string {
  const envelope = element(
    'soap:Envelope',
    { 'xmlns:soap': envelopeNamespaces[soapVersion] },
    header === undefined ? undefined : element('soap:Header', {}, header),
    element('soap:Body', {}, content),
  )
  return `<?xml version="1.0" encoding="utf-8"?>${envelope}`
}
