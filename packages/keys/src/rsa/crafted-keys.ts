/** For tests: RSA keys with one flaw each, whose numbers nevertheless belong together (threat C10). */
import { checkPrimeSync, createPrivateKey, generatePrimeSync, randomBytes, type KeyObject } from 'node:crypto'

const publicExponent = 65537n
const halfBits = 512

/** The product of the primes up to 167, which the broken generator builds its primes from (CVE-2017-15361). */
const rocaModulus = Array.from({ length: 166 }, (_, index) => index + 2)
  .filter((candidate) => checkPrimeSync(BigInt(candidate)))
  .reduce((product, prime) => product * BigInt(prime), 1n)

export function keyWithCompositeFactor(): KeyObject {
  return craft(
    () => largePrime(halfBits),
    () => largePrime(halfBits / 2) * largePrime(halfBits / 2),
  )
}

export function keyWithClosePrimes(): KeyObject {
  return craft(
    () => largePrime(halfBits),
    (p) => nextPrime(p + 2n),
  )
}

export function keyWithRocaFingerprint(): KeyObject {
  return craft(rocaPrime, rocaPrime)
}

export function keyWithUnequalPrimes(): KeyObject {
  return craft(
    () => largePrime(halfBits - 112),
    () => largePrime(halfBits + 112),
  )
}

/** Two keys that are sound alone. */
export function keysWithSharedPrime(): readonly [KeyObject, KeyObject] {
  const shared = largePrimeForExponent()
  return [craft(() => shared, largePrimeForExponent), craft(() => shared, largePrimeForExponent)]
}

/** Numbers that do not belong together: the factors of another key. */
export function keyWithForeignFactors(own: KeyObject, foreign: KeyObject): KeyObject {
  const { p, q, dp, dq, qi } = foreign.export({ format: 'jwk' })
  const factors = { p: p ?? '', q: q ?? '', dp: dp ?? '', dq: dq ?? '', qi: qi ?? '' }
  return createPrivateKey({ key: { ...own.export({ format: 'jwk' }), ...factors }, format: 'jwk' })
}

/** Draws factors until they make a key of exactly 1024 bits for exponent 65537. */
function craft(first: () => bigint, second: (first: bigint) => bigint): KeyObject {
  for (;;) {
    const p = first()
    const q = second(p)
    const usable = p !== q && (p - 1n) % publicExponent !== 0n && (q - 1n) % publicExponent !== 0n
    if (usable && (p * q) >> BigInt(2 * halfBits - 1) === 1n) return keyFromFactors(p, q)
  }
}

function keyFromFactors(p: bigint, q: bigint): KeyObject {
  const d = inverse(publicExponent, (p - 1n) * (q - 1n))
  const jwk = {
    kty: 'RSA',
    n: base64url(p * q),
    e: base64url(publicExponent),
    d: base64url(d),
    p: base64url(p),
    q: base64url(q),
    dp: base64url(d % (p - 1n)),
    dq: base64url(d % (q - 1n)),
    qi: base64url(inverse(q, p)),
  }
  return createPrivateKey({ key: jwk, format: 'jwk' })
}

/** With both top bits set, so that a product has full length. */
function largePrime(bits: number): bigint {
  for (;;) {
    const prime = generatePrimeSync(bits, { bigint: true })
    if (prime >> BigInt(bits - 2) === 3n) return prime
  }
}

function largePrimeForExponent(): bigint {
  for (;;) {
    const prime = largePrime(halfBits)
    if ((prime - 1n) % publicExponent !== 0n) return prime
  }
}

function rocaPrime(): bigint {
  const leastFactor = (3n << BigInt(halfBits - 2)) / rocaModulus + 1n
  for (;;) {
    const factor = leastFactor + BigInt(`0x${randomBytes(24).toString('hex')}`)
    const exponent = BigInt(randomBytes(4).readUInt32BE())
    const candidate = factor * rocaModulus + power(publicExponent, exponent, rocaModulus)
    if (checkPrimeSync(candidate)) return candidate
  }
}

function nextPrime(from: bigint): bigint {
  let candidate = from
  while (!checkPrimeSync(candidate)) candidate += 2n
  return candidate
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n
  let square = base % modulus
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus
    square = (square * square) % modulus
  }
  return result
}

function inverse(value: bigint, modulus: bigint): bigint {
  let [oldRest, rest] = [value, modulus]
  let [oldFactor, factor] = [1n, 0n]
  while (rest !== 0n) {
    const quotient = oldRest / rest
    ;[oldRest, rest] = [rest, oldRest - quotient * rest]
    ;[oldFactor, factor] = [factor, oldFactor - quotient * factor]
  }
  return ((oldFactor % modulus) + modulus) % modulus
}

function base64url(value: bigint): string {
  const hex = value.toString(16)
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex').toString('base64url')
}
