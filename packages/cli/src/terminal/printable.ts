/**
 * Text from files, licences and servers is hostile: control characters move the cursor or rename the window, direction
 * characters turn names around, invisible ones hide differences. All are shown as escapes (threat N5).
 */

const hostile =
  // oxlint-disable-next-line no-control-regex -- the point of the expression
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

/** One line that a terminal shows as it is. */
export function printable(text: string): string {
  return text.replace(hostile, escaped)
}

/** JSON in one line; the same escapes are part of the language, so the value stays the same. */
export function printableJson(value: unknown): string {
  return JSON.stringify(value).replace(hostile, escaped)
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
