/** Reads a PFILE: header checked, content ready to be opened with the key from the licence. */
import { RightsError } from '@sealward/xrml'
import { type ByteSource, sourceRange } from '../byte-source.ts'
import { cipherModes } from '../content-cipher/cipher-mode.ts'
import type { ContentCipher } from '../content-cipher/content-cipher.ts'
import { openContent } from '../content-cipher/open-content.ts'
import { decodeLicense } from '../license-bytes.ts'
import { type PfileHeader, readPfileHeader, unknownSize } from './pfile-header.ts'
import { safePfileExtension } from './pfile-names.ts'

/** Which mode decrypts: the licence's, or CBC4K with padding whatever the licence says. */
export type CipherRule = 'license-mode' | 'always-cbc4k'

export interface Pfile {
  readonly header: PfileHeader
  readonly licenseText: string
  /** Original extension with the dot, when it is safe in a file name. */
  readonly extension: string | undefined
  /** Plaintext bytes, when the header tells. */
  readonly contentSize: number | undefined
  readonly cipherRule: CipherRule
  readonly ciphertext: ByteSource
}

/** @throws RightsError `pfile-damaged`, `pfile-version-unsupported`, `license-text-refused`, `content-ciphertext-empty` */
export function readPfile(source: ByteSource): Pfile {
  const header = readPfileHeader(source)
  const ciphertext = sourceRange(source, header.contentOffset, source.size - header.contentOffset)
  const cipherRule = pfileCipherRule(header.majorVersion)
  if (cipherRule === 'always-cbc4k' && ciphertext.size === 0) throw new RightsError('content-ciphertext-empty')
  return {
    header,
    licenseText: decodeLicense(header.license),
    extension: safePfileExtension(header.extension),
    contentSize: knownSize(header.originalSize, ciphertext.size),
    cipherRule,
    ciphertext,
  }
}

/** Version 2 was written before licences of files carried a mode that means anything. */
export function pfileCipherRule(majorVersion: number): CipherRule {
  return majorVersion === 2 ? 'always-cbc4k' : 'license-mode'
}

/** The cipher that the rule makes of the licence's key and mode. */
export function applyCipherRule(rule: CipherRule, cipher: ContentCipher): ContentCipher {
  return rule === 'always-cbc4k' ? { mode: 'cbc4k', key: cipher.key } : cipher
}

/**
 * The decrypted content. When the header does not tell the size, the unpadded modes leave up to 15 bytes (4095 in
 * 4096-byte chunks) of fill at the end.
 * @throws RightsError `content-key-mismatch`, `content-size-mismatch`, `content-ciphertext-empty`
 */
export function openPfileContent(pfile: Pfile, cipher: ContentCipher): ByteSource {
  return openContent(applyCipherRule(pfile.cipherRule, cipher), pfile.ciphertext, { plainSize: pfile.contentSize })
}

/** True when the end of the content cannot be told from its fill. */
export function hasUnknownEnd(pfile: Pfile, cipher: ContentCipher): boolean {
  const { mode } = applyCipherRule(pfile.cipherRule, cipher)
  return pfile.contentSize === undefined && cipherModes[mode].padding === 'none'
}

/** Zero stands for unknown too: a client wrote it for files with content. */
function knownSize(field: bigint | undefined, ciphertextSize: number): number | undefined {
  if (field === undefined || field === unknownSize || field === 0n) return undefined
  if (field > BigInt(ciphertextSize)) throw new RightsError('pfile-damaged', { detail: 'original size' })
  return Number(field)
}
