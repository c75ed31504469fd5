/**
 * A licence inside a JSON message: base64 of its bytes. Protected files keep these bytes and clients send them back as
 * found, so they are never re-encoded. Written licences are UTF-8 with byte order mark, the one form that every client
 * reads; read are also UTF-16LE licences of Windows clients, with or without mark and trailing NUL.
 */
import { decodeText, encodeBase64, RightsError } from '@sealward/xrml'
import { isJsonLicense } from './json-license.ts'
import { requiredBytes, requiredString, type JsonObject } from './members.ts'

export interface SerializedLicense {
  /** Exactly as in the file. */
  readonly bytes: Uint8Array
  /** The XrML documents one after the other, behind an optional XML declaration; or a licence in JSON. */
  readonly text: string
}

const memberName = 'SerializedPublishingLicense'

/** A new licence, in the form for files and messages. */
export function serializeLicense(text: string): SerializedLicense {
  return { bytes: Buffer.from(`\ufeff${text}`, 'utf8'), text }
}

/**
 * A licence of a file for a message: the bytes as found. Only UTF-8 without byte order mark, as Office containers keep it,
 * gets the mark in front, for many readers take such bytes for UTF-16.
 */
export function licenseOfFile(bytes: Uint8Array): Pick<SerializedLicense, 'bytes'> {
  const [first = 0, second = 0] = bytes
  // A mark begins above ASCII, and one of two bytes of UTF-16 is zero.
  const unmarkedUtf8 = first < 0x80 && first !== 0 && second !== 0
  return { bytes: unmarkedUtf8 ? Buffer.concat([Buffer.from('\ufeff', 'utf8'), bytes]) : bytes }
}

function readLicense(bytes: Uint8Array): SerializedLicense {
  const text = decodeText(bytes)
  if (!isJsonLicense(text) && !/^\s*</.test(text))
    throw new RightsError('rest-message-invalid', { detail: `${memberName} must hold a licence` })
  return { bytes, text }
}

/**
 * The licence of a message to a service, from its `SerializedPublishingLicense` member: XrML, or the JSON of a client that
 * published offline, which some put there in plain text instead of base64.
 */
export function publishedLicense(message: JsonObject): SerializedLicense {
  const text = requiredString(message, memberName)
  return isJsonLicense(text)
    ? { bytes: Buffer.from(text, 'utf8'), text }
    : readLicense(requiredBytes(message, memberName))
}

/** The licence of an answer, which is XrML: services make no other. */
export function licenseMember(message: JsonObject): SerializedLicense {
  return requireXrml(publishedLicense(message))
}

export function writeLicenseMember(license: Pick<SerializedLicense, 'bytes'>): JsonObject {
  return { [memberName]: encodeBase64(license.bytes) }
}

function requireXrml(license: SerializedLicense): SerializedLicense {
  if (isJsonLicense(license.text)) throw new RightsError('json-license-unsupported')
  return license
}
