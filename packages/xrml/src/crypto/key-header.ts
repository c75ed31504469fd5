/**
 * KeyHeader (MS-RMPR 2.2.9.1.13.1): twelve bytes before a symmetric key that say how it is used. A use licence repeats
 * header and key of the publishing licence byte for byte, so the raw payload is kept beside the parsed view.
 */
import { RightsError } from '../errors/rights-error.ts'
import { keyHeaderFlags } from './unconfirmed.ts'

/** Cipher modes of content by the number in `Reserved`. */
export const cipherModeNumbers = {
  ecb: 0xffff,
  'cbc4k-nopad': 0xfffe,
  cbc4k: 0xfffd,
  'cbc512-nopad': 0xfffc,
} as const

export type CipherMode = keyof typeof cipherModeNumbers

export interface ContentKey {
  readonly mode: CipherMode
  /** AES key of 16, 24 or 32 bytes. */
  readonly key: Uint8Array
  /** KeyHeader and key exactly as they were sealed. */
  readonly payload: Uint8Array
}

const headerBytes = 12

export function writeContentKey(mode: CipherMode, key: Uint8Array): ContentKey {
  const payload = Buffer.alloc(headerBytes + key.length)
  payload.writeUInt16LE(headerBytes + key.length, 0)
  payload.writeUInt16LE(cipherModeNumbers[mode], 2)
  payload.writeUInt16LE(key.length, 4)
  payload.writeUInt16LE(16, 6)
  payload.writeUInt32LE(mode === 'ecb' ? keyHeaderFlags.ecb : keyHeaderFlags.cbc, 8)
  payload.set(key, headerBytes)
  return { mode, key, payload }
}

/** The numbers of a KeyHeader as written, with the names of the specification. */
export interface KeyHeaderFields {
  readonly blobSize: number
  /** Cipher mode. */
  readonly reserved: number
  readonly keySize: number
  readonly blockSize: number
  readonly flags: number
}

/** Reads the numbers without judging them; undefined if there are too few bytes. */
export function keyHeaderFields(bytes: Uint8Array): KeyHeaderFields | undefined {
  if (bytes.length < headerBytes) return undefined
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, headerBytes)
  return {
    blobSize: view.readUInt16LE(0),
    reserved: view.readUInt16LE(2),
    keySize: view.readUInt16LE(4),
    blockSize: view.readUInt16LE(6),
    flags: view.readUInt32LE(8),
  }
}

/**
 * Reads a sealed payload. The key length comes from the header's total size, because the length field is written in bytes
 * by some and in bits by others; the flags are ignored.
 * @throws RightsError `sealed-data-invalid`, `symmetric-key-unsupported` (DES and other sizes)
 */
export function readContentKey(payload: Uint8Array): ContentKey {
  const header = keyHeaderFields(payload)
  const keyBytes = (header?.blobSize ?? 0) - headerBytes
  if (header === undefined || header.blobSize > payload.length || keyBytes < 8) {
    throw new RightsError('sealed-data-invalid')
  }
  const mode = modeOfNumber(header.reserved)
  if (![16, 24, 32].includes(keyBytes) || header.blockSize !== 16) throw new RightsError('symmetric-key-unsupported')
  if (header.keySize !== keyBytes && header.keySize !== keyBytes * 8) throw new RightsError('sealed-data-invalid')
  return { mode, key: payload.subarray(headerBytes, header.blobSize), payload: payload.subarray(0, header.blobSize) }
}

function modeOfNumber(value: number): CipherMode {
  for (const [mode, number] of Object.entries(cipherModeNumbers)) {
    if (number === value) return mode as CipherMode
  }
  throw new RightsError('symmetric-key-unsupported', { detail: `cipher mode ${value.toString(16)}` })
}
