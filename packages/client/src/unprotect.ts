/**
 * Taking protection off: for holders of a right to remove it, for super users, to whom the service gives OWNER, and for
 * those to whom a decommissioned cluster gives content keys. The original stays until its successor has been written, flushed and read back.
 */
import { basename, dirname, join } from 'node:path'
import { openProtected, originalPfileName, readPieces, type FileFormat } from '@sealward/formats'
import { removalRights, RightsError } from '@sealward/xrml'
import type { Client } from './client.ts'
import { licenseDocument } from './document-license.ts'
import { requireSafeName } from './file-name.ts'
import { openFileSource } from './file-source.ts'
import { requireAnyRight } from './open.ts'
import { recoverDocument } from './recover-document.ts'
import { removeOriginal, requireUnchanged, writeFileSafely, type Written } from './safe-write.ts'

export interface UnprotectOptions {
  /** Default: beside the original, under the name without the mark of protection. */
  readonly output?: string
  /** `replace` removes the protected file, or writes over it when the name stays the same. Default `keep`. */
  readonly original?: 'keep' | 'replace'
  /** Ask a decommissioned cluster for the content key instead of a licence. Default false. */
  readonly decommissioned?: boolean
  /** Write over a file that stands at the output already. */
  readonly overwrite?: boolean
}

export interface UnprotectedFile extends Written {
  readonly path: string
  readonly format: FileFormat
  readonly owner: string | undefined
  /** True when fill bytes may follow the content. */
  readonly endUnknown: boolean
}

/**
 * Writes the exact original bytes of a protected file.
 *
 * ```ts
 * await unprotectFile(client, 'plan.docx', { output: 'plan-open.docx' })
 * ```
 * @throws RightsError `right-missing`, `file-exists`, `file-changed-meanwhile`, `file-name-refused`, `file-not-written`,
 * and those of `openDocument`, or of `recoverDocument`
 */
export async function unprotectFile(
  client: Client,
  path: string,
  options: UnprotectOptions = {},
): Promise<UnprotectedFile> {
  const source = openFileSource(path)
  try {
    const file = openProtected(source)
    const output = options.output ?? join(dirname(path), unprotectedName(basename(path), file.format, file.extension))
    const replaces = options.original === 'replace'
    const inPlace = output === path
    if (inPlace && !replaces) throw new RightsError('file-exists')
    const { cipher, rights, owner } =
      options.decommissioned === true
        ? await recoverDocument(client, file)
        : await licenseDocument(client, file, removalRights)
    requireAnyRight(rights, removalRights)
    const content = file.openContent(cipher)
    const written = writeFileSafely({
      path: output,
      existing: inPlace ? source.state : options.overwrite === true ? 'overwrite' : 'refuse',
      like: source.state,
      write: (sink) => {
        for (const piece of readPieces(content)) sink.write(piece)
      },
      verify: () => requireUnchanged(path, source.state),
    })
    if (replaces && !inPlace) removeOriginal(path, source.state)
    return { ...written, path: output, format: file.format, owner, endUnknown: content.endUnknown }
  } finally {
    source.close()
  }
}

/**
 * The name of a file without its protection. Documents keep theirs; PFILEs get back the extension from their header,
 * which is somebody else's word and must make one safe name.
 *
 * ```ts
 * unprotectedName('notes.ptxt', 'pfile', '.txt') // 'notes.txt'
 * ```
 * @throws RightsError `file-name-refused`
 */
export function unprotectedName(name: string, format: FileFormat, extension: string | undefined): string {
  if (format !== 'pfile') return name
  const original = originalPfileName(name, extension)
  if (original !== name) requireSafeName(original)
  return original
}
