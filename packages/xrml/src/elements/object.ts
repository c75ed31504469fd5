/** OBJECT (MS-RMPR 2.2.9.1.3): who or what is named, by type and identifier. */
import { RightsError } from '../errors/rights-error.ts'
import { element, textElement } from '../text/writer.ts'
import { children, rawElement, type XmlElement } from '../text/element.ts'
import { onlyChild } from './only-child.ts'

export interface XrmlObject {
  readonly type: string | undefined
  readonly idType: string
  readonly id: string
  readonly name: string | undefined
  readonly addresses: readonly XrmlAddress[]
  /** The element as written; copied, never rebuilt. Empty for objects that are about to be written. */
  readonly raw: string
}

export interface XrmlAddress {
  readonly type: string
  readonly value: string
}

/** @throws RightsError `xrml-malformed` */
export function parseObject(source: XmlElement | undefined, where: string): XrmlObject {
  if (source === undefined) throw new RightsError('xrml-malformed', { detail: `${where} has no OBJECT` })
  const id = onlyChild(source, 'ID')
  return {
    type: source.attributes.get('type'),
    idType: id?.attributes.get('type') ?? '',
    id: id?.text ?? '',
    name: onlyChild(source, 'NAME')?.text,
    addresses: children(source, 'ADDRESS').map((address) => ({
      type: address.attributes.get('type') ?? '',
      value: address.text,
    })),
    raw: rawElement(source),
  }
}

export interface ObjectFields {
  readonly type?: string
  readonly idType: string
  readonly id: string
  readonly name?: string
  readonly addresses?: readonly XrmlAddress[]
}

export function writeObject(fields: ObjectFields): string {
  return element(
    'OBJECT',
    { type: fields.type },
    textElement('ID', { type: fields.idType }, fields.id),
    fields.name === undefined ? undefined : textElement('NAME', {}, fields.name),
    ...(fields.addresses ?? []).map((address) => textElement('ADDRESS', { type: address.type }, address.value)),
  )
}

/** Identifiers that are GUIDs are compared without case and braces, all others exactly. */
export function sameId(a: XrmlObject, b: XrmlObject): boolean {
  if (a.idType !== b.idType) return false
  return a.idType === 'MS-GUID' ? canonicalGuid(a.id) === canonicalGuid(b.id) : a.id === b.id
}

/** Lower case, without braces and blanks: for comparison and as a key; documents keep their own spelling. */
export function canonicalGuid(guid: string): string {
  return guid
    .trim()
    .replace(/^\{|\}$/g, '')
    .toLowerCase()
}

/** The address of a type, if there is one. */
export function addressOf(object: XrmlObject, type: string): string | undefined {
  return object.addresses.find((address) => address.type === type)?.value
}
