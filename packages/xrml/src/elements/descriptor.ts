/** DESCRIPTOR (MS-RMPR 2.2.9.1.4), and the names and descriptions that templates and policies carry per language. */
import { RightsError } from '../errors/rights-error.ts'
import type { XmlElement } from '../text/element.ts'
import { element } from '../text/writer.ts'
import { parseObject, writeObject, type XrmlObject } from './object.ts'
import { onlyChild } from './only-child.ts'

export interface LocalizedName {
  /** Windows language identifier, for example 1033 for English (United States). */
  readonly lcid: number
  readonly name: string
  readonly description: string
}

export function parseDescriptor(body: XmlElement): XrmlObject | undefined {
  const source = onlyChild(onlyChild(body, 'DESCRIPTOR'), 'OBJECT')
  return source === undefined ? undefined : parseObject(source, 'DESCRIPTOR')
}

export function writeDescriptor(type: string | undefined, id: string, name?: string): string {
  return element(
    'DESCRIPTOR',
    {},
    writeObject({
      ...(type === undefined ? {} : { type }),
      idType: 'MS-GUID',
      id,
      ...(name === undefined ? {} : { name }),
    }),
  )
}

const groupStart = /^LCID (\d{1,7}):NAME /
const descriptionMark = ':DESCRIPTION '

/** Reads `LCID n:NAME …:DESCRIPTION …;` groups; text in another form becomes one name without language. */
export function parseLocalizedNames(text: string): readonly LocalizedName[] {
  const names: LocalizedName[] = []
  // Searches, not one expression: a hostile text must not make the reader try every division of it.
  for (const part of text.split(';').slice(0, -1)) {
    const group = part.trimStart()
    const start = groupStart.exec(group)
    const mark = group.indexOf(descriptionMark, start?.[0].length)
    if (start === null || mark < 0) break
    names.push({
      lcid: Number(start[1]),
      name: group.slice(start[0].length, mark),
      description: group.slice(mark + descriptionMark.length),
    })
  }
  if (names.length === 0 && text.trim() !== '') names.push({ lcid: 0, name: text.trim(), description: '' })
  return names
}

/** @throws RightsError `xrml-malformed` for names or descriptions that the form cannot carry */
export function writeLocalizedNames(names: readonly LocalizedName[]): string {
  return names
    .map(({ lcid, name, description }) => {
      if (name.includes(descriptionMark) || name.includes(';') || description.includes(';')) {
        throw new RightsError('xrml-malformed', { detail: 'a template name or description contains ";"' })
      }
      return `LCID ${lcid}:NAME ${name}:DESCRIPTION ${description};\n`
    })
    .join('')
}
