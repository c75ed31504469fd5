/** Limits that the XML reader enforces while it reads; no genuine certificate, licence or message comes near them. */
export interface XmlLimits {
  /** UTF-16 units of the whole text. */
  readonly length: number
  readonly depth: number
  readonly attributesPerElement: number
  readonly elements: number
  readonly characterReferences: number
}

/** The standard of every reader (threat model, limits); a service may be told otherwise. */
export const defaultXmlLimits: XmlLimits = {
  length: 12 * 1024 * 1024,
  depth: 64,
  attributesPerElement: 64,
  elements: 100_000,
  characterReferences: 10_000,
}
