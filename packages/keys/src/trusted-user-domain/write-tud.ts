/** Writes the file of a trusted user domain: public certificates only. */

/**
 * Deviation: the form of the original is not published; an XrML chain in UTF-8 is what `readTud` understands first.
 * @param chain exact texts of the licensor certificate and its issuers, licensor first
 */
export function writeTud(chain: readonly string[]): Uint8Array {
  return Buffer.from(chain.join('\n'), 'utf8')
}
