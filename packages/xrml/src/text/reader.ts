/**
 * The one XML reader of the product: strict, namespace-aware, without DTDs, with exact source offsets, so that a
 * certificate inside a message can be cut out as the characters that were signed. Built over saxes; the limits hold
 * while reading (deep nesting alone would make the tokenizer quadratic).
 */
import { SaxesParser } from 'saxes'
import { RightsError } from '../errors/rights-error.ts'
import type { XmlElement } from './element.ts'
import { defaultXmlLimits, type XmlLimits } from './limits.ts'

interface OpenElement {
  readonly name: string
  local: string
  namespace: string
  attributes: ReadonlyMap<string, string>
  readonly children: XmlElement[]
  text: string
  readonly source: string
  readonly start: number
  end: number
  innerStart: number
  innerEnd: number
}

export interface ReadXmlOptions {
  readonly limits?: Partial<XmlLimits>
  /** Refuse comments, CDATA sections and processing instructions: licences have one spelling only. */
  readonly plain?: boolean
}

/** Before a sequence of documents; of a single document the tokenizer reads the declaration itself. */
const xmlDeclaration =
  /^<\?xml[ \t\r\n]+version="1\.0"(?:[ \t\r\n]+(?:encoding|standalone)="[\w.-]{1,40}"){0,2}[ \t\r\n]*\?>/

const notBlank = /[^ \t\r\n]/

/** Most elements have no attributes; they share this map. */
const noAttributes: ReadonlyMap<string, string> = new Map()

/**
 * Reads a text with exactly one root element.
 * @throws RightsError `xml-not-well-formed`, `xml-dtd-refused`, `xml-limit-exceeded`; plain: `xrml-malformed`
 */
export function readXml(text: string, options: ReadXmlOptions = {}): XmlElement {
  const [root] = readElements(text, 'document', options)
  if (root === undefined) throw new RightsError('xml-not-well-formed', { detail: 'no root element' })
  return root
}

/**
 * Reads a sequence of elements behind an optional XML declaration, as licence chains are stored; only blanks may stand
 * between them.
 * @throws RightsError as `readXml`
 */
export function readXmlFragments(text: string, options: ReadXmlOptions = {}): readonly XmlElement[] {
  const roots = readElements(text, 'sequence', options)
  let end = declarationLength(text)
  for (const next of [...roots, { start: text.length, end: text.length }]) {
    if (notBlank.test(text.slice(end, next.start))) {
      throw new RightsError('xml-not-well-formed', { detail: 'text, comment or instruction outside an element' })
    }
    end = next.end
  }
  return roots
}

function readElements(text: string, form: 'document' | 'sequence', options: ReadXmlOptions): readonly XmlElement[] {
  const limits = { ...defaultXmlLimits, ...options.limits }
  refuseBeforeParsing(text, limits)
  if (options.plain === true) refuseUnlessPlain(text)
  const skipped = form === 'sequence' ? declarationLength(text) : 0
  // Six handlers at most: each is a property that the tokenizer gets late, and with more of them V8 makes it a dictionary,
  // in which every character costs eight times as much.
  const parser = new SaxesParser({ xmlns: true, fragment: form === 'sequence' })
  const roots: XmlElement[] = []
  const open: OpenElement[] = []
  let count = 0
  let attributeCount = 0
  let attributes = new Map<string, string>()

  parser.on('error', (error) => {
    throw new RightsError('xml-not-well-formed', { detail: error.message.slice(0, 200) })
  })
  parser.on('opentagstart', (tag) => {
    if (open.length >= limits.depth) throw limitExceeded(`more than ${limits.depth} levels`)
    if (++count > limits.elements) throw limitExceeded(`more than ${limits.elements} elements`)
    attributeCount = 0
    open.push({
      name: tag.name,
      local: '',
      namespace: '',
      attributes: noAttributes,
      children: [],
      text: '',
      source: text,
      // The name cannot contain the bracket; what follows it, a line end for example, has been consumed already.
      start: text.lastIndexOf('<', skipped + parser.position - tag.name.length - 1),
      end: 0,
      innerStart: 0,
      innerEnd: 0,
    })
  })
  parser.on('attribute', ({ name, value }) => {
    if (attributeCount === 0) attributes = new Map()
    // A name that comes twice is refused when the tag ends.
    attributes.set(name, value)
    if (++attributeCount > limits.attributesPerElement) {
      throw limitExceeded(`more than ${limits.attributesPerElement} attributes`)
    }
  })
  parser.on('opentag', (tag) => {
    const element = open[open.length - 1]
    if (element === undefined) return
    element.local = tag.local
    element.namespace = tag.uri
    if (attributeCount > 0) element.attributes = attributes
    element.innerStart = skipped + parser.position
  })
  parser.on('closetag', (tag) => {
    const element = open.pop()
    if (element === undefined) return
    element.end = skipped + parser.position
    element.innerEnd = tag.isSelfClosing ? element.innerStart : text.lastIndexOf('</', element.end - 1)
    const parent = open[open.length - 1]
    if (parent === undefined) roots.push(element)
    else parent.children.push(element)
  })
  // Text outside all elements has no parent here: of documents saxes refuses it, of sequences the caller does.
  const addText = (value: string): void => {
    const parent = open[open.length - 1]
    if (parent !== undefined) parent.text += value
  }
  parser.on('text', addText)
  if (text.includes('<![CDATA[')) parser.on('cdata', addText)
  parser.write(skipped === 0 ? text : text.slice(skipped))
  if ((parser.xmlDecl.version ?? '1.0') !== '1.0')
    throw new RightsError('xml-not-well-formed', { detail: 'not XML 1.0' })
  parser.close()
  return roots
}

function declarationLength(text: string): number {
  return xmlDeclaration.exec(text)?.[0].length ?? 0
}

function refuseBeforeParsing(text: string, limits: XmlLimits): void {
  if (text.length > limits.length) throw limitExceeded(`longer than ${limits.length} characters`)
  // The tokenizer takes any unit behind a high surrogate, markup included, for the second half of a character.
  if (!text.isWellFormed()) throw new RightsError('xml-not-well-formed', { detail: 'unpaired surrogate' })
  if (/<!DOCTYPE/i.test(text)) throw new RightsError('xml-dtd-refused')
  let references = 0
  for (let at = text.indexOf('&#'); at >= 0; at = text.indexOf('&#', at + 2)) {
    if (++references > limits.characterReferences) {
      throw limitExceeded(`more than ${limits.characterReferences} character references`)
    }
  }
}

/** A bracket is never bare in well-formed text, so these begin what they seem to begin. */
function refuseUnlessPlain(text: string): void {
  if (/<!--|<!\[CDATA\[|<\?/.test(text.slice(declarationLength(text))))
    refuse('comment, CDATA section or processing instruction')
}

function limitExceeded(detail: string): RightsError {
  return new RightsError('xml-limit-exceeded', { detail })
}

function refuse(detail: string): never {
  throw new RightsError('xrml-malformed', { detail })
}
