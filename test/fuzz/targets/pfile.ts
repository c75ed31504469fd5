/** PFILE: header, names, and the content under a key that does not fit. */
import { detectFormat, memorySource, openProtected, readPieces } from '@sealward/formats'
import { onlyTypedErrors } from './only-typed-errors.ts'

const key = new Uint8Array(16).fill(7)

export function fuzz(bytes: Uint8Array): void {
  const source = memorySource(bytes)
  onlyTypedErrors(() => void detectFormat(source))
  onlyTypedErrors(() => {
    const content = openProtected(source).openContent({ mode: 'cbc4k', key })
    for (const piece of readPieces(content)) if (piece.length === 0) return
  })
}
