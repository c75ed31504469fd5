/**
 * An XrML 1.2 document (MS-RMPR 2.2.9.1): BODY and SIGNATURE inside one XrML element, always kept as the characters that
 * were signed. What is verified and what is read are the same range of the same tree (threat X4).
 */
import { onlyDescendant } from './elements/only-child.ts'
import { RightsError } from './errors/rights-error.ts'
import { rawElement, type XmlElement } from './text/element.ts'
import type { XmlLimits } from './text/limits.ts'
import { readXmlFragments } from './text/reader.ts'

/** What a document is, by its BODY type and DESCRIPTOR. */
export type DocumentType =
  | 'ca-certificate'
  | 'server-licensor-certificate'
  | 'machine-certificate'
  | 'account-certificate'
  | 'client-licensor-certificate'
  | 'use-license'
  | 'publishing-license'
  | 'rights-template'
  | 'rights-data'
  | 'revocation-list'
  | 'unknown'

export interface XrmlDocument {
  /** The whole document, from `<XrML` to `</XrML>`, exactly as read. */
  readonly text: string
  readonly type: DocumentType
  readonly body: XmlElement
  /** The signed characters, from `<BODY` to `</BODY>`. */
  readonly bodyText: string
  readonly signature: XmlElement | undefined
}

/** A certificate or licence chain longer than this is not genuine (threat model, limits). */
export const chainLengthMost = 16

/** Publishing licences may be this long; larger ones exist in no product. */
export const licenseLengthMost = 8 * 1024 * 1024

/** For who reads what strangers send and was told other limits; what is absent has the standard value. */
export interface DocumentLimits {
  readonly xml?: Partial<XmlLimits>
  /** Documents. */
  readonly chainLength?: number
  /** Entries of one policy. */
  readonly rightsEntries?: number
}

const openTag = /^<XrML(?: (?:version="1\.2"|xmlns=""|purpose="Content-License"))+>$/

const descriptorTypes: ReadonlyMap<string, DocumentType> = new Map([
  ['DRM-CA-Certificate', 'ca-certificate'],
  ['Server-Licensor-Certificate', 'server-licensor-certificate'],
  ['Machine-Certificate', 'machine-certificate'],
  ['Group-Identity-Credential', 'account-certificate'],
  ['Client-Licensor-Certificate', 'client-licensor-certificate'],
  ['Content-License', 'use-license'],
  ['Revocation-List', 'revocation-list'],
])

/**
 * Parses exactly one document, with nothing before or behind it.
 * @throws RightsError `xrml-malformed` and the XML codes
 */
export function parseXrml(text: string, limits: DocumentLimits = {}): XrmlDocument {
  const documents = parseXrmlChain(text, limits)
  const [document] = documents
  if (document === undefined || documents.length !== 1 || document.text.length !== text.length) {
    throw new RightsError('xrml-malformed', { detail: 'one document belongs here, and nothing around it' })
  }
  return document
}

/**
 * Parses documents that follow each other, as files store a licence with its chain: an optional XML declaration, then one
 * XrML element after the other, leaf first.
 * @throws RightsError `xrml-malformed`, `chain-too-long` and the XML codes
 */
export function parseXrmlChain(text: string, limits: DocumentLimits = {}): readonly XrmlDocument[] {
  const { chainLength = chainLengthMost, xml } = limits
  const roots = readXmlFragments(text, { plain: true, limits: { length: licenseLengthMost, ...xml } })
  if (roots.length === 0) throw new RightsError('xrml-malformed', { detail: 'no XrML element' })
  if (roots.length > chainLength) throw new RightsError('chain-too-long', { detail: `${roots.length} documents` })
  return roots.map(documentOf)
}

function documentOf(root: XmlElement): XrmlDocument {
  if (root.name !== 'XrML')
    throw new RightsError('xrml-malformed', { detail: `root element ${root.name.slice(0, 40)}` })
  if (!openTag.test(root.source.slice(root.start, root.innerStart)) || root.attributes.get('version') !== '1.2') {
    throw new RightsError('xrml-malformed', { detail: 'attributes of XrML' })
  }
  const [body, signature, extra] = root.children
  const bordersFit =
    body?.name === 'BODY' &&
    extra === undefined &&
    body.start === root.innerStart &&
    (signature === undefined
      ? body.end === root.innerEnd
      : signature.name === 'SIGNATURE' && signature.start === body.end && signature.end === root.innerEnd)
  if (!bordersFit || !root.source.startsWith('</XrML>', root.innerEnd) || root.end !== root.innerEnd + 7) {
    throw new RightsError('xrml-malformed', { detail: 'XrML holds one BODY and one SIGNATURE and nothing else' })
  }
  refuseForeign(body)
  return { text: rawElement(root), type: documentTypeOf(body), body, bodyText: rawElement(body), signature }
}

/** XrML has no namespace: a prefixed ISSUER would be one to some readers and none to others. */
function refuseForeign(element: XmlElement): void {
  for (const inner of element.children) {
    if (inner.name === 'XrML' || inner.name === 'BODY') {
      throw new RightsError('xrml-malformed', { detail: `nested ${inner.name}` })
    }
    if (inner.namespace !== '') throw new RightsError('xrml-malformed', { detail: 'element in a namespace' })
    refuseForeign(inner)
  }
}

function documentTypeOf(body: XmlElement): DocumentType {
  const bodyType = body.attributes.get('type')
  if (bodyType === 'Microsoft Rights Label') return 'publishing-license'
  if (bodyType === 'Microsoft Official Rights Template') return 'rights-template'
  if (bodyType === 'Microsoft Rights Template') return 'rights-data'
  if (bodyType !== 'LICENSE') return 'unknown'
  const descriptor = onlyDescendant(body, 'DESCRIPTOR', 'OBJECT')?.attributes.get('type')
  return descriptorTypes.get(descriptor ?? '') ?? 'unknown'
}
