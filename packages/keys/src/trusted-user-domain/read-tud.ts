/**
 * The file of a trusted user domain: the certificates of another organisation's licensor, no key and no password. Its form
 * is published nowhere, so everything is read that a serializer may have made of a chain: the certificates one after the
 * other or in one root element, or as texts in an array. Trust settings are never in the file.
 */
import {
  chainLengthMost,
  decodeText,
  parseXrmlChain,
  rawElement,
  readXml,
  readXmlFragments,
  RightsError,
  isRightsError,
  type XmlElement,
} from '@sealward/xrml'

/** Genuine chains have four certificates of some thousand characters each. */
const fileBytesMost = 1024 * 1024
const shownBytes = 64

/** .NET XmlSerializer: a list of texts, or of anything. */
const arrayRoots = new Set(['ArrayOfString', 'ArrayOfAnyType'])
const certificateName = 'XrML'
const depthMost = 8

/**
 * @returns the exact texts of the certificates in the order of the file; nothing about them is checked yet
 * @throws RightsError `tud-malformed` with the first bytes of the file, so that a report of an unknown form can be made
 */
export function readTud(file: Uint8Array): readonly string[] {
  if (file.length > fileBytesMost) throw malformed(file, `more than ${fileBytesMost} bytes`)
  try {
    const texts = certificatesIn(decodeText(file))
    if (texts.length === 0 || texts.length > chainLengthMost) throw malformed(file, `${texts.length} certificates`)
    return texts.flatMap((text) => parseXrmlChain(text).map((document) => document.text))
  } catch (cause) {
    if (!isRightsError(cause)) throw cause
    throw cause.code === 'tud-malformed' ? cause : malformed(file, cause.code, cause)
  }
}

function certificatesIn(text: string): readonly string[] {
  const limits = { length: fileBytesMost }
  const [first, ...more] = readXmlFragments(text, { limits })
  if (first === undefined || first.name === certificateName) return [first, ...more].flatMap(rawOf)
  const root = readXml(text, { limits })
  return arrayRoots.has(root.local) ? insideArray(root, 0) : root.children.filter(isCertificate).flatMap(rawOf)
}

/** Certificates as elements or as texts, at whatever member of the items they stand. */
function insideArray(element: XmlElement, depth: number): readonly string[] {
  if (isCertificate(element)) return rawOf(element)
  if (element.children.length === 0) return element.text.trimStart().startsWith('<') ? [element.text.trim()] : []
  return depth === depthMost ? [] : element.children.flatMap((inner) => insideArray(inner, depth + 1))
}

function isCertificate({ name }: XmlElement): boolean {
  return name === certificateName
}

function rawOf(element: XmlElement | undefined): readonly string[] {
  return element === undefined ? [] : [rawElement(element)]
}

function malformed(file: Uint8Array, what: string, cause?: unknown): RightsError {
  const start = Buffer.from(file.subarray(0, shownBytes)).toString('hex')
  return new RightsError('tud-malformed', { detail: `${what}; the file begins ${start}`, cause })
}
