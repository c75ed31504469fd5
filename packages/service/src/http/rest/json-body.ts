/** The text of a JSON request: UTF-8 and nothing else (RFC 8259, 8.1). */
import { RightsError } from '@sealward/xrml'

const jsonType = /^\s*application\/(?:[\w.-]+\+)?json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?;?\s*$/i

/** @throws RightsError `request-malformed` for another content type, `text-encoding-refused` */
export function jsonBody(body: Uint8Array, contentType: string | undefined): string {
  if (contentType !== undefined && !jsonType.test(contentType)) {
    throw new RightsError('request-malformed', { detail: 'the Content-Type is not that of JSON' })
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch (cause) {
    throw new RightsError('text-encoding-refused', { cause })
  }
}
