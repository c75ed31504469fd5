/**
 * Strict base64: one canonical spelling per value. A lenient decoder would accept a changed character in the unused bits
 * of the last group, and with it a changed document.
 */
import { RightsError } from '../errors/rights-error.ts'

/** @throws RightsError `xrml-malformed` unless the text is canonical padded base64 in one line. */
export function decodeBase64(text: string, what: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64')
  if (bytes.toString('base64') !== text) throw new RightsError('xrml-malformed', { detail: `${what} is not base64` })
  return bytes
}

export function encodeBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
}
