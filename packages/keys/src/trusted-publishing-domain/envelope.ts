/**
 * The outer document of a trusted publishing domain file: two independently encrypted fields, the description of the
 * domain and its private key.
 */
import { createHash } from 'node:crypto'
import { RightsError, decodeText, encodeBase64, textElement } from '@sealward/xrml'
import {
  malformed,
  member,
  onlyItem,
  readSerializedArray,
  structureOf,
  writeSerializedArray,
} from './serialized-array.ts'

export interface TpdEnvelope {
  readonly info: Uint8Array
  /** Absent in keyless files: the key is in hardware or was moved to a PEM file. */
  readonly keyData: Uint8Array | undefined
  /** Element names and lengths, for error reports. */
  readonly structure: string
  /** Lower-case hex. */
  readonly fileSha256: string
}

export interface TpdLimits {
  /** Size of the whole file. */
  readonly fileBytes: number
}

/** Genuine files hold a few certificates and templates; their size is counted in kilobytes. */
export const defaultTpdLimits: TpdLimits = { fileBytes: 32 * 1024 * 1024 }

const envelopeType = 'EncryptedTrustedDocDomain'
const infoName = 'm_strTrustedDocDomainInfo'
const keyDataName = 'm_strKeyData'

/** @throws RightsError `tpd-malformed`, `text-encoding-refused` and the XML codes; none of them depends on the password */
export function readEnvelope(file: Uint8Array, limits: TpdLimits): TpdEnvelope {
  if (file.length > limits.fileBytes) {
    throw new RightsError('xml-limit-exceeded', { detail: `a file of more than ${limits.fileBytes} bytes` })
  }
  const root = readSerializedArray(decodeText(file), limits.fileBytes)
  const item = onlyItem(root, envelopeType)
  const info = decodeField(member(item, infoName)?.text)
  const keyData = decodeField(member(item, keyDataName)?.text)
  if (info === undefined) throw malformed(`${infoName} is empty or not base64`, root)
  if (keyData === undefined) throw malformed(`${keyDataName} is not base64`, root)
  if (info.length === 0) throw malformed(`${infoName} is empty`, root)
  return {
    info,
    keyData: keyData.length === 0 ? undefined : keyData,
    structure: structureOf(root),
    fileSha256: createHash('sha256').update(file).digest('hex'),
  }
}

/** Base64 with line breaks; empty for an absent field, `undefined` for anything that is not base64. */
function decodeField(text: string | undefined): Uint8Array | undefined {
  const joined = (text ?? '').replaceAll(/[ \t\r\n]+/g, '')
  const bytes = Buffer.from(joined, 'base64')
  return bytes.toString('base64') === joined ? bytes : undefined
}

/** Without key data the key field is written empty. */
export function writeEnvelope(fields: Pick<TpdEnvelope, 'info' | 'keyData'>): Uint8Array {
  const text = writeSerializedArray(
    envelopeType,
    textElement(infoName, {}, encodeBase64(fields.info)),
    textElement(keyDataName, {}, fields.keyData === undefined ? '' : encodeBase64(fields.keyData)),
  )
  return Buffer.from(text, 'utf8')
}
