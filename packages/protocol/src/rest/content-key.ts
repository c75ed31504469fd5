/** The content key as JSON answers carry it, with the cipher mode for which it is meant. */
import { encodeBase64, type CipherMode } from '@sealward/xrml'
import { invalidMember, requiredBytes, requiredString, type JsonObject } from './members.ts'

export interface DeliveredKey {
  readonly mode: CipherMode
  /** AES key, 16 or 32 bytes. */
  readonly key: Uint8Array
}

/** Clients of the first generations know no name for the unpadded 4096-byte mode; they refuse it, as they must. */
const modeNames: Readonly<Record<CipherMode, string>> = {
  cbc4k: 'MICROSOFT.CBC4K',
  'cbc4k-nopad': 'MICROSOFT.CBC4K.NOPADDING',
  'cbc512-nopad': 'MICROSOFT.CBC512.NOPADDING',
  ecb: 'MICROSOFT.ECB',
}

const modes = Object.keys(modeNames) as readonly CipherMode[]

/** @throws RightsError `rest-message-invalid` */
export function parseKey(object: JsonObject): DeliveredKey {
  requiredString(object, 'Algorithm')
  const name = requiredString(object, 'CipherMode').toUpperCase()
  const mode = modes.find((candidate) => modeNames[candidate] === name)
  if (mode === undefined) throw invalidMember('CipherMode', 'a known mode')
  const key = requiredBytes(object, 'Value')
  if (key.length !== 16 && key.length !== 32) throw invalidMember('Value', 'a key of 16 or 32 bytes')
  return { mode, key }
}

export function writeKey({ mode, key }: DeliveredKey): JsonObject {
  return { Algorithm: 'AES', CipherMode: modeNames[mode], Value: encodeBase64(key) }
}
