/** An XML element as the reader gives it: a tree of values over the exact source characters. */

/** Offsets count UTF-16 units of `source`; ranges are half-open. */
export interface XmlElement {
  /** The qualified name as written. */
  readonly name: string
  readonly local: string
  /** Namespace name, empty for none. */
  readonly namespace: string
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly XmlElement[]
  /** Direct character data, references resolved, line ends normalised. */
  readonly text: string
  readonly source: string
  readonly start: number
  readonly end: number
  readonly innerStart: number
  readonly innerEnd: number
}

/** The element's exact source characters, tags included. */
export function rawElement(element: XmlElement): string {
  return element.source.slice(element.start, element.end)
}

/** The exact source characters between the element's tags. */
export function rawContent(element: XmlElement): string {
  return element.source.slice(element.innerStart, element.innerEnd)
}

/** The first child with that local name. */
export function child(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((candidate) => candidate.local === name)
}

/** All children with that local name, in document order. */
export function children(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return element?.children.filter((candidate) => candidate.local === name) ?? []
}

/** Follows a path of local names, taking the first child at each step. */
export function descendant(element: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined {
  return path.reduce<XmlElement | undefined>((at, name) => child(at, name), element)
}
