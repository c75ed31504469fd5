/** Writes a PFILE front to back with constant memory. */
import { RightsError } from '@sealward/xrml'
import { type ByteSink, type ByteSource, readPieces } from '../byte-source.ts'
import { cipherModes } from '../content-cipher/cipher-mode.ts'
import type { ContentCipher } from '../content-cipher/content-cipher.ts'
import { encryptContent } from '../content-cipher/content-encrypter.ts'
import { checkLicenseSize } from '../license-bytes.ts'
import { encodePfileHeader, unknownSize } from './pfile-header.ts'
import { safePfileExtension } from './pfile-names.ts'
import { type PfileShape, type PfileShapeFacts, pfileShapes } from './pfile-shape.ts'
import { applyCipherRule, pfileCipherRule } from './read-pfile.ts'

export interface NewPfile {
  readonly shape: PfileShape
  /** Original extension with the dot; `.pfile` for a file without one. */
  readonly extension: string
  /** The publishing licence chain, exactly as signed. */
  readonly licenseText: string
  /** Version 2 uses its key with CBC4K, whatever its mode. */
  readonly cipher: ContentCipher
  readonly content: ByteSource
  /** Clear text for everybody. Only in shapes that have the area. */
  readonly metadata?: Uint8Array
}

const byteOrderMark = Uint8Array.of(0xef, 0xbb, 0xbf)

const notice = Buffer.from(
  [
    '',
    '',
    'The content of this file is protected by rights management and cannot be read in this form.',
    'To read it, open the file with an application that supports protected files,',
    'for example the one named by the sender or by your organisation.',
    '',
    'Do not change the file in an editor: after any change it can no longer be opened.',
    '',
    '',
  ].join('\r\n'),
  'ascii',
)

/** @throws RightsError `pfile-field-refused`, `license-text-refused`, `content-key-size-invalid` */
export function writePfile(file: NewPfile, sink: ByteSink): void {
  const facts = pfileShapes[file.shape]
  const extension = Buffer.from(file.extension, 'latin1')
  if (safePfileExtension(extension) !== file.extension) {
    throw new RightsError('pfile-field-refused', { detail: 'the extension' })
  }
  const license = Buffer.from(file.licenseText, 'utf8')
  checkLicenseSize(license.length)
  const metadata = file.metadata ?? new Uint8Array(facts.reservedMetadata)
  if (metadata.length > 0 && facts.headerSize < 40) {
    throw new RightsError('pfile-field-refused', { detail: 'this version has no metadata' })
  }
  const cipher = applyCipherRule(pfileCipherRule(facts.majorVersion), file.cipher)
  sink.write(
    encodePfileHeader({
      majorVersion: facts.majorVersion,
      minorVersion: facts.minorVersion,
      notice,
      headerSize: facts.headerSize,
      extension,
      license: Buffer.concat([byteOrderMark, license, new Uint8Array(facts.licenseNul ? 1 : 0)]),
      originalSize: originalSizeField(facts, cipher, file.content.size),
      metadata,
      unknownFields: new Uint8Array(Math.max(0, facts.headerSize - 40)),
    }),
  )
  for (const piece of encryptContent(cipher, readPieces(file.content))) sink.write(piece)
}

function originalSizeField(facts: PfileShapeFacts, cipher: ContentCipher, size: number): bigint | undefined {
  switch (facts.originalSize) {
    case 'absent':
      return undefined
    case 'exact':
      return BigInt(size)
    case 'zero':
      return 0n
    case 'unpadded':
      return cipherModes[cipher.mode].padding === 'none' ? BigInt(size) : unknownSize
  }
}
