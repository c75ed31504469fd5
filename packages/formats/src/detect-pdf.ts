/**
 * Recognises protected PDF without parsing it: the names of the protection stand in clear text, in the encryption
 * dictionary (the file itself is encrypted) or in the payload's file specification (ISO 32000-2, 7.6.7).
 */
import { type ByteSource, readPieces, sourceRange } from './byte-source.ts'

const headerWindow = 1024
/** Searched at each end of the file: writers put these dictionaries beside the catalogue or the trailer. */
const searchWindow = 8 * 1024 * 1024
const overlap = 256
const protection = /\/(?:Filter|Subtype)\s{0,64}\/MicrosoftIRMServices(?![A-Za-z0-9])/

export function isPdf(source: ByteSource): boolean {
  return Buffer.from(source.read(0, headerWindow)).includes('%PDF-')
}

export function isProtectedPdf(source: ByteSource): boolean {
  const tail = Math.max(searchWindow - overlap, source.size - searchWindow)
  return hasMark(sourceRange(source, 0, searchWindow)) || hasMark(sourceRange(source, tail, searchWindow + overlap))
}

function hasMark(range: ByteSource): boolean {
  let before = ''
  for (const piece of readPieces(range)) {
    const text = before + Buffer.from(piece).toString('latin1')
    if (protection.test(text)) return true
    before = text.slice(-overlap)
  }
  return false
}
