/** What a SOAP call may carry. A service may be told other limits than these; whoever reads answers has the standard ones. */
import { defaultXmlLimits, licenseLengthMost, type XmlLimits } from '@sealward/xrml'

export interface SoapLimits {
  /** Of the message, and of XML that stands in it as text. */
  readonly xml: Partial<XmlLimits>
  /** Licence requests, certificates, identities: items of any list, and of all its lists together where they nest. */
  readonly items: number
  // In UTF-8 bytes, each.
  readonly licenseeCertificate: number
  readonly issuanceLicense: number
  readonly applicationData: number
}

/** The sizes are those that Windows servers accept (MS-RMPR notes 41 to 43). */
export const standardSoapLimits: SoapLimits = {
  xml: defaultXmlLimits,
  items: 100,
  licenseeCertificate: 30_720,
  issuanceLicense: licenseLengthMost,
  applicationData: 102_400,
}
