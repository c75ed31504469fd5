/** Containers of protected content: detection, reading, writing, content ciphers. Pure functions of bytes. */
export type { ByteSink, ByteSource, StreamContent } from './byte-source.ts'
export {
  contentOf,
  defaultPieceSize,
  memorySink,
  memorySource,
  readExactly,
  readPieces,
  sourceRange,
} from './byte-source.ts'

export type { CipherModeFacts } from './content-cipher/cipher-mode.ts'
export { cipherModeFromRestName, cipherModes, cipherSize } from './content-cipher/cipher-mode.ts'
export type { ChunkCipher } from './content-cipher/chunk-cipher.ts'
export { createChunkCipher } from './content-cipher/chunk-cipher.ts'
export type { ContentCipher } from './content-cipher/content-cipher.ts'
export type { ContentDecrypter } from './content-cipher/content-decrypter.ts'
export { createContentDecrypter } from './content-cipher/content-decrypter.ts'
export type { ContentEncrypter } from './content-cipher/content-encrypter.ts'
export { createContentEncrypter, encryptContent } from './content-cipher/content-encrypter.ts'
export { decryptRange, encryptRange } from './content-cipher/final-chunk.ts'
export { openContent } from './content-cipher/open-content.ts'

export type { NewEntry, NewStorage, NewStream } from './compound-file/directory-plan.ts'
export type { CompoundEntry, CompoundStorage, CompoundStream } from './compound-file/directory-tree.ts'
export type { CompoundFileVersion } from './compound-file/header.ts'
export type { CompoundFile } from './compound-file/read.ts'
export { findEntry, findStorage, findStream, openCompoundFile } from './compound-file/read.ts'
export { writeCompoundFile } from './compound-file/write.ts'

export type { SensitivityLabel } from './data-spaces/label-info.ts'
export type { UseLicenseStream } from './data-spaces/read-data-spaces.ts'
export type { CachedUseLicense } from './data-spaces/use-license-stream.ts'

export { addUseLicense } from './office/add-use-license.ts'
export type { OfficeFormat } from './office/container-names.ts'
export type { ProtectedOffice } from './office/read-protected-office.ts'
export { readProtectedOffice } from './office/read-protected-office.ts'
export type { NewProtectedOffice, NewUseLicense } from './office/write-protected-office.ts'
export { writeProtectedOffice } from './office/write-protected-office.ts'

export type { PfileHeader } from './pfile/pfile-header.ts'
export { encodePfileHeader, readPfileHeader } from './pfile/pfile-header.ts'
export { originalPfileName, pfileExtension, protectedPfileName } from './pfile/pfile-names.ts'
export type { PfileShape } from './pfile/pfile-shape.ts'
export { pfileShapes } from './pfile/pfile-shape.ts'
export type { CipherRule, Pfile } from './pfile/read-pfile.ts'
export { openPfileContent, readPfile } from './pfile/read-pfile.ts'
export type { NewPfile } from './pfile/write-pfile.ts'
export { writePfile } from './pfile/write-pfile.ts'

export type { Detection, FileFormat } from './detect.ts'
export { detectFormat } from './detect.ts'
export type { OpenedContent, ProtectedFile } from './open-protected.ts'
export { openProtected } from './open-protected.ts'
