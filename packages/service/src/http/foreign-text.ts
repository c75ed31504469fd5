/**
 * Words of a client (its application's name, a header) before they go into a log: shortened, and without characters that
 * steer a terminal or turn the direction of writing (control and format characters).
 */
const longest = 200

export function foreignText(text: string): string {
  return text.slice(0, longest).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '\ufffd')
}
