/**
 * A protected file under another licence: the content goes from one cipher to the other in memory, a piece at a time, and
 * is never written in clear. The file gets its name only after the content inside has been read back and compared.
 */
import { randomBytes } from 'node:crypto'
import { basename, dirname, join } from 'node:path'
import { requireUnchanged, writeContainer, writeFileSafely, type Container, type FileSource } from '@sealward/client'
import { openProtected, originalPfileName, type FileFormat } from '@sealward/formats'
import { RightsError } from '@sealward/xrml'
import { inParentFolder } from '../anchored-folder.ts'
import { digestOf } from './digest.ts'
import type { FilePlace, RewriteOrder, WrittenContent } from './messages.ts'

export interface Rewriting {
  readonly source: FileSource
  /** Good as long as the file's folder is held open. */
  readonly path: string
  readonly place: FilePlace
  readonly order: RewriteOrder
}

/** @throws RightsError of the formats, `format-not-writable`, `file-verification-failed`, and those of writing */
export function rewriteFile(rewriting: Rewriting): WrittenContent {
  const { path, place, order } = rewriting
  requireUnchanged(path, order.state)
  if (order.outputRoot === undefined) return rewriteTo(path, rewriting)
  return inParentFolder(order.outputRoot, place.path, (folder, name) => rewriteTo(join(folder, name), rewriting), {
    create: true,
  })
}

/** @throws RightsError `format-not-writable` */
export function containerOfFormat(format: FileFormat): Container {
  if (format === 'office-open-xml' || format === 'xps' || format === 'pfile') return format
  throw new RightsError('format-not-writable', { detail: format })
}

function rewriteTo(target: string, { source, path, place, order }: Rewriting): WrittenContent {
  const { cipher, publication, state } = order
  const file = openProtected(source)
  const content = file.openContent(cipher)
  const outer = basename(place.path)
  const written = writeFileSafely({
    path: target,
    existing: target === path ? state : 'refuse',
    like: state,
    write: (sink) =>
      writeContainer(
        {
          ...order.container,
          container: containerOfFormat(file.format),
          name: file.format === 'pfile' ? originalPfileName(outer, file.extension) : outer,
          content,
          publication,
          labels: file.labels,
          random: randomBytes,
        },
        sink,
      ),
    verify(copy) {
      const again = digestOf(openProtected(copy).openContent(publication.cipher))
      const { size, sha256 } = digestOf(content)
      if (again.size !== size || again.sha256 !== sha256) throw new RightsError('file-verification-failed')
      requireUnchanged(path, state)
    },
  })
  return { ...written, output: join(dirname(place.path), outer), endUnknown: content.endUnknown }
}
