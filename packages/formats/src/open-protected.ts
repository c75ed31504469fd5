/** One entry for every protected format that can be read: what a caller needs to find the key, then the content. */
import { RightsError } from '@sealward/xrml'
import type { ByteSource } from './byte-source.ts'
import type { ContentCipher } from './content-cipher/content-cipher.ts'
import { openContent } from './content-cipher/open-content.ts'
import type { SensitivityLabel } from './data-spaces/label-info.ts'
import type { UseLicenseStream } from './data-spaces/read-data-spaces.ts'
import { type FileFormat, isOfficeMagic, recognizeFile } from './detect.ts'
import { type ProtectedOffice, protectedOfficeOf } from './office/read-protected-office.ts'
import { type CipherRule, hasUnknownEnd, openPfileContent, readPfile } from './pfile/read-pfile.ts'

export interface ProtectedFile {
  readonly format: FileFormat
  /** The publishing licence chain as one text: exact, without BOM and trailing NULs. */
  readonly licenseText: string
  /** The same as stored, for services that want it so. */
  readonly licenseBytes: Uint8Array
  /** Plaintext bytes, when the container tells. */
  readonly contentSize: number | undefined
  /** Original extension with the dot, when the container tells and it is safe in a file name. */
  readonly extension: string | undefined
  readonly cipherRule: CipherRule
  readonly ciphertextSize: number
  readonly useLicenses: readonly UseLicenseStream[]
  readonly labels: readonly SensitivityLabel[]
  /**
   * The decrypted content, readable by range.
   * @throws RightsError `content-key-mismatch` when the content shows that key or mode is wrong,
   * `content-size-mismatch`, `content-ciphertext-empty`, `content-key-size-invalid`
   */
  openContent(cipher: ContentCipher): OpenedContent
}

export interface OpenedContent extends ByteSource {
  /** True when fill bytes may follow the content: the container does not tell the size and the mode does not mark it. */
  readonly endUnknown: boolean
}

/**
 * @throws RightsError `file-not-protected`, `file-password-encrypted`, `format-not-readable` (PDF and mail), and what the
 * reader of the format throws
 */
export function openProtected(source: ByteSource): ProtectedFile {
  const { format, protected: isProtected, spaces } = recognizeFile(source)
  if (format === 'password-encrypted-office') throw new RightsError('file-password-encrypted')
  if (!isProtected) throw new RightsError('file-not-protected')
  if (format === 'pfile') return protectedPfile(source)
  if (spaces !== undefined) return protectedOffice(protectedOfficeOf(spaces))
  throw new RightsError('format-not-readable', { detail: format })
}

function protectedPfile(source: ByteSource): ProtectedFile {
  const pfile = readPfile(source)
  const { licenseText, contentSize, extension, cipherRule, ciphertext } = pfile
  return {
    format: 'pfile',
    licenseText,
    licenseBytes: pfile.header.license,
    contentSize,
    extension,
    cipherRule,
    ciphertextSize: ciphertext.size,
    useLicenses: [],
    labels: [],
    openContent: (cipher) => ({ ...openPfileContent(pfile, cipher), endUnknown: hasUnknownEnd(pfile, cipher) }),
  }
}

function protectedOffice(office: ProtectedOffice): ProtectedFile {
  const { format, license, licenseText, contentSize, ciphertext, useLicenses, labels } = office
  return {
    format,
    licenseText,
    licenseBytes: license,
    contentSize,
    extension: undefined,
    cipherRule: 'license-mode',
    ciphertextSize: ciphertext.size,
    useLicenses,
    labels,
    openContent: (cipher) => openOfficeContent(office, cipher),
  }
}

/** Office content always starts with the signature of a package: the only check that these formats offer. */
function openOfficeContent(office: ProtectedOffice, cipher: ContentCipher): OpenedContent {
  const content = openContent(cipher, office.ciphertext, { plainSize: office.contentSize })
  if (!isOfficeMagic(content.read(0, 8))) {
    throw new RightsError('content-key-mismatch', { detail: 'neither a ZIP package nor a compound file inside' })
  }
  return { ...content, endUnknown: false }
}
