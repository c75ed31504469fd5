/**
 * Looks into the seal of one genuine publishing licence with the key it was made for, and says which readings of the
 * sealing formats fit (crypto/unconfirmed.ts). It takes the private key itself: trying other paddings than the confirmed
 * one is not for key handles, behind which a server decrypts for strangers. Its result holds no key material.
 */
import { constants, createDecipheriv, createHash, privateDecrypt, type KeyObject } from 'node:crypto'
import { keyHeaderFields, type KeyHeaderFields } from '../crypto/key-header.ts'
import type { HashName, SealedKeyType } from '../crypto/modes.ts'
import { enablingBitsHashCandidates, hashInputOf, type EnablingBitsHashInput } from '../crypto/unconfirmed.ts'
import { RightsError } from '../errors/rights-error.ts'
import type { PublishingLicense } from './publishing-license.ts'

export type SealTransport = 'pkcs1' | 'oaep-sha1' | 'oaep-sha256'

export interface SealDiagnosis {
  readonly sealType: SealedKeyType
  readonly sealedBits: number
  /** How the session key was encrypted to the server's key. */
  readonly transport: SealTransport
  /** Absent if the session key stands without a header. */
  readonly sessionKeyHeader: KeyHeaderFields | undefined
  /** `dwVersion`, `dwcbSize` and the two reserved numbers. */
  readonly sealHeader: { readonly version: number; readonly size: number; readonly reserved: readonly number[] }
  readonly contentKeyHeader: KeyHeaderFields
  readonly hashBytes: number
  /** The readings of the hash input under which the hash fits; empty if none does. */
  readonly hashMatches: readonly { readonly hash: HashName; readonly input: EnablingBitsHashInput }[]
  /** What follows `dwcbSize` bytes up to the end of the last block, in hexadecimal. */
  readonly sealFill: string
  /** Whether the content key gives a policy text, and what follows that text, in hexadecimal. */
  readonly rightsData: { readonly opens: boolean; readonly fill: string }
}

const transports: readonly SealTransport[] = ['pkcs1', 'oaep-sha1', 'oaep-sha256']
const sealHeaderBytes = 16
const keyHeaderBytes = 12

/**
 * @param input.privateKey the key of the publishing domain that the licence was made for
 * @throws RightsError `sealed-data-invalid` when no reading gives a seal
 */
export function diagnoseSeal(input: {
  readonly license: PublishingLicense
  readonly privateKey: KeyObject
}): SealDiagnosis {
  const { license, privateKey } = input
  const { mode, sealed } = license.enablingBits
  const blockBytes = license.server.publicKey.bits / 8
  for (const transport of transports) {
    const block = decryptBlock(privateKey, transport, sealed.subarray(0, blockBytes))
    const session = block === undefined ? undefined : sessionOf(block)
    const plain = session === undefined ? undefined : decryptEcb(sealed.subarray(blockBytes), session.key)
    const content = plain === undefined ? undefined : contentOf(plain)
    if (session === undefined || content === undefined) continue
    const { header, payload, hash, ...seal } = content
    return {
      sealType: mode.sealedKeyType,
      sealedBits: sealed.length * 8,
      transport,
      sessionKeyHeader: session.header,
      ...seal,
      contentKeyHeader: header,
      hashBytes: hash.length,
      hashMatches: hashMatches(hash, license.issuedPrincipals),
      rightsData: rightsDataOf(license.rightsData, payload.subarray(keyHeaderBytes)),
    }
  }
  throw new RightsError('sealed-data-invalid')
}

function decryptBlock(key: KeyObject, transport: SealTransport, block: Uint8Array): Buffer | undefined {
  try {
    if (transport === 'pkcs1') return privateDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, block)
    const oaepHash = transport.slice('oaep-'.length)
    return privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, block)
  } catch {
    return undefined
  }
}

/** The session key, behind a header or bare. */
function sessionOf(block: Buffer): { readonly key: Buffer; readonly header: KeyHeaderFields | undefined } | undefined {
  const header = keyHeaderFields(block)
  const headed = header !== undefined && header.blobSize === block.length
  const key = headed ? block.subarray(keyHeaderBytes) : block
  return key.length === 16 || key.length === 32 ? { key, header: headed ? header : undefined } : undefined
}

function decryptEcb(data: Uint8Array, key: Uint8Array): Buffer | undefined {
  if (data.length === 0 || data.length % 16 !== 0) return undefined
  const decipher = createDecipheriv(`aes-${key.length * 8}-ecb`, key, null).setAutoPadding(false)
  return Buffer.concat([decipher.update(data), decipher.final()])
}

/** What lies under the session key, if it is plausible: a payload with a key header, and a hash. */
function contentOf(plain: Buffer) {
  if (plain.length < sealHeaderBytes) return undefined
  const [version = 0, size = 0, ...reserved] = [0, 4, 8, 12].map((offset) => plain.readUInt32LE(offset))
  const end = sealHeaderBytes + size
  if (end > plain.length) return undefined
  const content = plain.subarray(sealHeaderBytes, end)
  const header = keyHeaderFields(content)
  if (header === undefined || ![28, 36, 44].includes(header.blobSize) || header.blobSize > size) return undefined
  return {
    header,
    payload: content.subarray(0, header.blobSize),
    hash: content.subarray(header.blobSize),
    sealHeader: { version, size, reserved },
    sealFill: plain.toString('hex', end),
  }
}

function hashMatches(hash: Buffer, element: string): SealDiagnosis['hashMatches'] {
  return (['sha1', 'sha256'] as const).flatMap((name) =>
    enablingBitsHashCandidates
      .filter((candidate) => createHash(name).update(hashInputOf(element, candidate)).digest().equals(hash))
      .map((input) => ({ hash: name, input })),
  )
}

function rightsDataOf(data: Uint8Array, key: Uint8Array): SealDiagnosis['rightsData'] {
  const plain = decryptEcb(data, key)
  const text = plain?.toString('utf16le') ?? ''
  if (plain === undefined || !text.startsWith('<XrML')) return { opens: false, fill: '' }
  return { opens: true, fill: plain.toString('hex', (text.lastIndexOf('>') + 1) * 2) }
}
