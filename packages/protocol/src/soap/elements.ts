/**
 * Reading the elements of a call by name, never by order: clients differ in their order. An element that may stand once
 * must not stand twice, because two readers could then see two different messages. `xsi:nil` counts as absence.
 */
import { children, RightsError, type XmlElement } from '@sealward/xrml'
import { standardSoapLimits } from './limits.ts'

/** @throws RightsError `soap-message-invalid` when the element stands twice. */
export function optionalElement(parent: XmlElement | undefined, name: string): XmlElement | undefined {
  const found = children(parent, name)
  if (found.length > 1) throw invalidMessage(`${name} stands ${found.length} times`)
  const [only] = found
  return only === undefined || isNil(only) ? undefined : only
}

/** @throws RightsError `soap-argument-missing`, or `soap-message-invalid` when the element stands twice. */
export function requiredElement(parent: XmlElement, name: string): XmlElement {
  const found = optionalElement(parent, name)
  if (found === undefined) throw new RightsError('soap-argument-missing', { detail: name })
  return found
}

/** @throws RightsError `soap-argument-missing` for a nil item, `soap-limit-exceeded` */
export function listOf(
  list: XmlElement,
  name: string,
  limit: number = standardSoapLimits.items,
): readonly XmlElement[] {
  const items = children(list, name)
  if (items.length > limit) throw new RightsError('soap-limit-exceeded', { detail: `${items.length} times ${name}` })
  if (items.some(isNil)) throw new RightsError('soap-argument-missing', { detail: `${name} is nil` })
  return items
}

/** Like `listOf`, for a list that must not be empty. */
export function filledListOf(
  list: XmlElement,
  name: string,
  limit: number = standardSoapLimits.items,
): readonly XmlElement[] {
  const items = listOf(list, name, limit)
  if (items.length === 0) throw new RightsError('soap-argument-missing', { detail: name })
  return items
}

/** @throws RightsError `soap-argument-missing` or `soap-message-invalid` */
export function requiredText(parent: XmlElement, name: string): string {
  return requiredElement(parent, name).text
}

/** An XML Schema boolean. */
export function requiredBoolean(parent: XmlElement, name: string): boolean {
  const text = requiredText(parent, name).trim()
  if (text === 'true' || text === '1') return true
  if (text === 'false' || text === '0') return false
  throw invalidMessage(`${name} is neither true nor false`)
}

/** A whole number from 0 to 999 999 999. */
export function requiredCount(parent: XmlElement, name: string): number {
  const text = requiredText(parent, name).trim()
  if (!/^\d{1,9}$/.test(text)) throw invalidMessage(`${name} is not a number`)
  return Number(text)
}

function isNil(element: XmlElement): boolean {
  for (const [name, value] of element.attributes) {
    if (/(^|:)nil$/.test(name)) return value.trim() === 'true' || value.trim() === '1'
  }
  return false
}

export function invalidMessage(detail: string): RightsError {
  return new RightsError('soap-message-invalid', { detail })
}
