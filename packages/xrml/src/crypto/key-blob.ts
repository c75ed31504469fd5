/**
 * CryptoAPI PRIVATEKEYBLOB: how certificates and trusted publishing domains carry RSA private keys. All integers are
 * little-endian and zero-padded; in enabling bits the blob stands without a KeyHeader.
 */
import { createPrivateKey, type KeyObject } from 'node:crypto'
import { RightsError } from '../errors/rights-error.ts'
import { reversed } from './public-key.ts'

const headerBytes = 20
const privateBlobType = 7
const blobVersion = 2
const keyExchange = 0xa400
const signature = 0x2400
const magic = 0x32415352 // "RSA2"

/** The parts of the blob in order, as fractions of the modulus size, named by their JWK members. */
const parts = [
  ['n', 1],
  ['p', 2],
  ['q', 2],
  ['dp', 2],
  ['dq', 2],
  ['qi', 2],
  ['d', 1],
] as const

/** 596 bytes for 1024 bits, 1172 for 2048. */
export function privateKeyBlobSize(bits: number): number {
  return headerBytes + (9 * bits) / 16
}

/** @param algorithm the key specification written into the blob; certificates carry signature keys. */
export function writePrivateKeyBlob(key: KeyObject, algorithm: 'signature' | 'exchange' = 'signature'): Uint8Array {
  const jwk = key.export({ format: 'jwk' })
  const modulus = Buffer.from(jwk.n ?? '', 'base64url')
  const blob = Buffer.alloc(privateKeyBlobSize(modulus.length * 8))
  blob.writeUInt8(privateBlobType, 0)
  blob.writeUInt8(blobVersion, 1)
  blob.writeUInt32LE(algorithm === 'signature' ? signature : keyExchange, 4)
  blob.writeUInt32LE(magic, 8)
  blob.writeUInt32LE(modulus.length * 8, 12)
  blob.writeUInt32LE(65537, 16)
  let offset = headerBytes
  for (const [name, divisor] of parts) {
    blob.set(reversed(Buffer.from(jwk[name] ?? '', 'base64url')), offset)
    offset += modulus.length / divisor
  }
  return blob
}

/**
 * Reads a blob and checks that its numbers belong together before the key is used.
 * @throws RightsError `key-blob-invalid`
 */
export function readPrivateKeyBlob(bytes: Uint8Array): KeyObject {
  const blob = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (blob.length < headerBytes) throw new RightsError('key-blob-invalid', { detail: 'too short' })
  const algorithm = blob.readUInt32LE(4)
  const bits = blob.readUInt32LE(12)
  const headerFits =
    blob[0] === privateBlobType &&
    blob[1] === blobVersion &&
    blob.readUInt16LE(2) === 0 &&
    (algorithm === keyExchange || algorithm === signature) &&
    blob.readUInt32LE(8) === magic
  if (!headerFits) throw new RightsError('key-blob-invalid', { detail: 'not a private key blob' })
  if (bits < 1024 || bits > 4096 || bits % 256 !== 0 || blob.length < privateKeyBlobSize(bits)) {
    throw new RightsError('key-blob-invalid', { detail: 'key size and blob size disagree' })
  }
  if (blob.readUInt32LE(16) !== 65537) throw new RightsError('key-blob-invalid', { detail: 'exponent is not 65537' })
  const fields: Record<string, string> = {}
  const numbers: Record<string, bigint> = {}
  let offset = headerBytes
  for (const [name, divisor] of parts) {
    const length = bits / 8 / divisor
    const value = Buffer.from(reversed(blob.subarray(offset, offset + length)))
    fields[name] = value.toString('base64url')
    numbers[name] = BigInt(`0x${value.toString('hex')}`)
    offset += length
  }
  checkNumbers(numbers)
  try {
    return createPrivateKey({ key: { kty: 'RSA', e: 'AQAB', ...fields }, format: 'jwk' })
  } catch (cause) {
    throw new RightsError('key-blob-invalid', { cause })
  }
}

function checkNumbers(numbers: Readonly<Record<string, bigint>>): void {
  const { n = 0n, p = 0n, q = 0n, d = 0n, dp = 0n, dq = 0n, qi = 0n } = numbers
  const consistent =
    p > 1n &&
    q > 1n &&
    p !== q &&
    p * q === n &&
    d > 1n &&
    (d * 65537n) % (p - 1n) === 1n &&
    (d * 65537n) % (q - 1n) === 1n &&
    dp === d % (p - 1n) &&
    dq === d % (q - 1n) &&
    (qi * q) % p === 1n
  if (!consistent) throw new RightsError('key-blob-invalid', { detail: 'its numbers do not belong together' })
}
