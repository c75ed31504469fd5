/**
 * What a service bears of others, as one table: settings, documentation and warnings derive from it. Operators may lower
 * every limit; what is raised is named at every start, because nobody has tried the service with it.
 *
 * A figure stands once: here, or where clients read with it as well (XML, chains and policies in `xrml`, SOAP calls and lists
 * of templates in `protocol`), from where this table takes it. `protocol` bounds single lists of JSON by a thousand of its own;
 * that is the form of a message, and how many rights a licence has is counted beside it.
 */
import { standardSoapLimits, templatesMost, type SoapLimits } from '@sealward/protocol'
import {
  chainLengthMost,
  defaultXmlLimits,
  licenseLengthMost,
  rightsEntriesMost,
  type DocumentLimits,
} from '@sealward/xrml'

export interface LimitRow {
  readonly standard: number
  readonly least: number
  readonly unit: 'bytes' | 'seconds' | ''
  /** What is limited, for operators. */
  readonly what: string
}

const mebibyte = 1024 * 1024

const bytes = (standard: number, what: string): LimitRow => ({ standard, least: 1_024, unit: 'bytes', what })
const count = (standard: number, what: string): LimitRow => ({ standard, least: 1, unit: '', what })
const seconds = (standard: number, what: string): LimitRow => ({ standard, least: 0.1, unit: 'seconds', what })

export const limitTable = {
  bodyBytes: bytes(mebibyte, 'Body of a request, unless it carries a licence'),
  soapLicenseBodyBytes: bytes(
    12 * mebibyte,
    'Body of a call to the SOAP services for licences, or to the administration',
  ),
  restLicenseBodyBytes: bytes(8 * mebibyte, 'Body of a REST request with a licence'),
  headerSeconds: seconds(10, 'Time for the headers of a request'),
  bodySeconds: seconds(30, 'Time for a request, headers and body'),
  idleSeconds: seconds(60, 'Time for which a connection may stand idle'),
  publishingLicenseBytes: bytes(licenseLengthMost, 'One publishing licence'),
  licenseeCertificateBytes: bytes(standardSoapLimits.licenseeCertificate, 'One certificate of a reader'),
  applicationDataBytes: bytes(standardSoapLimits.applicationData, 'Application data of a call or licence'),
  chainCertificates: count(chainLengthMost, 'Certificates of one chain'),
  xmlDepth: { ...count(defaultXmlLimits.depth, 'Levels of XML'), least: 16 },
  xmlAttributes: { ...count(defaultXmlLimits.attributesPerElement, 'Attributes of one XML element'), least: 16 },
  xmlElements: { ...count(defaultXmlLimits.elements, 'Elements of one XML document'), least: 100 },
  characterReferences: {
    ...count(defaultXmlLimits.characterReferences, 'Numeric character references of one XML document'),
    least: 0,
  },
  jsonDepth: { ...count(64, 'Levels of JSON'), least: 8 },
  itemsPerCall: count(standardSoapLimits.items, 'Licence requests, certificates or identities of one SOAP call'),
  itemsAtOnce: count(4, 'Of these, how many are worked on at once'),
  rightsEntries: count(rightsEntriesMost, 'Rights entries of one licence'),
  templates: count(templatesMost, 'Templates, imported versions included'),
  groupDepth: count(32, 'Levels of groups within groups'),
  groups: count(10_000, 'Groups of one person'),
  outboundSeconds: seconds(5, 'Time for one request to an identity provider or another cluster'),
  outboundBytes: bytes(mebibyte, 'Answer to one of these'),
} as const satisfies Readonly<Record<string, LimitRow>>

export type LimitName = keyof typeof limitTable
export type Limits = Readonly<Record<LimitName, number>>

/** Of every request that the service makes itself; redirects are never followed. */
export type OutboundLimits = Pick<Limits, 'outboundSeconds' | 'outboundBytes'>

export const limitNames = Object.keys(limitTable) as readonly LimitName[]

export const standardLimits = Object.fromEntries(limitNames.map((name) => [name, limitTable[name].standard])) as Limits

/** For readers of certificates and licences. */
export function documentLimits(limits: Limits): Required<DocumentLimits> {
  return {
    xml: { ...xmlLimits(limits), length: limits.publishingLicenseBytes },
    chainLength: limits.chainCertificates,
    rightsEntries: limits.rightsEntries,
  }
}

/** For readers of SOAP calls. */
export function soapLimits(limits: Limits): SoapLimits {
  return {
    xml: { ...xmlLimits(limits), length: limits.soapLicenseBodyBytes },
    items: limits.itemsPerCall,
    licenseeCertificate: limits.licenseeCertificateBytes,
    issuanceLicense: limits.publishingLicenseBytes,
    applicationData: limits.applicationDataBytes,
  }
}

function xmlLimits(limits: Limits): NonNullable<DocumentLimits['xml']> {
  return {
    depth: limits.xmlDepth,
    attributesPerElement: limits.xmlAttributes,
    elements: limits.xmlElements,
    characterReferences: limits.characterReferences,
  }
}
