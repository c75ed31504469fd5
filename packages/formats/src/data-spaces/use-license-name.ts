/**
 * Names of the streams that hold cached use licences: `EUL-` and a GUID in base 32, least significant bit first
 * (MS-OFFCRYPTO 2.2.7). Readers accept any name with the prefix and never need the GUID back.
 */
import { RightsError } from '@sealward/xrml'

export const useLicensePrefix = 'EUL-'
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const guidSize = 16

/** @param guid 16 random bytes */
export function encodeUseLicenseName(guid: Uint8Array): string {
  if (guid.length !== guidSize) throw new RightsError('compound-file-entry-refused', { detail: 'a GUID has 16 bytes' })
  let name = useLicensePrefix
  for (let bit = 0; bit < guidSize * 8; bit += 5) {
    const pair = (guid[bit >> 3] ?? 0) | ((guid[(bit >> 3) + 1] ?? 0) << 8)
    name += alphabet.charAt((pair >> (bit & 7)) & 31)
  }
  return name
}
