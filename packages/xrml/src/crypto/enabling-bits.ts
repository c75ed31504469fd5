/**
 * ENABLINGBITS (MS-RMPR 2.2.9.1.13): a payload sealed to an RSA key through a fresh AES-128 session key, bound by a hash
 * to the element around it. Used for content keys (publishing and use licences) and for private keys (account and client
 * licensor certificates).
 */
import {
  constants,
  createCipheriv,
  createDecipheriv,
  createHash,
  createSecretKey,
  publicEncrypt,
  timingSafeEqual,
} from 'node:crypto'
import { RightsError } from '../errors/rights-error.ts'
import type { KeyHandle } from './key-handle.ts'
import { writeContentKey } from './key-header.ts'
import type { CryptographicMode } from './modes.ts'
import type { PublicKey } from './public-key.ts'
import { enablingBitsFill, oaepHash } from './unconfirmed.ts'

const headerBytes = 16
const sessionKeyBytes = 16

export interface SealInput {
  readonly mode: CryptographicMode
  readonly recipient: PublicKey
  readonly payload: Uint8Array
  /** The bytes of the element that the seal is bound to. */
  readonly hashInput: Uint8Array
  readonly random: (bytes: number) => Uint8Array
}

/** Seals a payload to the recipient. The result has keyBytes + pad16(16 + payload + hash) bytes. */
export function sealEnablingBits(input: SealInput): Uint8Array {
  const { mode } = input
  const sessionKey = input.random(sessionKeyBytes)
  const hash = createHash(mode.hash).update(input.hashInput).digest()
  const length = headerBytes + input.payload.length + hash.length
  const plain = Buffer.alloc(Math.ceil(length / 16) * 16, enablingBitsFill)
  plain.writeUInt32LE(mode.sealedVersion, 0)
  plain.writeUInt32LE(input.payload.length + hash.length, 4)
  plain.writeUInt32LE(0, 8)
  plain.writeUInt32LE(0, 12)
  plain.set(input.payload, headerBytes)
  plain.set(hash, headerBytes + input.payload.length)
  const cipher = createCipheriv('aes-128-ecb', createSecretKey(sessionKey), null).setAutoPadding(false)
  const sealed = Buffer.concat([
    encryptSessionKey(input.recipient, mode, writeContentKey('ecb', sessionKey).payload),
    cipher.update(plain),
    cipher.final(),
  ])
  plain.fill(0)
  return sealed
}

function encryptSessionKey(recipient: PublicKey, mode: CryptographicMode, payload: Uint8Array): Buffer {
  return mode.padding === 'pkcs1'
    ? publicEncrypt({ key: recipient.keyObject, padding: constants.RSA_PKCS1_PADDING }, payload)
    : publicEncrypt({ key: recipient.keyObject, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, payload)
}

export interface UnsealedBits {
  readonly payload: Uint8Array
  /** The hash found inside, to be compared with the element around the seal. */
  readonly hash: Uint8Array
  readonly mode: CryptographicMode
}

/**
 * Opens enabling bits with the recipient's private key. Everything that can be wrong inside gives the same error after
 * the same work; a wrong session key simply decrypts to a header that does not fit (threats C1, C3).
 * @throws RightsError `sealed-data-invalid`
 */
export async function unsealEnablingBits(input: {
  readonly key: KeyHandle
  /** The `type` of the ENABLINGBITS element says the mode: a Mode 1 seal may be made to a 2048-bit machine key. */
  readonly mode: CryptographicMode
  readonly sealed: Uint8Array
}): Promise<UnsealedBits> {
  const { mode } = input
  const blockBytes = input.key.publicKey.bits / 8
  const body = input.sealed.subarray(blockBytes)
  if (body.length < headerBytes + mode.hashBytes || body.length % 16 !== 0) throw new RightsError('sealed-data-invalid')
  const session = await input.key.decrypt(mode.padding, input.sealed.subarray(0, blockBytes))
  const sessionKey = sessionKeyOf(session)
  const decipher = createDecipheriv(`aes-${sessionKey.length * 8}-ecb`, createSecretKey(sessionKey), null)
  decipher.setAutoPadding(false)
  const plain = Buffer.concat([decipher.update(body), decipher.final()])
  const size = plain.readUInt32LE(4)
  const fits =
    plain.readUInt32LE(0) === mode.sealedVersion && size > mode.hashBytes && size <= plain.length - headerBytes
  if (!fits) throw new RightsError('sealed-data-invalid')
  const content = plain.subarray(headerBytes, headerBytes + size)
  const payloadBytes = size - mode.hashBytes
  return { payload: content.subarray(0, payloadBytes), hash: content.subarray(payloadBytes), mode }
}

/** The last 16 or 32 bytes by the header's own size; of a malformed block the same number of bytes, so the work is equal. */
function sessionKeyOf(block: Uint8Array): Uint8Array {
  const bytes = block.length >= 44 && block[0] === 44 ? 32 : sessionKeyBytes
  const key = Buffer.alloc(bytes)
  key.set(block.subarray(12, 12 + bytes))
  return key
}

/** Whether the hash inside the seal is that of the element around it. */
export function sealIsBoundTo(bits: UnsealedBits, hashInput: Uint8Array): boolean {
  return timingSafeEqual(bits.hash, createHash(bits.mode.hash).update(hashInput).digest())
}
