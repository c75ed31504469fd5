/**
 * What a file is, by its bytes. Names and extensions say nothing: a protected .docx keeps its name, and a .doc may be a
 * ZIP. Detection reads a bounded part of the file.
 */
import { isRightsError } from '@sealward/xrml'
import type { ByteSource } from './byte-source.ts'
import { compoundFileSignature } from './compound-file/header.ts'
import { type CompoundFile, findStream, openCompoundFile } from './compound-file/read.ts'
import { type DataSpaces, readDataSpaces } from './data-spaces/read-data-spaces.ts'
import { isPdf, isProtectedPdf } from './detect-pdf.ts'
import { isInternetMessage, isProtectedInternetMessage, rpmsgMagic } from './detect-mail.ts'
import { formatOfNames } from './office/container-names.ts'
import { pfileMagic } from './pfile/pfile-header.ts'

export type FileFormat =
  | 'office-open-xml'
  | 'office-binary'
  | 'xps'
  | 'pfile'
  | 'pdf'
  | 'rpmsg'
  | 'msg'
  | 'eml'
  | 'password-encrypted-office'
  /** A ZIP or compound file without protection. */
  | 'unprotected'
  /** No mark of any protected format. */
  | 'unknown'

export interface Detection {
  readonly format: FileFormat
  /** Protected by rights management; password encryption does not count. */
  readonly protected: boolean
}

const zipSignature = Uint8Array.of(0x50, 0x4b, 0x03, 0x04)

/**
 * @throws RightsError `compound-file-damaged`, `compound-file-limit-exceeded`, `data-spaces-damaged`,
 * `license-text-refused`, `source-ends-early` for a compound file whose kind cannot be told because it is damaged
 */
export function detectFormat(source: ByteSource): Detection {
  const { format, protected: isProtected } = recognizeFile(source)
  return { format, protected: isProtected }
}

/** A detection with what had to be read for it. */
export interface RecognizedFile extends Detection {
  /** For the protected formats in compound files. */
  readonly spaces?: DataSpaces
}

/** @throws RightsError as `detectFormat` does */
export function recognizeFile(source: ByteSource): RecognizedFile {
  const head = source.read(0, 8)
  if (startsWith(head, compoundFileSignature)) return recognizeCompoundFile(openCompoundFile(source))
  if (startsWith(head, pfileMagic)) return { format: 'pfile', protected: true }
  if (startsWith(head, rpmsgMagic)) return { format: 'rpmsg', protected: true }
  if (startsWith(head, zipSignature)) return { format: 'unprotected', protected: false }
  if (isPdf(source)) return { format: 'pdf', protected: isProtectedPdf(source) }
  if (isInternetMessage(source)) return { format: 'eml', protected: isProtectedInternetMessage(source) }
  return { format: 'unknown', protected: false }
}

/** True for the first bytes of what Office can have inside: a ZIP package or a compound file. */
export function isOfficeMagic(head: Uint8Array): boolean {
  return startsWith(head, zipSignature) || startsWith(head, compoundFileSignature)
}

function recognizeCompoundFile(file: CompoundFile): RecognizedFile {
  if (findStream(file.root, '__properties_version1.0') !== undefined) {
    return { format: 'msg', protected: hasProtectedAttachment(file) }
  }
  try {
    const spaces = readDataSpaces(file)
    return { format: formatOfNames(spaces.contentStream.name, spaces.dataSpace), protected: true, spaces }
  } catch (error) {
    if (isRightsError(error, 'file-not-protected')) return { format: 'unprotected', protected: false }
    if (isRightsError(error, 'file-password-encrypted'))
      return { format: 'password-encrypted-office', protected: false }
    throw error
  }
}

/** The data of an attachment (MS-OXMSG 2.2.2) that is a rights-managed message. */
function hasProtectedAttachment(file: CompoundFile): boolean {
  return [...file.root.children.values()].some((entry) => {
    if (entry.kind !== 'storage' || !entry.name.toLowerCase().startsWith('__attach_version1.0_')) return false
    const data = findStream(entry, '__substg1.0_37010102')
    return data !== undefined && startsWith(file.openStream(data).read(0, rpmsgMagic.length), rpmsgMagic)
  })
}

function startsWith(bytes: Uint8Array, magic: Uint8Array): boolean {
  return bytes.length >= magic.length && magic.every((byte, index) => bytes[index] === byte)
}
