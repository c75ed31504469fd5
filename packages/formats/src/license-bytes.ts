/**
 * A publishing licence as the containers store it: bytes that go in and out unchanged. Containers differ in BOM and
 * closing NULs, which are no part of the text.
 */
import { decodeText, RightsError } from '@sealward/xrml'
import { type ByteSource, readExactly } from './byte-source.ts'

/** Larger than any licence seen in the field by a factor of four. */
const maxLicenseSize = 4 * 1024 * 1024

/** @throws RightsError `license-text-refused`, `source-ends-early` */
export function readLicenseBytes(source: ByteSource, offset: number, length: number): Uint8Array {
  checkLicenseSize(length)
  return readExactly(source, offset, length)
}

/** @throws RightsError `license-text-refused` */
export function checkLicenseSize(length: number): void {
  if (length === 0 || length > maxLicenseSize) {
    throw new RightsError('license-text-refused', { detail: `${length} bytes` })
  }
}

/**
 * The exact text, without BOM and trailing NULs.
 * @throws RightsError `license-text-refused`
 */
export function decodeLicense(bytes: Uint8Array): string {
  checkLicenseSize(bytes.length)
  let text: string
  try {
    text = decodeText(bytes)
  } catch (cause) {
    throw new RightsError('license-text-refused', { detail: 'not valid text', cause })
  }
  if (text.trim() === '') throw new RightsError('license-text-refused', { detail: 'no text' })
  return text
}
