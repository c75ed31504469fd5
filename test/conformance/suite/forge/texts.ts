/** Small changes to certificates and licences as text. */
import { modeOfKey, parseXrml, signXrml, type KeyHandle } from '@sealward/xrml'

/** Well-formed, and no certificate of any kind. */
export const noCertificate = '<XrML version="1.2" xmlns=""><BODY type="LICENSE" version="3.0"></BODY></XrML>'

/** Another issue time under the same signature. @throws Error if the text has none */
export function tampered(text: string): string {
  return replaced(text, /<ISSUEDTIME>(\d)/, (_, digit: string) => `<ISSUEDTIME>${digit === '1' ? 2 : 1}`)
}

/** With another body, signed anew by the same issuer. */
export async function resigned(
  text: string,
  key: KeyHandle,
  order: 'client' | 'server',
  change: (body: string) => string,
): Promise<string> {
  const body = change(parseXrml(text).bodyText)
  return signXrml({ body, key, hash: modeOfKey(key.publicKey).hash, order })
}

/** @throws Error if nothing matches: a row must not pass because nothing was changed */
export function replaced(text: string, pattern: RegExp, by: string | ((...parts: string[]) => string)): string {
  const changed = typeof by === 'string' ? text.replace(pattern, by) : text.replace(pattern, by)
  if (changed === text) throw new Error(`nothing to change: ${pattern.source}`)
  return changed
}
