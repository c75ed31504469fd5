/**
 * A licence inside a JSON message: base64 of its bytes. Protected files keep these bytes and clients send them back as
 * found, so they are never re-encoded. Written licences are UTF-8 with byte order mark, the one form that every client
 * reads; read are also UTF-16LE licences of Windows clients, with or without mark and trailing NUL.
 */
import { decodeText, encodeBase64, RightsError } from '@sealward/xrml'
import { requiredBytes, requiredString, type JsonObject } from './members.ts'

export interface SerializedLicense {
  /** Exactly as in the file. */
  readonly bytes: Uint8Array
  /** The XrML documents one after the other, behind an optional XML declaration. */
  readonly text: string
}

const memberName = 'SerializedPublishingLicense'

/** A new licence, in the form for files and messages. */
export function serializeLicense(text: string): SerializedLicense {
  return { bytes: Buffer.from(`\ufeff${text}`, 'utf8'), text }
}

/** @throws RightsError `rest-message-invalid`, `json-license-unsupported`, `text-encoding-refused` */
export function readSerializedLicense(bytes: Uint8Array): SerializedLicense {
  const text = decodeText(bytes)
  refuseJsonLicense(text)
  if (!/^\s*</.test(text)) throw new RightsError('rest-message-invalid', { detail: `${memberName} must hold XrML` })
  return { bytes, text }
}

/** The licence of a message, from its `SerializedPublishingLicense` member. */
export function licenseMember(message: JsonObject): SerializedLicense {
  refuseJsonLicense(requiredString(message, memberName))
  return readSerializedLicense(requiredBytes(message, memberName))
}

export function writeLicenseMember(license: Pick<SerializedLicense, 'bytes'>): JsonObject {
  return { [memberName]: encodeBase64(license.bytes) }
}

/** A preview client publishes offline with a licence in JSON, and sends it in plain text or in base64. */
function refuseJsonLicense(text: string): void {
  if (/^\ufeff?\s*\{/.test(text)) throw new RightsError('json-license-unsupported')
}
