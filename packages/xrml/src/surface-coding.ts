/**
 * Surface coding: documents are hashed as they are spelled, so the spelling must be found again when a transport changed
 * it. Only two changes are known to happen, and each is undone only if the digest then fits; a document that fits in no
 * spelling is refused, never repaired.
 */
import { parseXrml, type DocumentLimits, type XrmlDocument } from './document.ts'
import { digestMatches } from './signature.ts'
import { escapeAttribute, escapeText } from './text/writer.ts'
import type { XmlElement } from './text/element.ts'
import { readXml } from './text/reader.ts'

/**
 * The document in the spelling that was signed: as received; with CRLF turned into LF; or as a .NET DOM writes it. Without
 * a fitting digest the text as received is returned, and its verification fails.
 * @throws RightsError `xrml-malformed` and the XML codes
 */
export function parseSignedXrml(text: string, limits: DocumentLimits = {}): XrmlDocument {
  let received: XrmlDocument | undefined
  let failure: unknown
  for (const spelling of spellings(text, limits)) {
    try {
      const candidate = parseXrml(spelling, limits)
      received ??= candidate
      if (digestMatches(candidate)) return candidate
    } catch (error) {
      failure ??= error
    }
  }
  if (received === undefined) throw failure
  return received
}

/** The text of an element as received, and in the spellings from which transports may have changed it. */
export function* spellings(text: string, { xml = {} }: DocumentLimits = {}): Generator<string> {
  yield text
  const lineFeeds = text.replaceAll('\r\n', '\n')
  if (lineFeeds !== text) yield lineFeeds
  yield domForm(readXml(text, { plain: true, limits: xml }))
}

/** One blank between attributes, ` />` for elements that were self-closed, `<x></x>` for those with an end tag. */
function domForm(element: XmlElement): string {
  let tag = `<${element.name}`
  for (const [name, value] of element.attributes) tag += ` ${name}="${escapeAttribute(value)}"`
  if (element.innerStart === element.end) return `${tag} />`
  const inner = element.children.length > 0 ? element.children.map(domForm).join('') : escapeText(element.text)
  return `${tag}>${inner}</${element.name}>`
}
