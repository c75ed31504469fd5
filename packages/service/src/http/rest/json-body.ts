/** The text of a JSON request: UTF-8 and nothing else (RFC 8259, 8.1). */
import { RightsError } from '@sealward/xrml'

const jsonType = /^\s*application\/(?:[\w.-]+\+)?json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?;?\s*$/i

/**
 * @param depthMost levels of lists and objects
 * @throws RightsError `request-malformed` for another content type or deeper nesting, `text-encoding-refused`
 */
export function jsonBody(body: Uint8Array, contentType: string | undefined, depthMost: number): string {
  if (contentType !== undefined && !jsonType.test(contentType)) {
    throw new RightsError('request-malformed', { detail: 'the Content-Type is not that of JSON' })
  }
  if (depthOf(body) > depthMost) {
    throw new RightsError('request-malformed', { detail: `JSON nested deeper than ${depthMost} levels` })
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch (cause) {
    throw new RightsError('text-encoding-refused', { cause })
  }
}

const [quote, backslash] = Buffer.from('"\\')
const opening = new Set(Buffer.from('[{'))
const closing = new Set(Buffer.from(']}'))

/** Counted before it is parsed. In UTF-8 these characters are never part of another one. */
function depthOf(body: Uint8Array): number {
  let depth = 0
  let deepest = 0
  let quoted = false
  for (let at = 0; at < body.length; at++) {
    const byte = body[at] ?? 0
    if (byte === quote) quoted = !quoted
    else if (quoted) at += byte === backslash ? 1 : 0
    else if (opening.has(byte)) deepest = Math.max(deepest, ++depth)
    else if (closing.has(byte)) depth--
  }
  return deepest
}
