/**
 * Deterministic writing of XML: compact, one blank before `/>`, LF only, attributes in the order given; the form in
 * which servers write XrML (MS-RMPR 4.5).
 */

import { RightsError } from '../errors/rights-error.ts'

/** A fragment that is already XML and is copied as it stands. */
export type Markup = string

export type Attributes = Readonly<Record<string, string | undefined>>

/** What XML 1.0 cannot carry in any spelling. */
const unwritable = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u

/** @throws RightsError `xml-character-refused` for control characters and unpaired surrogates */
export function escapeText(value: string): string {
  if (unwritable.test(value)) throw new RightsError('xml-character-refused')
  return value.replace(/[&<>]/g, (character) => (character === '&' ? '&amp;' : character === '<' ? '&lt;' : '&gt;'))
}

/** Line ends and tabs become references, because readers turn them into blanks. @throws as `escapeText` */
export function escapeAttribute(value: string): string {
  return escapeText(value).replace(/["\t\n\r]/g, (character) =>
    character === '"' ? '&quot;' : `&#${character.charCodeAt(0)};`,
  )
}

function attributeText(attributes: Attributes): string {
  let text = ''
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) text += ` ${name}="${escapeAttribute(value)}"`
  }
  return text
}

/** An element around markup; without content it is written as `<name />`. Content `undefined` is left out. */
export function element(
  name: string,
  attributes: Attributes = {},
  ...content: readonly (Markup | undefined)[]
): Markup {
  const inner = content.join('')
  return inner === ''
    ? `<${name}${attributeText(attributes)} />`
    : `<${name}${attributeText(attributes)}>${inner}</${name}>`
}

/**
 * An element around text, which is escaped. An empty text is written as `<name />`. Line ends become LF, as every reader
 * and transport makes them: a signed text must not change on its way.
 */
export function textElement(name: string, attributes: Attributes, value: string): Markup {
  return element(name, attributes, escapeText(value.replace(/\r\n?/g, '\n')))
}
