/** The content key as JSON answers carry it, with the cipher mode for which it is meant. */
import { encodeBase64, type CipherMode } from '@sealward/xrml'
import { invalidMember, requiredBytes, requiredString, type JsonObject } from './members.ts'

/** The protocol has no name for the unpadded form of the 4096-byte mode. */
export type DeliveredMode = Exclude<CipherMode, 'cbc4k-nopad'>

export interface DeliveredKey {
  readonly mode: DeliveredMode
  /** AES key, 16 or 32 bytes. */
  readonly key: Uint8Array
}

const modeNames: Readonly<Record<DeliveredMode, string>> = {
  cbc4k: 'MICROSOFT.CBC4K',
  'cbc512-nopad': 'MICROSOFT.CBC512.NOPADDING',
  ecb: 'MICROSOFT.ECB',
}

/** @throws RightsError `rest-message-invalid` */
export function parseKey(object: JsonObject): DeliveredKey {
  requiredString(object, 'Algorithm')
  const name = requiredString(object, 'CipherMode').toUpperCase()
  const mode = (['cbc4k', 'cbc512-nopad', 'ecb'] as const).find((candidate) => modeNames[candidate] === name)
  if (mode === undefined) throw invalidMember('CipherMode', 'a known mode')
  const key = requiredBytes(object, 'Value')
  if (key.length !== 16 && key.length !== 32) throw invalidMember('Value', 'a key of 16 or 32 bytes')
  return { mode, key }
}

export function writeKey({ mode, key }: DeliveredKey): JsonObject {
  return { Algorithm: 'AES', CipherMode: modeNames[mode], Value: encodeBase64(key) }
}
