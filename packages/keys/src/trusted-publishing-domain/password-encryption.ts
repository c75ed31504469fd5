/**
 * How a trusted publishing domain file hides its two fields behind a password: AES-128-CBC with a fixed initialisation
 * vector, no salt and no MAC. The form is weak against guessing and proves nothing about integrity; it exists because
 * AD RMS reads and writes it. Sealward's own records use `sealed-record.ts`.
 */
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'

/** A: SHA-256 of the password in UTF-16LE (current exports). B: PBKDF1 with SHA-1, 100 rounds, no salt (older exports). */
export type TpdDerivation = 'A' | 'B'

export const tpdDerivations: readonly TpdDerivation[] = ['A', 'B']

const algorithm = 'aes-128-cbc'
const keyBytes = 16
const blockBytes = 16
const initialisationVector = Buffer.from('0102030405060708090a0b0c0d0e0f10', 'hex')
const pbkdf1Rounds = 100

export function deriveTpdKey(password: string, derivation: TpdDerivation): Uint8Array {
  return (derivation === 'A' ? digestOfPassword(password) : pbkdf1(password)).subarray(0, keyBytes)
}

function digestOfPassword(password: string): Uint8Array {
  return createHash('sha256').update(Buffer.from(password, 'utf16le')).digest()
}

/** `PasswordDeriveBytes` of .NET with its defaults (RFC 8018 section 5.1, but with an empty salt). */
function pbkdf1(password: string): Uint8Array {
  let digest = Buffer.from(password, 'utf8')
  for (let round = 0; round < pbkdf1Rounds; round++) digest = createHash('sha1').update(digest).digest()
  return digest
}

export function encryptTpdField(plain: Uint8Array, password: string, derivation: TpdDerivation): Uint8Array {
  const cipher = createCipheriv(algorithm, deriveTpdKey(password, derivation), initialisationVector)
  return Buffer.concat([cipher.update(plain), cipher.final()])
}

/** `undefined` if the padding does not fit. A wrong password fits in one case of 256: the caller must check the content. */
export function decryptTpdField(
  ciphertext: Uint8Array,
  password: string,
  derivation: TpdDerivation,
): Uint8Array | undefined {
  if (ciphertext.length === 0 || ciphertext.length % blockBytes !== 0) return undefined
  const decipher = createDecipheriv(algorithm, deriveTpdKey(password, derivation), initialisationVector)
  const head = decipher.update(ciphertext)
  try {
    const tail = decipher.final()
    const plain = Buffer.concat([head, tail])
    tail.fill(0)
    return plain
  } catch {
    return undefined
  } finally {
    head.fill(0)
  }
}
