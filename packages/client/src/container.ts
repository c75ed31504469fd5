/**
 * Which container a file goes into: packages of Office and XPS keep their name and become a compound file, everything
 * else becomes a PFILE. The first bytes decide together with the name; a ZIP under an old Office name is a package.
 */
import { extname } from 'node:path'
import {
  detectFormat,
  pfileExtension,
  protectedPfileName,
  writePfile,
  writeProtectedOffice,
  type ByteSink,
  type ByteSource,
  type PfileShape,
  type SensitivityLabel,
} from '@sealward/formats'
import { RightsError } from '@sealward/xrml'
import type { CipherChoice, Publication } from './publication.ts'

export type Container = 'office-open-xml' | 'xps' | 'pfile'

const packageExtension = /^\.(?:doc|dot|xls|xlt|xla|ppt|pot|pps|ppa|sld|vsd|vst|vss)[xmb]?$/i
const xpsExtension = /^\.(?:xps|oxps)$/i
const zipSignature = 'PK\x03\x04'

/** @throws RightsError `file-already-protected`, and those of a damaged compound file */
export function chooseContainer(source: ByteSource, name: string): Container {
  const { format, protected: isProtected } = detectFormat(source)
  if (isProtected) throw new RightsError('file-already-protected', { detail: format })
  const isZip = Buffer.from(source.read(0, 4)).toString('latin1') === zipSignature
  const extension = extname(name)
  if (isZip && packageExtension.test(extension)) return 'office-open-xml'
  return isZip && xpsExtension.test(extension) ? 'xps' : 'pfile'
}

/** The name of the protected file. */
export function protectedName(name: string, container: Container): string {
  return container === 'pfile' ? protectedPfileName(name) : name
}

export interface ContainerOptions {
  /**
   * Cipher of documents: `aes256-cbc` as Office writes since 2023 (default), `aes128-ecb` for older Office and Exchange,
   * which leaks repetitions in the content.
   */
  readonly office?: 'aes256-cbc' | 'aes128-ecb'
  /** Version of PFILEs: `3.0` (default), or `2.1` for older readers. */
  readonly pfile?: Extract<PfileShape, '3.0' | '2.1'>
}

export function cipherChoiceOf(container: Container, { office, pfile }: ContainerOptions): CipherChoice {
  if (container === 'pfile') return { mode: 'cbc4k', keyBytes: pfile === '2.1' ? 16 : 32 }
  if (container === 'xps' || office === 'aes128-ecb') return { mode: 'ecb', keyBytes: 16 }
  return { mode: 'cbc4k-nopad', keyBytes: 32 }
}

export interface NewContainer extends ContainerOptions {
  readonly container: Container
  /** Name of the original file. */
  readonly name: string
  readonly content: ByteSource
  readonly publication: Publication
  /** Sensitivity labels of the document, which stay readable for everybody. */
  readonly labels?: readonly SensitivityLabel[]
  /** Bytes for the name of the stream that keeps the author's use licence. */
  readonly random: (count: number) => Uint8Array
}

export function writeContainer(input: NewContainer, sink: ByteSink): void {
  const { container, content, publication } = input
  const { cipher, owner, useLicense } = publication
  const documents = publication.documents.join('')
  if (container === 'pfile') {
    const extension = pfileExtension(input.name)
    const storable = /^\.[A-Za-z0-9_-]{1,32}$/.test(extension) ? extension : '.pfile'
    const shape = input.pfile ?? '3.0'
    writePfile({ shape, extension: storable, licenseText: documents, cipher, content }, sink)
    return
  }
  writeProtectedOffice(
    {
      format: container,
      licenseText: `<?xml version="1.0"?>${documents}`,
      cipher,
      content,
      labels: input.labels ?? [],
      useLicenses:
        useLicense === undefined
          ? []
          : [{ guid: input.random(16), user: { account: 'Windows', name: owner }, certificates: useLicense }],
    },
    sink,
  )
}
