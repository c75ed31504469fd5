/** The work of a parsing process: opens one file through its container, with at most the content keys of that one file. */
import { basename, dirname, join } from 'node:path'
import { openFileSource, removeOriginal, requireUnchanged, unprotectedName, writeFileSafely } from '@sealward/client'
import type { FileSource } from '@sealward/client'
import { detectFormat, openProtected, readPieces, type ContentCipher, type ProtectedFile } from '@sealward/formats'
import { isRightsError } from '@sealward/xrml'
import { inParentFolder } from '../anchored-folder.ts'
import { digestOf } from './digest.ts'
import type {
  ContentHash,
  FilePlace,
  InspectedFile,
  ParserRequest,
  ParserResult,
  WriteOrder,
  WrittenContent,
} from './messages.ts'
import { rewriteFile } from './rewrite-file.ts'

/** @throws RightsError of the formats and of files */
export function answerRequest({ place, task }: ParserRequest): ParserResult {
  return inParentFolder(place.root, place.path, (folder, name) => {
    const path = join(folder, name)
    const source = openFileSource(path)
    try {
      switch (task.kind) {
        case 'inspect':
          return inspect(source)
        case 'digest':
          return digestOf(source)
        case 'hash':
          return hash(source, task.cipher)
        case 'write':
          return write({ source, path, place, cipher: task.cipher, order: task })
        case 'rewrite':
          return rewriteFile({ source, path, place, order: task })
      }
    } finally {
      source.close()
    }
  })
}

/** Damage inside a file that is recognised is a finding, and the format belongs to it. */
function inspect(source: FileSource): InspectedFile {
  const found = { size: source.size, state: source.state }
  const noLicense = { licenseText: undefined, licenseBytes: undefined }
  const nothing = { ...noLicense, extension: undefined, useLicenses: [], labels: [], refusal: undefined }
  try {
    const { format, licenseText, licenseBytes, extension, useLicenses, labels } = openProtected(source)
    const license = { licenseText, licenseBytes, useLicenses }
    return { ...found, ...nothing, format, protected: true, ...license, extension, labels }
  } catch (error) {
    if (!isRightsError(error)) throw error
    const detected = detectFormat(source)
    return { ...found, ...nothing, ...detected, refusal: detected.protected ? error.code : undefined }
  }
}

function hash(source: FileSource, cipher: ContentCipher): ContentHash {
  const content = openProtected(source).openContent(cipher)
  return { ...digestOf(content), endUnknown: content.endUnknown }
}

interface Writing {
  readonly source: FileSource
  /** Good as long as the file's folder is held open. */
  readonly path: string
  readonly place: FilePlace
  readonly cipher: ContentCipher
  readonly order: WriteOrder
}

function write(writing: Writing): WrittenContent {
  const { path, place, order } = writing
  const { state, outputRoot } = order
  requireUnchanged(path, state)
  const file = openProtected(writing.source)
  const name = unprotectedName(basename(place.path), file.format, file.extension)
  const output = join(dirname(place.path), name)
  if (outputRoot !== undefined) {
    const target = (folder: string): WrittenContent => writeTo(join(folder, name), output, file, writing)
    return inParentFolder(outputRoot, output, target, { create: true })
  }
  const target = join(dirname(path), name)
  const written = writeTo(target, output, file, writing)
  if (target !== path) removeOriginal(path, state)
  return written
}

function writeTo(target: string, output: string, file: ProtectedFile, writing: Writing): WrittenContent {
  const { path, cipher, order } = writing
  const content = file.openContent(cipher)
  const written = writeFileSafely({
    path: target,
    existing: target === path ? order.state : 'refuse',
    like: order.state,
    write: (sink) => {
      for (const piece of readPieces(content)) sink.write(piece)
    },
    verify: () => requireUnchanged(path, order.state),
  })
  return { ...written, output, endUnknown: content.endUnknown }
}
