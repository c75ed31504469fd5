/**
 * Recognises moduli of the vulnerable Infineon library (CVE-2017-15361). Its primes are k*M + (65537^a mod M), where M is
 * a product of the first primes, at least of those up to 167 at every size from 512 bits. Modulo each of these primes the
 * modulus is therefore a power of 65537; an innocent modulus is that for all of them less than once in 10^8.
 */

const generator = 65537
const greatestPrime = 167

/** For each odd prime up to 167 the powers of 65537 modulo it. */
const powersByPrime: ReadonlyMap<number, ReadonlySet<number>> = new Map(
  oddPrimes(greatestPrime).map((prime) => [prime, powersModulo(prime)]),
)

export function hasRocaFingerprint(modulus: bigint): boolean {
  for (const [prime, powers] of powersByPrime) {
    if (!powers.has(Number(modulus % BigInt(prime)))) return false
  }
  return true
}

function powersModulo(prime: number): ReadonlySet<number> {
  const powers = new Set<number>()
  for (let power = 1; !powers.has(power); power = (power * generator) % prime) powers.add(power)
  return powers
}

function oddPrimes(most: number): readonly number[] {
  const primes: number[] = []
  for (let candidate = 3; candidate <= most; candidate += 2) {
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate)
  }
  return primes
}
