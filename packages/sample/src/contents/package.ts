/** ZIP packages whose bytes depend on their parts alone: fixed time stamps, fixed order. */
import { ZipFile } from 'yazl'

export interface PackagePart {
  readonly name: string
  readonly text: string
}

/** Without seconds and zone, as the format of ZIP stores it. */
const stamp = new Date(2010, 0, 4, 9, 0, 0)

export async function writePackage(parts: readonly PackagePart[]): Promise<Uint8Array> {
  const zip = new ZipFile()
  for (const { name, text } of parts) {
    zip.addBuffer(Buffer.from(text, 'utf8'), name, { mtime: stamp, forceDosTimestamp: true, mode: 0o100644 })
  }
  zip.end()
  const pieces: Buffer[] = []
  for await (const piece of zip.outputStream) pieces.push(Buffer.from(piece))
  return Buffer.concat(pieces)
}
