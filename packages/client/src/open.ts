/** Opening a document: detect, licence, decrypt as a stream. Nothing is written unless the caller writes it. */
import { openProtected, readPieces, type ByteSink, type FileFormat } from '@sealward/formats'
import { holds, RightsError } from '@sealward/xrml'
import type { Client } from './client.ts'
import { licenseDocument, type DocumentLicense } from './document-license.ts'
import { openFileSource } from './file-source.ts'

export interface OpenedDocument extends Omit<DocumentLicense, 'cipher'> {
  readonly format: FileFormat
  /** Bytes of the content. */
  readonly size: number
  /** Original extension with the dot, when the container tells. */
  readonly extension: string | undefined
  /** True when fill bytes may follow the content, because neither container nor cipher marks its end. */
  readonly endUnknown: boolean
}

/**
 * Decrypts a document into a sink, piece by piece.
 *
 * ```ts
 * const { rights, owner } = await openDocument(client, 'plan.docx', { write: (bytes) => process.stdout.write(bytes) })
 * ```
 * @throws RightsError `file-not-protected`, `file-unreadable`, `right-missing`, and those of `licenseDocument` and of the
 * formats
 */
export async function openDocument(client: Client, path: string, sink: ByteSink): Promise<OpenedDocument> {
  const source = openFileSource(path)
  try {
    const file = openProtected(source)
    const { cipher, ...license } = await licenseDocument(client, file)
    requireAnyRight(license.rights, ['VIEW', 'EDIT'])
    const content = file.openContent(cipher)
    for (const piece of readPieces(content)) sink.write(piece)
    const { format, extension } = file
    return { ...license, format, extension, size: content.size, endUnknown: content.endUnknown }
  } finally {
    source.close()
  }
}

/**
 * ```ts
 * requireAnyRight(license.rights, ['EXPORT', 'EXTRACT'])
 * ```
 * @throws RightsError `right-missing` unless one of the rights is held
 */
export function requireAnyRight(held: readonly string[], wanted: readonly string[]): void {
  if (!wanted.some((right) => holds(held, right))) {
    throw new RightsError('right-missing', { detail: `one of ${wanted.join(', ')}` })
  }
}
