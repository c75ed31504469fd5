/**
 * How a secret is stored: AES-256-GCM (NIST SP 800-38D) under a key for its purpose, bound to the place where it belongs,
 * so that a record moved to another row, tenant or version does not open (threat C12).
 *
 *   version (1) | nonce (12) | ciphertext | tag (16)
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { RightsError } from '@sealward/xrml'
import type { MasterKey } from './master-key.ts'

/** Where a record belongs. All of it is authenticated, none of it is stored inside the record. */
export interface SealContext {
  readonly tenant: string
  readonly table: string
  readonly id: string
  readonly purpose: string
  /** Of the row: a whole number from 0, raised whenever the secret is replaced. */
  readonly version: number
}

const formatVersion = 1
const algorithm = 'aes-256-gcm'
const nonceBytes = 12
const tagBytes = 16
const keyBytes = 32
const headBytes = 1 + nonceBytes

export function sealSecret(masterKey: MasterKey, context: SealContext, secret: Uint8Array): Uint8Array {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv(algorithm, keyFor(masterKey, context.purpose), nonce, { authTagLength: tagBytes })
  cipher.setAAD(associatedData(context))
  const ciphertext = Buffer.concat([cipher.update(secret), cipher.final()])
  return Buffer.concat([Uint8Array.of(formatVersion), nonce, ciphertext, cipher.getAuthTag()])
}

/**
 * @returns the secret; the caller wipes it
 * @throws RightsError `sealed-record-invalid`, whatever the reason
 */
export function openSecret(masterKey: MasterKey, context: SealContext, sealed: Uint8Array): Buffer {
  // The version comes from a row that may have been changed.
  const readable = sealed.length >= headBytes + tagBytes && sealed[0] === formatVersion
  if (!readable || !isVersion(context.version)) throw new RightsError('sealed-record-invalid')
  const nonce = sealed.subarray(1, headBytes)
  const tagStart = sealed.length - tagBytes
  const decipher = createDecipheriv(algorithm, keyFor(masterKey, context.purpose), nonce, { authTagLength: tagBytes })
  decipher.setAAD(associatedData(context))
  decipher.setAuthTag(sealed.subarray(tagStart))
  const secret = decipher.update(sealed.subarray(headBytes, tagStart))
  try {
    decipher.final()
    return secret
  } catch {
    secret.fill(0)
    throw new RightsError('sealed-record-invalid')
  }
}

function isVersion(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}

/** HKDF (RFC 5869): a record of one purpose is noise under the key of another. */
function keyFor(masterKey: MasterKey, purpose: string): Uint8Array {
  return new Uint8Array(
    hkdfSync('sha256', masterKey.secret, new Uint8Array(0), `sealward/sealed-record/1/${purpose}`, keyBytes),
  )
}

/** Unambiguous: each text behind its length in bytes, then the version; no two contexts have the same encoding. */
function associatedData(context: SealContext): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.of(formatVersion)]
  for (const text of [context.tenant, context.table, context.id, context.purpose]) {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(Buffer.byteLength(text, 'utf8'))
    parts.push(length, Buffer.from(text, 'utf8'))
  }
  const version = Buffer.alloc(8)
  version.writeBigUInt64BE(BigInt(context.version))
  parts.push(version)
  return Buffer.concat(parts)
}
