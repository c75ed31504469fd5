/** The parts that every Office Open XML package has: content types, relationships, properties (ECMA-376 part 2). */
import { element, escapeText, textElement } from '@sealward/xrml'
import { type PackagePart, writePackage } from './package.ts'

export const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

export const schemas = 'http://schemas.openxmlformats.org'

const officeRelationships = `${schemas}/officeDocument/2006/relationships`
const packageRelationships = `${schemas}/package/2006/relationships`
const office = 'application/vnd.openxmlformats-officedocument'

/** What a person would see in a document. */
export interface OfficeText {
  readonly title: string
  readonly author: string
  /** Paragraphs, rows or bullet points. */
  readonly lines: readonly string[]
}

export interface OfficePart extends PackagePart {
  /** Content type below `application/vnd.openxmlformats-officedocument`. */
  readonly type: string
}

export interface OfficeContent {
  readonly title: string
  readonly author: string
  /** The first one is the main part. */
  readonly parts: readonly OfficePart[]
  /** Relationships of parts: the part's name, then what it refers to, as `rId1`, `rId2`, … */
  readonly relationships: readonly { readonly from: string; readonly to: readonly Relationship[] }[]
}

export interface Relationship {
  /** Last segment of the relationship type. */
  readonly type: string
  readonly target: string
}

export async function writeOfficePackage(content: OfficeContent): Promise<Uint8Array> {
  const main = content.parts[0]?.name ?? ''
  return writePackage([
    { name: '[Content_Types].xml', text: contentTypes(content.parts) },
    {
      name: '_rels/.rels',
      text: relationships([
        { type: `${officeRelationships}/officeDocument`, target: main },
        { type: `${packageRelationships}/metadata/core-properties`, target: 'docProps/core.xml' },
      ]),
    },
    ...content.parts,
    ...content.relationships.map(({ from, to }) => ({
      name: relationshipPart(from),
      text: relationships(to.map(({ type, target }) => ({ type: `${officeRelationships}/${type}`, target }))),
    })),
    { name: 'docProps/core.xml', text: coreProperties(content) },
  ])
}

function relationshipPart(name: string): string {
  const slash = name.lastIndexOf('/') + 1
  return `${name.slice(0, slash)}_rels/${name.slice(slash)}.rels`
}

function contentTypes(parts: readonly OfficePart[]): string {
  const overrides = parts.map(({ name, type }) =>
    element('Override', { PartName: `/${name}`, ContentType: `${office}.${type}+xml` }),
  )
  return (
    declaration +
    element(
      'Types',
      { xmlns: `${schemas}/package/2006/content-types` },
      element('Default', {
        Extension: 'rels',
        ContentType: 'application/vnd.openxmlformats-package.relationships+xml',
      }),
      element('Default', { Extension: 'xml', ContentType: 'application/xml' }),
      ...overrides,
      element('Override', {
        PartName: '/docProps/core.xml',
        ContentType: 'application/vnd.openxmlformats-package.core-properties+xml',
      }),
    )
  )
}

function relationships(targets: readonly Relationship[]): string {
  const items = targets.map(({ type, target }, index) =>
    element('Relationship', { Id: `rId${index + 1}`, Type: type, Target: target }),
  )
  return declaration + element('Relationships', { xmlns: packageRelationships }, ...items)
}

function coreProperties({ title, author }: OfficeContent): string {
  return (
    declaration +
    element(
      'cp:coreProperties',
      {
        'xmlns:cp': `${schemas}/package/2006/metadata/core-properties`,
        'xmlns:dc': 'http://purl.org/dc/elements/1.1/',
      },
      textElement('dc:title', {}, title),
      textElement('dc:creator', {}, author),
    )
  )
}

/** Text as the content of an element that keeps its blanks. */
export function preserved(name: string, text: string): string {
  return `<${name} xml:space="preserve">${escapeText(text)}</${name}>`
}
