/** Protected documents in compound files: Office Open XML, Office binary, XPS (MS-OFFCRYPTO 2.2). */
import type { ByteSource } from '../byte-source.ts'
import { type CompoundFile, openCompoundFile } from '../compound-file/read.ts'
import type { SensitivityLabel } from '../data-spaces/label-info.ts'
import { type DataSpaces, readDataSpaces, type UseLicenseStream } from '../data-spaces/read-data-spaces.ts'
import { decodeLicense } from '../license-bytes.ts'
import { formatOfNames, type OfficeFormat } from './container-names.ts'
import { readContentStream } from './content-stream.ts'

export interface ProtectedOffice {
  readonly format: OfficeFormat
  /** The publishing licence chain as stored. */
  readonly license: Uint8Array
  readonly licenseText: string
  /** Plaintext bytes. */
  readonly contentSize: number
  readonly ciphertext: ByteSource
  readonly useLicenses: readonly UseLicenseStream[]
  readonly labels: readonly SensitivityLabel[]
  readonly dataSpace: string
  readonly transformName: string
  /** The container itself, for streams that only some readers need (properties, placeholder document). */
  readonly file: CompoundFile
}

/**
 * @throws RightsError `file-not-protected`, `file-password-encrypted`, `compound-file-damaged`,
 * `compound-file-limit-exceeded`, `data-spaces-damaged`, `content-stream-damaged`, `license-text-refused`
 */
export function readProtectedOffice(source: ByteSource): ProtectedOffice {
  return protectedOfficeOf(readDataSpaces(openCompoundFile(source)))
}

/** @throws RightsError `content-stream-damaged`, `license-text-refused`, `compound-file-damaged` */
export function protectedOfficeOf(spaces: DataSpaces): ProtectedOffice {
  const { file, contentStream, dataSpace, transformName, transform, useLicenses, labels } = spaces
  return {
    format: formatOfNames(contentStream.name, dataSpace),
    license: transform.license,
    licenseText: decodeLicense(transform.license),
    ...readContentStream(file.openStream(contentStream)),
    useLicenses,
    labels,
    dataSpace,
    transformName,
    file,
  }
}
