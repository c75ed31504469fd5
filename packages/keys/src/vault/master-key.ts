/**
 * The master key that seals every secret of the vault: 32 bytes from a file, or from a passphrase by scrypt (RFC 7914).
 * It is held as a KeyObject, which no log or error prints by accident.
 */
import { createSecretKey, scrypt, type KeyObject } from 'node:crypto'
import { RightsError } from '@sealward/xrml'

export interface MasterKey {
  readonly secret: KeyObject
}

const masterKeyBytes = 32

function masterKeyFromBytes(bytes: Uint8Array): MasterKey {
  if (bytes.length !== masterKeyBytes) throw refused('not 32 bytes')
  if (bytes.every((byte) => byte === bytes[0])) throw refused('not random')
  return { secret: createSecretKey(bytes) }
}

/**
 * Reads a master key file: 32 bytes as they are, or as 64 hexadecimal digits or base64, with or without a line end.
 * @throws RightsError `master-key-refused`, also for 32 bytes that somebody typed
 */
export function masterKeyFromFile(file: Uint8Array): MasterKey {
  if (file.length === masterKeyBytes) {
    if (file.every(isPrintable)) throw refused('32 typed characters are not 32 random bytes')
    return masterKeyFromBytes(file)
  }
  if (file.length > 2 * masterKeyBytes + 2) throw refused('the file is too long')
  const text = Buffer.from(file)
    .toString('latin1')
    .replace(/\r?\n$/, '')
  if (/^[0-9A-Fa-f]{64}$/.test(text)) return masterKeyFromEncoded(Buffer.from(text, 'hex'))
  if (/^[A-Za-z0-9+/]{43}=$/.test(text)) return masterKeyFromEncoded(Buffer.from(text, 'base64'))
  throw refused('neither 32 bytes nor their hexadecimal or base64 form')
}

function masterKeyFromEncoded(bytes: Buffer): MasterKey {
  try {
    return masterKeyFromBytes(bytes)
  } finally {
    bytes.fill(0)
  }
}

/** 0x20 to 0x7e. */
function isPrintable(byte: number): boolean {
  return byte >= 0x20 && byte <= 0x7e
}

/** The content of a new master key file: one line of hexadecimal digits. */
export function newMasterKeyFile(random: (bytes: number) => Uint8Array): Uint8Array {
  return Buffer.from(`${Buffer.from(random(masterKeyBytes)).toString('hex')}\n`, 'latin1')
}

/** Stored beside the sealed records; not secret. */
export interface ScryptParameters {
  /** CPU and memory cost N, a power of two. */
  readonly cost: number
  readonly blockSize: number
  readonly parallelization: number
  readonly salt: Uint8Array
}

const saltBytes = 16
const passphraseCharactersLeast = 12
/** Stored parameters may have been changed: below these bounds guessing is cheap, above them start-up is an attack. */
const costBounds = { least: 2 ** 15, most: 2 ** 20 } as const
const parallelizationMost = 4
const blockSize = 8

/** 128 MiB and about half a second for each guess. */
export function newScryptParameters(random: (bytes: number) => Uint8Array): ScryptParameters {
  return { cost: 2 ** 17, blockSize, parallelization: 1, salt: random(saltBytes) }
}

/** @throws RightsError `master-key-refused` for a passphrase below 12 characters or parameters out of bounds */
export async function masterKeyFromPassphrase(passphrase: string, parameters: ScryptParameters): Promise<MasterKey> {
  const { cost, parallelization, salt } = parameters
  // The same passphrase must give the same key whichever keyboard composed its accents.
  const normalized = passphrase.normalize('NFC')
  if (Array.from(normalized).length < passphraseCharactersLeast) throw refused('the passphrase is too short')
  const fits =
    Number.isInteger(Math.log2(cost)) &&
    cost >= costBounds.least &&
    cost <= costBounds.most &&
    parameters.blockSize === blockSize &&
    Number.isInteger(parallelization) &&
    parallelization >= 1 &&
    parallelization <= parallelizationMost &&
    salt.length >= saltBytes &&
    salt.length <= 64
  if (!fits) throw refused('the stored scrypt parameters are out of bounds')
  const options = { N: cost, r: blockSize, p: parallelization, maxmem: 256 * cost * blockSize }
  const derived = await new Promise<Buffer>((resolve, reject) => {
    scrypt(normalized, salt, masterKeyBytes, options, (error, key) => (error === null ? resolve(key) : reject(error)))
  })
  return masterKeyFromEncoded(derived)
}

function refused(detail: string): RightsError {
  return new RightsError('master-key-refused', { detail })
}
