/**
 * For tests: a client that publishes offline, written from the description of the protocol and with nothing of ours. It
 * takes certificates apart by searching their text, as the genuine one does.
 */
import { createCipheriv, createPrivateKey, createPublicKey, constants, publicEncrypt, randomBytes } from 'node:crypto'
import { randomUUID, sign, type KeyObject } from 'node:crypto'

export interface PreviewCertificate {
  readonly address: string
  readonly issuedAt: string
  readonly validUntil: string
  readonly privateKey: KeyObject
  /** The public half as it stands. */
  readonly names: { readonly pld: string; readonly sig: object }
}

/** @param text the `SerializedThinCLC` */
export function readPreviewCertificate(text: string): PreviewCertificate {
  const bare = text.replaceAll('\\', '')
  const names = section(bare, '"pub":')
  const secrets = section(bare, '"pri":')
  const account = section(names, '"issto":')
  const whole = JSON.parse(text) as { readonly pld: string }
  const { pub } = JSON.parse(whole.pld) as { readonly pub: PreviewCertificate['names'] }
  return {
    address: value(account, 'em'),
    issuedAt: value(secrets, 'issd'),
    validUntil: value(secrets, 'exp'),
    privateKey: privateKeyFrom(value(account, 'n'), value(account, 'e'), value(secrets, 'd')),
    names: pub,
  }
}

/** From a name to the brace that closes what follows it. */
function section(text: string, name: string): string {
  const start = text.indexOf('{', text.indexOf(name))
  let depth = 0
  for (let at = start; at < text.length; at++) {
    if (text[at] === '{') depth++
    if (text[at] === '}' && --depth === 0) return text.slice(start, at + 1)
  }
  throw new Error(`no ${name}`)
}

function value(text: string, name: string): string {
  const start = text.indexOf(`"${name}":"`) + name.length + 4
  return text.slice(start, text.indexOf('"', start))
}

const littleEndian = (base64: string): bigint => BigInt(`0x${Buffer.from(base64, 'base64').reverse().toString('hex')}`)

/** The primes again, from modulus and both exponents: a square root of 1 that is not -1 splits the modulus. */
function privateKeyFrom(modulus: string, exponent: string, privateExponent: string): KeyObject {
  const [n, e, d] = [littleEndian(modulus), BigInt(exponent), littleEndian(privateExponent)]
  let odd = e * d - 1n
  while (odd % 2n === 0n) odd /= 2n
  for (let base = 2n; ; base++) {
    let root = power(base, odd, n)
    let square = (root * root) % n
    while (root !== 1n && square !== 1n) [root, square] = [square, (square * square) % n]
    if (root === 1n || root === n - 1n) continue
    const p = greatestDivisor(root - 1n, n)
    const q = n / p
    const [dp, dq, qi] = [d % (p - 1n), d % (q - 1n), power(q, p - 2n, p)]
    const numbers = Object.entries({ n, e, d, p, q, dp, dq, qi })
    const members = Object.fromEntries(numbers.map(([name, number]) => [name, base64url(number)]))
    return createPrivateKey({ key: { kty: 'RSA', ...members }, format: 'jwk' })
  }
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n
  for (let square = base % modulus, rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus
    square = (square * square) % modulus
  }
  return result
}

function greatestDivisor(a: bigint, b: bigint): bigint {
  return a === 0n ? b : greatestDivisor(b % a, a)
}

function base64url(number: bigint): string {
  const digits = number.toString(16)
  return Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex').toString('base64url')
}

export interface PreviewLicenseInput {
  readonly policy: object
  readonly contentKey: Uint8Array
  readonly signedApplicationData?: object
  /** As the genuine client leaves its buffers, or with correct padding. */
  readonly padding?: 'rubbish' | 'correct'
  readonly mode?: 'CBC4k' | 'ECB'
  /** Members of the licence that shall be others. */
  readonly changes?: object
}

/** The licence as plain JSON text. */
export function writePreviewLicense(certificate: PreviewCertificate, input: PreviewLicenseInput): string {
  const { padding = 'rubbish', mode = 'CBC4k' } = input
  const session = randomBytes(16)
  const encrypt = (text: Uint8Array): string => encryptBuffer(session, text, mode, padding).toString('base64')
  const content = { alg: 'AES', cm: 'CBC4k', k: encrypt(input.contentKey) }
  const key = { key: createPublicKey(certificate.privateKey), padding: constants.RSA_PKCS1_PADDING }
  const license = {
    id: `{${randomUUID()}}`,
    o: 'Alice',
    cre: certificate.names,
    cid: certificate.address,
    lcd: certificate.issuedAt,
    exp: certificate.validUntil,
    ...(input.signedApplicationData === undefined ? {} : { sad: input.signedApplicationData }),
    sk: {
      alg: 'AES',
      cm: mode,
      sk: publicEncrypt(key, session).toString('base64'),
      eck: Buffer.from(JSON.stringify(content)).toString('base64'),
    },
    enp: encrypt(Buffer.from(JSON.stringify(input.policy))),
    ...input.changes,
  }
  const payload = JSON.stringify({ hdr: { ver: '1.0.0.0' }, lic: license })
  const signature = sign('sha1', Buffer.from(payload), certificate.privateKey)
  return JSON.stringify({ pld: payload, sig: { alg: 'SHA1', penc: 'utf-8', dig: signature.toString('base64') } })
}

function encryptBuffer(
  key: Uint8Array,
  text: Uint8Array,
  mode: 'CBC4k' | 'ECB',
  padding: 'rubbish' | 'correct',
): Buffer {
  const size = Math.ceil((text.length + 1) / 256) * 256
  const filled = padding === 'rubbish' ? Buffer.concat([text, randomBytes(size - text.length)]) : padded(text)
  if (mode === 'ECB') return block(key, filled)
  const parts: Buffer[] = []
  for (let at = 0; at < filled.length; at += 4096) {
    const number = Buffer.alloc(16)
    number.writeUInt32LE(at / 4096)
    const chunk = filled.subarray(at, at + 4096)
    const cipher = createCipheriv('aes-128-cbc', key, block(key, number)).setAutoPadding(false)
    parts.push(cipher.update(chunk))
    if (padding === 'rubbish' && chunk.length === 4096) parts.push(randomBytes(316))
  }
  return Buffer.concat(parts)
}

function padded(text: Uint8Array): Buffer {
  const count = 16 - (text.length % 16)
  return Buffer.concat([text, Buffer.alloc(count, count)])
}

function block(key: Uint8Array, bytes: Uint8Array): Buffer {
  return createCipheriv('aes-128-ecb', key, null).setAutoPadding(false).update(bytes)
}
