/**
 * The XML form of both documents of a trusted publishing domain: an untyped array list with exactly one element, as the
 * .NET XmlSerializer writes it. Members have no namespace; `xsi:type` and `xsi:nil` count by namespace, whatever the
 * prefix (XML Schema Part 1, section 2.6).
 */
import { RightsError, element, readXml, type XmlElement } from '@sealward/xrml'

/** An element of the serialised form, with the instance attributes resolved. */
export interface SerializedElement {
  readonly name: string
  readonly isNull: boolean
  /** Local part of `xsi:type`. */
  readonly type: string | undefined
  readonly text: string
  readonly members: readonly SerializedElement[]
}

/** The prefixes that an element declares, linked to those around it: copying them would be quadratic. */
interface Scope {
  readonly declared: ReadonlyMap<string, string>
  readonly outer: Scope | undefined
}

const instanceNamespace = 'http://www.w3.org/2001/XMLSchema-instance'
const schemaNamespace = 'http://www.w3.org/2001/XMLSchema'
const rootName = 'ArrayOfAnyType'
const itemName = 'anyType'

/** The serializer writes a carriage return as a reference, so the default limit on references would be too small. */
const characterReferencesMost = 1_000_000

/**
 * Reads the array's root without looking inside it.
 * @throws RightsError `tpd-malformed` if the root is another element, and the XML codes
 */
export function readSerializedArray(text: string, lengthMost: number): SerializedElement {
  const limits = { length: lengthMost, characterReferences: characterReferencesMost }
  const root = resolve(readXml(text, { limits }), undefined)
  if (root.name !== rootName) throw malformed('another root element', root)
  return root
}

/** The only item of the array. @throws RightsError `tpd-malformed` unless there is exactly one, and of this type */
export function onlyItem(root: SerializedElement, type: string): SerializedElement {
  const [item, ...more] = root.members
  if (item === undefined || more.length > 0) throw malformed('not exactly one item', root)
  if (item.name !== itemName || item.type !== type) throw malformed(`no item of type ${type}`, root)
  return item
}

/** A member that is present once and not null. @throws RightsError `tpd-malformed` if it stands there more than once */
export function member(parent: SerializedElement, name: string): SerializedElement | undefined {
  const [found, ...more] = parent.members.filter((candidate) => candidate.name === name)
  if (more.length > 0) throw malformed(`${name} more than once`, parent)
  return found === undefined || found.isNull ? undefined : found
}

function resolve(source: XmlElement, outer: Scope | undefined): SerializedElement {
  const scope = scopeOf(source, outer)
  const nil = instanceAttribute(source, scope, 'nil')?.trim()
  const type = instanceAttribute(source, scope, 'type')?.trim()
  return {
    // The members have no namespace; one of another vocabulary must not be taken for one of them.
    name: source.namespace === '' ? source.local : `{}${source.local}`,
    isNull: nil === 'true' || nil === '1',
    type: type === undefined ? undefined : localPart(type, scope),
    text: source.text,
    members: source.children.map((inner) => resolve(inner, scope)),
  }
}

function scopeOf(source: XmlElement, outer: Scope | undefined): Scope | undefined {
  const declared = new Map<string, string>()
  for (const [name, value] of source.attributes) {
    if (name.startsWith('xmlns:')) declared.set(name.slice('xmlns:'.length), value)
  }
  return declared.size === 0 ? outer : { declared, outer }
}

function namespaceOf(prefix: string, scope: Scope | undefined): string | undefined {
  for (let at = scope; at !== undefined; at = at.outer) {
    const namespace = at.declared.get(prefix)
    if (namespace !== undefined) return namespace
  }
  return undefined
}

function instanceAttribute(source: XmlElement, scope: Scope | undefined, local: string): string | undefined {
  for (const [name, value] of source.attributes) {
    const [prefix, rest] = name.split(':')
    if (rest === local && prefix !== undefined && namespaceOf(prefix, scope) === instanceNamespace) return value
  }
  return undefined
}

/** `undefined` for a name whose prefix is not declared: it names nothing. */
function localPart(qualified: string, scope: Scope | undefined): string | undefined {
  const colon = qualified.indexOf(':')
  if (colon < 0) return qualified
  const namespace = namespaceOf(qualified.slice(0, colon), scope)
  return namespace === undefined ? undefined : qualified.slice(colon + 1)
}

/** The array around one item, as the serializer writes it, without white space. */
export function writeSerializedArray(type: string, ...members: readonly (string | undefined)[]): string {
  const namespaces = { 'xmlns:xsi': instanceNamespace, 'xmlns:xsd': schemaNamespace }
  return `<?xml version="1.0"?>${element(rootName, namespaces, element(itemName, { 'xsi:type': type }, ...members))}`
}

export function malformed(what: string, at: SerializedElement): RightsError {
  return new RightsError('tpd-malformed', { detail: `${what}; structure: ${structureOf(at)}` })
}

const shownMembers = 12
const shownLength = 800

/** Element names and text lengths, no values: what a report of an unknown variant may contain. */
export function structureOf(source: SerializedElement): string {
  const text = describe(source, 0)
  return text.length > shownLength ? `${text.slice(0, shownLength)}…` : text
}

function describe(source: SerializedElement, depth: number): string {
  const type = source.type === undefined ? '' : `:${printable(source.type)}`
  const head = `${printable(source.name)}${type}${source.isNull ? ' null' : ''}`
  if (source.members.length === 0 || depth > 4) return `${head} ${source.text.length}`
  const shown = source.members.slice(0, shownMembers).map((inner) => describe(inner, depth + 1))
  const rest = source.members.length - shown.length
  return `${head}(${shown.join(', ')}${rest > 0 ? `, ${rest} more` : ''})`
}

function printable(name: string): string {
  return name.slice(0, 60).replaceAll(/[^A-Za-z0-9_.{}-]/g, '?')
}
