/** XrML documents from a file: plain text as the service or a client wrote it, or the licence inside a protected file. */
import { openFileSource } from '@sealward/client'
import { detectFormat, openProtected, readExactly } from '@sealward/formats'
import { decodeText, licenseLengthMost, parseXrmlChain, RightsError, type XrmlDocument } from '@sealward/xrml'

/** UTF-16 with its byte order mark. */
const textBytesMost = 2 * licenseLengthMost + 2

/** @throws RightsError `file-unreadable`, `license-text-refused`, and the codes of formats, text and XML */
export function readDocuments(path: string): readonly XrmlDocument[] {
  const source = openFileSource(path)
  try {
    if (detectFormat(source).protected) return parseXrmlChain(openProtected(source).licenseText)
    if (source.size > textBytesMost) throw new RightsError('license-text-refused', { detail: `${source.size} bytes` })
    return parseXrmlChain(decodeText(readExactly(source, 0, source.size)))
  } finally {
    source.close()
  }
}
