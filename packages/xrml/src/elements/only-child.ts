/**
 * Elements that stand once. A second one is refused: another reader could take that one, and rights data, which blocks of
 * cipher text can be copied within, would say two things at once (threats C5, X4).
 */
import { RightsError } from '../errors/rights-error.ts'
import type { XmlElement } from '../text/element.ts'

/** The child with that name, if there is one. @throws RightsError `xrml-malformed` if there are more */
export function onlyChild(element: XmlElement | undefined, name: string): XmlElement | undefined {
  let found: XmlElement | undefined
  for (const candidate of element?.children ?? []) {
    if (candidate.local !== name) continue
    if (found !== undefined) throw new RightsError('xrml-malformed', { detail: `more than one ${name}` })
    found = candidate
  }
  return found
}

/** Follows a path of names, each of which stands once. @throws RightsError `xrml-malformed` */
export function onlyDescendant(element: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined {
  return path.reduce<XmlElement | undefined>((at, name) => onlyChild(at, name), element)
}
