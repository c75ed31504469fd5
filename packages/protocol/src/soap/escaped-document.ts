/** Signed documents as text within a message, where others stand inline. */
import { escapeText } from '@sealward/xrml'

/** A reader turns a bare carriage return into a line feed, which would break the signature. */
export function escapeSignedText(text: string): string {
  return escapeText(text).replaceAll('\r', '&#xD;')
}
