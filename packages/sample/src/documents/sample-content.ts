/** What the documents of the sample contain: invented, different in every document, and small. */
import type { RandomBytes } from '../randomness.ts'
import { type OfficeKind, writeOfficeDocument } from '../contents/office-documents.ts'
import { writeJpeg, writePng } from '../contents/pictures.ts'
import { writePortableDocument } from '../contents/portable-document.ts'

export type ContentKind = OfficeKind | 'txt' | 'csv' | 'xml' | 'jpg' | 'png' | 'dwg' | 'pdf'

/** A page of text. */
export const defaultContentSize = 12

export interface ContentRequest {
  readonly kind: ContentKind
  readonly title: string
  readonly author: string
  /** Lines of text, kilobytes of drawing, blocks of picture. */
  readonly size: number
  /** Makes the content of equal titles different. */
  readonly seed: number
  readonly random: RandomBytes
}

const subjects = ['The team', 'The auditor', 'Our supplier', 'The council', 'Night shift', 'A customer', 'The harbour']
const verbs = ['agreed to', 'asked about', 'postponed', 'measured', 'paid for', 'could not explain', 'approved']
const things = [
  'the new pumps',
  'last quarter',
  'the ferry timetable',
  'three deviations',
  'the lease',
  'the wing test',
]

function sentence(seed: number): string {
  const pick = (list: readonly string[], step: number): string => list[Math.floor(seed / step) % list.length] ?? ''
  return `${seed}. ${pick(subjects, 1)} ${pick(verbs, 7)} ${pick(things, 3)} on day ${(seed * 37) % 365}.`
}

export async function writeContent(request: ContentRequest): Promise<Uint8Array> {
  const { kind, title, author, size, seed, random } = request
  const lines = (): readonly string[] => Array.from({ length: size }, (_, index) => sentence(seed * 1009 + index))
  switch (kind) {
    case 'docx':
    case 'xlsx':
    case 'pptx':
      return writeOfficeDocument(kind, { title, author, lines: lines() })
    case 'txt':
      return Buffer.from(`${[title, ...lines()].join('\r\n')}\r\n`)
    case 'csv':
      return Buffer.from(
        lines()
          .map((line, index) => `${index};"${line}";${(index * 7919) % 10_007}\r\n`)
          .join(''),
      )
    case 'xml':
      return Buffer.from(
        `<?xml version="1.0"?>\n<report>${lines()
          .map((line) => `<line>${line}</line>`)
          .join('\n')}</report>\n`,
      )
    case 'jpg':
      return writeJpeg(1 + (seed % 12))
    case 'png':
      return writePng(size * 4, seed)
    case 'dwg':
      // The mark of the drawing format, then data that does not compress, as in real drawings.
      return Buffer.concat([Buffer.from('AC1027\0\0'), random(size * 1024)])
    case 'pdf':
      return writePortableDocument(title)
  }
}
